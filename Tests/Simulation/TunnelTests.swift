import Kernel
import TestSupport
import Testing

/// Connections that change their protocol, over networks that cut, delay and break.
@Suite struct TunnelTests {
    @Test func carriesAllBytesBothWays() throws {
        try simulate { bed in
            for origin in bed.origins { origin.pause = Int64(bed.world.pick(0...2_000_000)) }
            let asked = (0..<3).map { bed.tunnel($0, bytes: 60_000) }
            let clients = asked.map { asked in
                bed.client([asked]) { $0.pause = Int64(bed.world.pick(0...2_000_000)) }
            }
            bed.run()
            // A client that has all it wants may be gone before its bytes have arrived.
            bed.settle()
            for (asked, client) in zip(asked, clients) { bed.expectWhole(asked, client) }
        }
    }

    @Test func changesTheProtocolAfterOrdinaryRequests() throws {
        try simulate { bed in
            let asked = bed.tunnel(9, bytes: 2_000)
            let client = bed.client(bed.requests(2, from: 0) + [asked])
            bed.run()
            bed.settle()
            if client.answers.count == 2 { bed.expectWhole(asked, client) }
        }
    }

    @Test func survivesSidesThatBreakOff() throws {
        try simulate { bed in
            for number in 0..<4 {
                let asked = bed.tunnel(number, bytes: 90_000)
                if bed.world.chance(50) {
                    for origin in bed.origins { origin.plans[number]?.breaksAfter = bed.world.pick(0...60_000) }
                    for origin in bed.origins { origin.plans[number]?.breaksWithReset = bed.world.chance(50) }
                }
                bed.client([asked]) { client in
                    if bed.world.chance(50) { client.abortsAfterReceived = bed.world.pick(1...60_000) }
                }
            }
            bed.run()
        }
    }

    @Test func endsSilentTunnels() throws {
        try simulate { bed in
            let asked = bed.tunnel(0, bytes: 100)
            for origin in bed.origins { origin.plans[0]?.isSilent = true }
            let start = bed.world.now
            bed.client([asked]) { $0.staysSilent = true }
            bed.run(seconds: 4_000)
            if bed.world.now - start < 3_600_000_000_000 { bed.report("the tunnel ended too soon") }
        }
    }
}

extension Bed {
    fileprivate func tunnel(_ id: Int, bytes: Int) -> Asked {
        var answer = Plan()
        answer.tunnel = sampleBody(id + 1_000, world.pick(0...bytes))
        answer.delay = Int64(world.pick(0...1_000_000))
        plan(id, answer)
        var asked = Asked(id: id)
        asked.tunnel = sampleBody(id, world.pick(0...bytes))
        return asked
    }

    fileprivate func expectWhole(_ asked: Asked, _ client: Client) {
        let arrived = origins.lazy.compactMap { $0.tunnelled[asked.id] }.first ?? []
        if arrived != asked.tunnel {
            report("an instance got \(arrived.count) of \(asked.tunnel?.count ?? 0) bytes, \(client.state)")
        }
        let said = origins[0].plans[asked.id]?.tunnel ?? []
        let got = client.tunnelled ?? []
        if got != said { report("a client got \(got.count) of \(said.count) bytes, \(client.state)") }
    }
}
