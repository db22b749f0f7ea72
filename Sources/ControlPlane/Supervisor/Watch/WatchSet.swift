internal import Kernel

/// The directories that are watched now, and what matters in each of them.
struct WatchSet: ~Copyable {
    private let inotify: Inotify
    private var interests: [Inotify.Watch: WatchPlan.Interest] = [:]

    init() throws(Errno) {
        inotify = try Inotify()
    }

    /// Becomes readable when events wait.
    var descriptor: Int32 { inotify.descriptor.number }

    /// What has happened since the last call, and whether a directory came that is not watched yet.
    func noises() -> (noises: [Settling.Noise], hasNewDirectory: Bool) {
        // A queue that cannot be read is one that has lost events.
        guard let events = try? inotify.events() else { return ([.changed], false) }
        var noises: [Settling.Noise] = []
        var hasNewDirectory = false
        for event in events {
            if event.kind.contains(.overflow) {
                noises.append(.changed)
            } else if let noise = interests[event.watch]?.noise(of: event) {
                noises.append(noise)
                let isNew = !event.kind.isDisjoint(with: [.created, .movedTo])
                hasNewDirectory = hasNewDirectory || (isNew && event.kind.contains(.isDirectory))
            }
        }
        return (noises, hasNewDirectory)
    }

    /// Makes the watches those of the plan; false when the kernel refused one that is needed.
    mutating func arm(_ plan: WatchPlan) -> Bool {
        var wanted: [Inotify.Watch: WatchPlan.Interest] = [:]
        var isComplete = true
        for (path, interest) in plan.interests {
            do {
                let watch = try inotify.watch(directory: path, for: interest.hasContents ? .everything : .names)
                wanted[watch, default: .init()].formUnion(interest)
            } catch {
                isComplete = isComplete && (error == .notFound || error == .notDirectory)
            }
        }
        for watch in interests.keys where wanted[watch] == nil { inotify.remove(watch) }
        interests = wanted
        return isComplete
    }
}
