// Credentials that were judged before. Owned by one worker.

internal import Bytes
internal import Model

package struct TokenCache: ~Copyable {
    private struct Entry {
        var hash: UInt64
        /// Of the scheme's keys and rules: another epoch is another judgement.
        var epoch: UInt64
        var expires: Int64
        var used: UInt32
        /// The revocations that the caller was held against.
        var revocations: UInt64 = 0
        var token: [UInt8]
        /// Nil when the scheme did not know the credential, which another scheme did.
        var principal: Principal?
        var fault: AccessFault
    }

    package enum Finding {
        case known(place: Int)
        case refused(AccessFault)
    }

    /// Empty, or `ways` for each set.
    private var entries: [Entry?] = []
    private let seed: UInt64
    private let limit: Int
    private var clock: UInt32 = 0

    private static let ways = 4
    /// How long a refusal is remembered of a credential that another scheme knows.
    package static let refusalSeconds: Int64 = 10

    /// `seed` is random: who knows it could make credentials that push each other out.
    package init(seed: UInt64, limit: Int = 16_384) {
        self.seed = seed
        self.limit = limit
    }

    package var count: Int { entries.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

    /// Who has the place: good until the next `insert`.
    package func principal(at place: Int) -> Principal {
        guard let principal = entries[place]?.principal else { preconditionFailure("nobody has this place") }
        return principal
    }

    /// What was judged of the credential in this epoch of a scheme, as long as it holds.
    package mutating func find(_ token: RawSpan, epoch: UInt64, now: Int64) -> Finding? {
        guard !entries.isEmpty else { return nil }
        let hash = token.tableHash(seed: seed ^ epoch)
        let first = start(hash)
        for place in first..<first + TokenCache.ways {
            guard isHit(place, token, hash, epoch) else { continue }
            guard now < (entries[place]?.expires ?? 0) else {
                entries[place] = nil
                return nil
            }
            clock &+= 1
            entries[place]?.used = clock
            if let fault = refusal(place) { return .refused(fault) }
            return .known(place: place)
        }
        return nil
    }

    /// Whether the caller still counts: asked once for each version of the revocations. One that does not is forgotten.
    mutating func stands(_ place: Int, _ revocations: RevocationTable, of scheme: SchemeIndex, now: Int64) -> Bool {
        guard entries[place]?.revocations != revocations.version else { return true }
        guard !revocations.revokes(principal(at: place), of: scheme, now: now) else {
            entries[place] = nil
            return false
        }
        entries[place]?.revocations = revocations.version
        return true
    }

    /// Keeps a caller as long as its credential holds, and returns its place.
    mutating func insert(
        _ token: RawSpan, epoch: UInt64, _ principal: Principal, _ revocations: RevocationTable, now: Int64
    ) -> Int {
        let place = insert(token, epoch: epoch, principal, now: now)
        entries[place]?.revocations = revocations.version
        return place
    }

    /// The same for what has not been held against revocations.
    package mutating func insert(_ token: RawSpan, epoch: UInt64, _ principal: Principal, now: Int64) -> Int {
        let entry = Entry(
            hash: token.tableHash(seed: seed ^ epoch), epoch: epoch, expires: principal.expires, used: 0,
            token: token.array, principal: principal, fault: .noCredential)
        return insert(entry, now: now)
    }

    /// Keeps for a while that a scheme does not know a credential.
    package mutating func insert(_ token: RawSpan, epoch: UInt64, _ fault: AccessFault, now: Int64) {
        let entry = Entry(
            hash: token.tableHash(seed: seed ^ epoch), epoch: epoch, expires: now + TokenCache.refusalSeconds,
            used: 0, token: token.array, principal: nil, fault: fault)
        _ = insert(entry, now: now)
    }

    /// Keeps what was found out about a credential that is not kept itself.
    package mutating func insert(_ mark: CredentialMark, _ verdict: Result<Principal, AccessFault>, now: Int64) {
        switch verdict {
        case .success(let principal):
            _ = unsafe insert(mark.bytes.span.bytes, epoch: mark.epoch, principal, now: now)
        case .failure(let fault): unsafe insert(mark.bytes.span.bytes, epoch: mark.epoch, fault, now: now)
        }
    }

    private func start(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash % UInt64(entries.count / TokenCache.ways)) * TokenCache.ways
    }

    private func isHit(_ place: Int, _ token: RawSpan, _ hash: UInt64, _ epoch: UInt64) -> Bool {
        guard let entry = entries[place], entry.hash == hash, entry.epoch == epoch else { return false }
        return unsafe token.equals(entry.token.span.bytes)
    }

    private func refusal(_ place: Int) -> AccessFault? {
        guard let entry = entries[place], entry.principal == nil else { return nil }
        return entry.fault
    }

    private mutating func insert(_ entry: Entry, now: Int64) -> Int {
        if entries.isEmpty { entries = Array(repeating: nil, count: min(256, limit)) }
        if place(for: entry, now: now) == nil, entries.count < limit {
            // What is kept is judged again: rarer than the search for another place would be.
            entries = Array(repeating: nil, count: min(entries.count * 4, limit))
        }
        let place = place(for: entry, now: now) ?? oldest(start(entry.hash))
        clock &+= 1
        entries[place] = entry
        entries[place]?.used = clock
        return place
    }

    /// The entry's own place, or one that nobody needs.
    private func place(for entry: Entry, now: Int64) -> Int? {
        let first = start(entry.hash)
        let places = first..<first + TokenCache.ways
        return places.first { entries[$0]?.hash == entry.hash && entries[$0]?.epoch == entry.epoch }
            ?? places.first { (entries[$0]?.expires ?? 0) <= now }
    }

    private func oldest(_ first: Int) -> Int {
        // By age, so that a clock that has gone round its end does no harm.
        (first..<first + TokenCache.ways).max { age($0) < age($1) } ?? first
    }

    private func age(_ place: Int) -> UInt32 { clock &- (entries[place]?.used ?? clock) }
}
