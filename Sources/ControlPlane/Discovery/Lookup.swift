// One question to the resolver library. Each has a channel of its own: it reads resolv.conf and the hosts file as they
// are now, asks from ports that no other lookup uses, and can be given up without touching another.

internal import CCares
package import Kernel

/// What became of a lookup.
package enum LookupOutcome: Sendable, Equatable {
    /// `seconds` is the least time to live among the records that led here; 0 for the hosts file.
    case found([SocketAddress], seconds: Int)
    case failed(LookupFailure)
}

package enum LookupFailure: Sendable, Equatable, CustomStringConvertible {
    /// NXDOMAIN.
    case unknownName
    /// The name exists without an address.
    case noAddress
    case timeout
    /// In the library's words.
    case other(String)

    package var description: String {
        switch self {
        case .unknownName: "no such name"
        case .noAddress: "the name has no address"
        case .timeout: "no answer in time"
        case .other(let text): text
        }
    }
}

/// Owned by the resolver's thread.
@safe
final class Lookup {
    let name: String
    let deadline: Instant
    private let channel: ares_channel
    /// Filled by the library's callback, also while the channel is destroyed.
    private let slot: UnsafeMutablePointer<LookupOutcome?>

    /// Addresses of one name that are used; others are left out.
    private static let addressesMax = 16
    private static let triesMax: Int32 = 3

    init?(_ name: String, servers: String, nanoseconds: Int64) {
        var made: ares_channel?
        // Each try waits twice as long as the one before: three of them are done within the deadline.
        let first = Int32(clamping: max(100, nanoseconds / 7_000_000))
        guard unsafe ccares_open(&made, first, Lookup.triesMax, servers) == ARES_SUCCESS,
            let made = unsafe made
        else {
            return nil
        }
        unsafe channel = made
        self.name = name
        deadline = Instant.now + nanoseconds
        unsafe slot = .allocate(capacity: 1)
        unsafe slot.initialize(to: nil)
        unsafe ccares_start(
            channel, name,
            { context, status, _, info in
                guard let context = unsafe context else { return }
                let slot = unsafe context.assumingMemoryBound(to: LookupOutcome?.self)
                unsafe slot.pointee = unsafe Lookup.outcome(status, info)
                unsafe ares_freeaddrinfo(info)
            }, slot)
    }

    deinit {
        unsafe ares_destroy(channel)
        unsafe slot.deinitialize(count: 1)
        unsafe slot.deallocate()
    }

    /// Nil while the answer has not come and the time is not up.
    func outcome(at now: Instant) -> LookupOutcome? {
        unsafe slot.pointee ?? (now >= deadline ? .failed(.timeout) : nil)
    }

    /// Appends the sockets that the answer may come from.
    func appendSockets(to entries: inout [PollEntry]) {
        let limit = Int(ARES_GETSOCK_MAXNUM)
        var numbers = [Int32](repeating: 0, count: limit)
        var interests = [Int32](repeating: 0, count: limit)
        let count = unsafe ccares_sockets(channel, &numbers, &interests)
        for index in 0..<Int(count) {
            entries.append(
                PollEntry(numbers[index], reads: interests[index] & 1 != 0, writes: interests[index] & 2 != 0))
        }
    }

    /// Milliseconds until the library wants to send again or the time is up.
    func patience(at now: Instant, limit: Int) -> Int {
        let left = max(0, (deadline - now + 999_999) / 1_000_000)
        return Int(unsafe ccares_patience(channel, Int32(clamping: min(Int64(limit), left))))
    }

    func proceed(_ entry: PollEntry) {
        let none: Int32 = -1
        unsafe ares_process_fd(
            channel, entry.isReadable ? entry.descriptor : none, entry.isWritable ? entry.descriptor : none)
    }

    /// Sends again what was not answered.
    func proceed() {
        unsafe ares_process_fd(channel, -1, -1)
    }

    private static func outcome(_ status: Int32, _ info: UnsafeMutablePointer<ares_addrinfo>?) -> LookupOutcome {
        guard status == ARES_SUCCESS, let info = unsafe info else { return .failed(failure(status)) }
        var addresses: [SocketAddress] = []
        var seconds = Int.max
        var node = unsafe info.pointee.nodes
        while let entry = unsafe node {
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = unsafe Int(ccares_address(entry, &bytes))
            if let address = SocketAddress(bytes: bytes.prefix(count)), !addresses.contains(address) {
                addresses.append(address)
            }
            seconds = min(seconds, unsafe Int(entry.pointee.ai_ttl))
            unsafe node = entry.pointee.ai_next
        }
        var alias = unsafe info.pointee.cnames
        while let entry = unsafe alias {
            seconds = min(seconds, unsafe Int(entry.pointee.ttl))
            unsafe alias = entry.pointee.next
        }
        guard !addresses.isEmpty else { return .failed(.noAddress) }
        return .found(Array(addresses.prefix(addressesMax)), seconds: max(0, seconds))
    }

    private static func failure(_ status: Int32) -> LookupFailure {
        switch status {
        case ARES_ENOTFOUND: .unknownName
        case ARES_ENODATA: .noAddress
        case ARES_ETIMEOUT, ARES_EDESTRUCTION: .timeout
        default: .other(unsafe String(cString: ares_strerror(status)))
        }
    }
}
