internal import CLinux

/// A thread of its own for a loop that runs until the process ends or its owner stops it.
package enum PlatformThread {
    private final class Start: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Puts the calling thread, and those that it will start, behind all others: it runs when nobody else wants to, and
    /// seldom otherwise. A kernel that refuses leaves it where it is.
    package static func giveWay() { _ = clinux_give_way(19) }

    /// The same by a few steps: beside busy threads it gets about a quarter of what one of them gets.
    package static func stepBack() { _ = clinux_give_way(6) }

    /// Starts a detached thread with a name of up to 15 bytes. All signals are blocked in it.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(Errno) {
        let start = unsafe Unmanaged.passRetained(Start(body)).toOpaque()
        let result = unsafe clinux_thread(name, start) { context in
            guard let context = unsafe context else { return }
            unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
        }
        if result < 0 {
            unsafe Unmanaged<Start>.fromOpaque(start).release()
            throw Errno(-result)
        }
    }
}
