internal import CLinux

/// A descriptor that a thread waits for together with others (poll).
package struct PollEntry: BitwiseCopyable, Sendable {
    private var raw: clinux_poll_entry

    package init(_ descriptor: Int32, reads: Bool, writes: Bool) {
        raw = clinux_poll_entry(descriptor: descriptor, wanted: (reads ? 1 : 0) | (writes ? 2 : 0), ready: 0)
    }

    package var descriptor: Int32 { raw.descriptor }
    package var isReadable: Bool { raw.ready & 1 != 0 }
    package var isWritable: Bool { raw.ready & 2 != 0 }

    /// Blocks until one of the entries is ready or the time has passed. An interrupting signal ends the wait.
    package static func wait(_ entries: inout [PollEntry], milliseconds: Int) throws(Errno) {
        var list = entries.map(\.raw)
        let result = unsafe clinux_poll(&list, Int32(list.count), Int32(clamping: milliseconds))
        if result == -EINTR { return }
        _ = try Errno.check(result)
        for (index, entry) in list.enumerated() { entries[index].raw = entry }
    }
}
