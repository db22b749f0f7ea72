internal import CLinux
internal import Glibc

/// What this process has from the one that started it.
package enum CurrentProcess {
    /// The environment, with the first of two equal names.
    package static var environment: [String: String] {
        var found: [String: String] = [:]
        var index: Int32 = 0
        while let entry = unsafe clinux_environment(index) {
            let text = unsafe String(cString: entry)
            index += 1
            guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals > text.startIndex else { continue }
            let name = String(text[..<equals])
            if found[name] == nil { found[name] = String(text[text.utf8.index(after: equals)...]) }
        }
        return found
    }

    /// The effective user.
    package static var userID: UInt32 { clinux_user() }
    package static var id: Int32 { clinux_process() }

    /// Processors that this process may run on.
    package static var processors: Int { Int(clinux_processors()) }

    /// Raises the limit on open files as far as it goes: a proxy holds two for each request.
    /// Returns how many there may be then.
    @discardableResult package static func raiseFileLimit() -> Int { Int(clinux_raise_file_limit()) }

    /// Gives back what the heap has free.
    package static func releaseUnusedHeap() { clinux_release_heap() }

    /// Gives back what the heap has free, and the pages of the program that were needed once: after a start that
    /// is most of what is resident.
    package static func releaseUnusedMemory() { clinux_release_unused() }

    /// Ends the process at once; buffers of our own must have been written before.
    package static func exit(_ code: Int32) -> Never { Glibc.exit(code) }
}
