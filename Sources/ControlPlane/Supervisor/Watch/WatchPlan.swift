// Which directories tell of a change of the configuration: those that hold files, and those that hold a name on the way
// to them, link by link.

internal import Kernel

struct WatchPlan {
    /// What matters in one directory.
    struct Interest: Equatable {
        /// Every entry that a configuration may be read from.
        var isWhole = false
        /// Names on the way to something.
        var names: Set<String> = []
        /// Whether bytes matter, or only which entry has the name.
        var hasContents = false

        mutating func formUnion(_ other: Interest) {
            isWhole = isWhole || other.isWhole
            names.formUnion(other.names)
            hasContents = hasContents || other.hasContents
        }

        /// What an event in the directory means.
        func noise(of event: Inotify.Event) -> Settling.Noise? {
            let isSelf = event.name.isEmpty
            let isHidden = event.name.hasPrefix(".")
            let isName = !event.kind.isDisjoint(with: .names)
            guard isSelf || names.contains(event.name) || (isWhole && (!isHidden || isName)) else { return nil }
            let file = "\(event.watch)/\(event.name)"
            // A hidden file is never read, so whoever keeps it open holds nothing back.
            if isHidden && !names.contains(event.name) { return .changed }
            if !event.kind.isDisjoint(with: [.deleted, .movedFrom]) { return .gone(file: file) }
            if event.kind.contains(.closedAfterWriting) { return .closed(file: file) }
            if event.kind.contains(.modified) { return .written(file: file) }
            return .changed
        }
    }

    /// By path.
    private(set) var interests: [String: Interest] = [:]
    private var visited: Set<Identity> = []
    private var linksLeft = 4096

    private struct Identity: Hashable {
        let device: UInt
        let inode: UInt
    }

    /// As the file system is now. What is missing is left out; the directory that should hold its name is not.
    init(directory: String, files: [String] = []) {
        if let place = follow(directory) { walk(place) }
        for file in files { _ = follow(file) }
    }

    private mutating func walk(_ directory: String) {
        guard let status = try? Files.status(of: directory), status.kind == .directory,
            visited.insert(Identity(device: status.device, inode: status.inode)).inserted
        else { return }
        interests[directory, default: Interest()].formUnion(Interest(isWhole: true, hasContents: true))
        for entry in (try? Files.entries(of: directory)) ?? [] where !entry.name.hasPrefix(".") {
            let path = "\(directory)/\(entry.name)"
            switch entry.kind ?? (try? Files.status(of: path, followingLinks: false))?.kind {
            case .directory: walk(path)
            case .symbolicLink: if let place = follow(path) { walk(place) }
            default: break
            }
        }
    }

    /// Goes along a path name by name, through links, and notes each directory that holds one of the names. Gives the
    /// place at its end, without links, or nil when something is missing.
    private mutating func follow(_ path: String) -> String? {
        var place = path.hasPrefix("/") ? "/" : "."
        var names = Array(path.split(separator: "/").map(String.init).reversed())
        while let name = names.popLast() {
            if name == "." { continue }
            let next = place == "/" ? "/\(name)" : "\(place)/\(name)"
            if name == ".." {
                place = next
                continue
            }
            let status = try? Files.status(of: next, followingLinks: false)
            // A directory is watched itself. Whatever else lies beside it may be written all the time, as a log is.
            let isFile = names.isEmpty && status?.kind != .directory
            interests[place, default: Interest()].formUnion(Interest(names: [name], hasContents: isFile))
            guard let status else { return nil }
            guard status.kind == .symbolicLink else {
                place = next
                continue
            }
            linksLeft -= 1
            guard linksLeft > 0, let target = try? Files.readLink(next) else { return nil }
            if target.hasPrefix("/") { place = "/" }
            names += target.split(separator: "/").map(String.init).reversed()
        }
        return place
    }
}
