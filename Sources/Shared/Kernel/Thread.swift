internal import CLinux
internal import Glibc

/// A thread of the system. It runs on when its owner lets it go; `join` waits for its end.
package struct Thread: ~Copyable, Sendable {
    private let handle: pthread_t

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Starts at once. Tools show the first 15 bytes of the name; a stack of 0 bytes is one of the default size.
    package init(
        named name: String, stackBytes: Int = 0, _ body: @escaping @Sendable () -> Void
    ) throws(Errno) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        if stackBytes > 0 { unsafe pthread_attr_setstacksize(&attributes, stackBytes) }
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var handle = pthread_t()
        let failure = unsafe pthread_create(&handle, &attributes, { unsafe Thread.run($0) }, start.toOpaque())
        guard failure == 0 else {
            unsafe start.release()
            throw Errno(failure)
        }
        self.handle = handle
    }

    deinit {
        pthread_detach(handle)
    }

    package consuming func join() {
        let handle = self.handle
        discard self
        _ = pthread_join(handle, nil)
    }

    private static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        unsafe clinux_name_thread(start.name)
        start.body()
        return nil
    }
}
