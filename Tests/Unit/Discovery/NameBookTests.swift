import Kernel
import Testing

@testable import Discovery

@Suite final class NameBookTests {
    private static let second: Int64 = 1_000_000_000
    private var book = NameBook(pace: LookupPace(shortest: second, longest: 300 * second))

    private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

    private func found(_ hosts: String..., seconds: Int = 10) -> LookupOutcome {
        .found(hosts.compactMap { SocketAddress(host: $0, port: 0) }, seconds: seconds)
    }

    private func take(_ limit: Int, at seconds: Double) -> [String] { book.take(limit: limit, at: at(seconds)) }

    /// Whether the addresses changed.
    private func finish(_ name: String, _ outcome: LookupOutcome, at seconds: Double, chance: Double = 1) -> Bool {
        book.finish(name, outcome, at: at(seconds), chance: chance)
    }

    private func hosts(_ name: String) -> [String] { book.records[name]?.addresses.map(\.host) ?? [] }

    @Test func looksUpWhatIsWantedOnceAtATime() {
        book.want(["b", "a", "c"], at: at(0))
        #expect(take(2, at: 0) == ["a", "b"])
        #expect(take(2, at: 0) == ["c"])
        #expect(take(2, at: 100).isEmpty && book.nextDue == nil)
        _ = finish("b", found("10.0.0.1"), at: 1)
        #expect(book.nextDue == at(11))
        #expect(take(2, at: 10.9).isEmpty)
        #expect(take(2, at: 11) == ["b"])
        #expect(book.lookups == 4)
    }

    /// The time to live is used within its bounds, and never later than it ends.
    @Test(arguments: [(0, 1.0), (1, 1), (20, 20), (100_000, 300)])
    func comesBackAtTheTimeToLive(_ seconds: Int, _ used: Double) {
        for chance in [0, 0.5, 1] {
            let pace = book.pace.interval(seconds: seconds, chance: chance)
            #expect(Double(pace) <= used * 1e9 && Double(pace) >= max(1e9, used * 0.9e9))
        }
    }

    @Test func failuresKeepTheLastAddressesAndRestLonger() {
        book.want(["a"], at: at(0))
        #expect(finish("a", found("10.0.0.1"), at: 0))
        var now = 10.0
        for rest in [1.0, 2, 4, 8, 16, 30, 30] {
            _ = take(1, at: now)
            #expect(!finish("a", .failed(.unknownName), at: now, chance: 0.5))
            #expect(book.nextDue == at(now + rest))
            now += rest
        }
        #expect(hosts("a") == ["10.0.0.1"] && book.records["a"]?.isStale == true && book.failures == 7)
        let view = NameView(book, at: at(now))
        #expect(view.stale == 1 && view.oldestSeconds == Int(now))
        #expect(view.failing.map(\.reason) == ["no such name"] && view.failing[0].addresses == 1)
        #expect(finish("a", found("10.0.0.2"), at: now))
        #expect(hosts("a") == ["10.0.0.2"] && NameView(book, at: at(now)).failing.isEmpty)
        _ = finish("a", .failed(.timeout), at: now, chance: 0.5)
        #expect(book.nextDue == at(now + 1), "one failure after an answer is a first one")
    }

    @Test func anotherOrderIsNoChange() {
        book.want(["a"], at: at(0))
        #expect(finish("a", found("10.0.0.1", "10.0.0.2"), at: 0))
        #expect(!finish("a", found("10.0.0.2", "10.0.0.1"), at: 1))
        #expect(finish("a", found("10.0.0.2"), at: 2))
    }

    /// What serves when the next graph cannot be published still has its addresses.
    @Test func remembersTheNamesOfTheLastGraph() {
        book.want(["a"], at: at(0))
        _ = finish("a", found("10.0.0.1"), at: 0)
        book.want(["b"], at: at(1))
        #expect(hosts("a") == ["10.0.0.1"] && take(9, at: 1_000) == ["b"])
        book.want(["a"], at: at(2))
        #expect(hosts("a") == ["10.0.0.1"] && book.hasTried(["a"]))
        book.want(["c"], at: at(3))
        book.want(["d"], at: at(4))
        #expect(book.records["a"] == nil && !book.hasTried(["d"]))
        #expect(!finish("a", found("10.0.0.1"), at: 5), "a late answer to nobody")
    }

    @Test func otherServersAreAskedAtOnce() {
        book.want(["a", "b"], at: at(0))
        _ = take(9, at: 0)
        _ = finish("a", found("10.0.0.1", seconds: 300), at: 0)
        book.startOver(at: at(1))
        #expect(take(9, at: 1) == ["a", "b"])
        #expect(hosts("a") == ["10.0.0.1"])
    }
}
