// inotify(7): what happens in directories, as typed events.

internal import CLinux

/// A queue of events on watched directories, with one owner.
package struct Inotify: ~Copyable, Sendable {
    /// Names one watched directory for as long as it is watched.
    package typealias Watch = Int32

    /// What happened; one event may carry several bits.
    package struct Kind: OptionSet, Sendable, Hashable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        package static let modified = Kind(rawValue: UInt32(IN_MODIFY))
        package static let attributes = Kind(rawValue: UInt32(IN_ATTRIB))
        package static let closedAfterWriting = Kind(rawValue: UInt32(IN_CLOSE_WRITE))
        package static let movedFrom = Kind(rawValue: UInt32(IN_MOVED_FROM))
        package static let movedTo = Kind(rawValue: UInt32(IN_MOVED_TO))
        package static let created = Kind(rawValue: UInt32(IN_CREATE))
        package static let deleted = Kind(rawValue: UInt32(IN_DELETE))
        package static let selfDeleted = Kind(rawValue: UInt32(IN_DELETE_SELF))
        package static let selfMoved = Kind(rawValue: UInt32(IN_MOVE_SELF))
        /// The directory's file system was unmounted.
        package static let unmounted = Kind(rawValue: UInt32(IN_UNMOUNT))
        /// The watch is gone; its number may be given to another.
        package static let ignored = Kind(rawValue: UInt32(IN_IGNORED))
        /// The queue was full: events are missing.
        package static let overflow = Kind(rawValue: UInt32(IN_Q_OVERFLOW))
        /// The name is that of a directory.
        package static let isDirectory = Kind(rawValue: UInt32(IN_ISDIR))

        /// Names that come and go.
        package static let names: Kind = [.movedFrom, .movedTo, .created, .deleted, .selfDeleted, .selfMoved]
        /// Names that come and go, and whatever happens to files under them.
        package static let everything: Kind = [.names, .modified, .attributes, .closedAfterWriting]
    }

    package struct Event: Sendable, Equatable {
        /// -1 with `overflow`.
        package let watch: Watch
        package let kind: Kind
        /// Of the entry in the directory; empty when the directory itself is meant.
        package let name: String

        package init(watch: Watch, kind: Kind, name: String) {
            self.watch = watch
            self.kind = kind
            self.name = name
        }
    }

    /// Becomes readable when events wait.
    package let descriptor: OwnedDescriptor

    package init() throws(Errno) {
        descriptor = OwnedDescriptor(try Errno.check(clinux_inotify_init()))
    }

    /// Watches a directory; kinds are added to those of an earlier call that names the same directory.
    package borrowing func watch(directory path: String, for kinds: Kind) throws(Errno) -> Watch {
        let mask = kinds.rawValue | UInt32(IN_ONLYDIR) | UInt32(IN_MASK_ADD)
        return try Errno.check(unsafe clinux_inotify_add(descriptor.number, path, mask))
    }

    /// Does nothing when the watch is already gone.
    package borrowing func remove(_ watch: Watch) {
        _ = clinux_inotify_remove(descriptor.number, watch)
    }

    /// Reads of one call to `events`: whoever makes events faster than they are read must not hold the reader forever.
    private static let readsMax = 16

    /// The events that wait, oldest first, or the first few thousand of them; empty when there are none. Never blocks.
    package borrowing func events() throws(Errno) -> [Event] {
        var events: [Event] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        for _ in 0..<Self.readsMax {
            let number = descriptor.number
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe clinux_read(number, bytes.baseAddress, bytes.count)
            }
            if count == -Int(EAGAIN) { return events }
            if count == -Int(EINTR) { continue }
            if try Errno.check(count) == 0 { return events }
            Inotify.decode(buffer[..<count], into: &events)
        }
        return events
    }

    /// `struct inotify_event`: watch, mask, cookie and the length of the name that follows, padded with zeros.
    private static func decode(_ bytes: ArraySlice<UInt8>, into events: inout [Event]) {
        var offset = bytes.startIndex
        while bytes.endIndex - offset >= 16 {
            let length = Int(word(bytes, at: offset + 12))
            guard bytes.endIndex - offset - 16 >= length else { return }
            let name = bytes[(offset + 16)..<(offset + 16 + length)].prefix { $0 != 0 }
            let watch = Watch(bitPattern: word(bytes, at: offset))
            let kind = Kind(rawValue: word(bytes, at: offset + 4))
            events.append(Event(watch: watch, kind: kind, name: String(decoding: name, as: UTF8.self)))
            offset += 16 + length
        }
    }

    private static func word(_ bytes: ArraySlice<UInt8>, at offset: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(bytes[offset + index]) << UInt32(8 * index) }
        return value
    }
}
