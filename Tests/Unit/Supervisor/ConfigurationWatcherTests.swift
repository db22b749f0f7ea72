import Glibc
import Kernel
import Supervisor
import TestSupport
import Testing

/// Real directories, real events. Each test watches `gateway.d` in a directory of its own.
@Suite struct ConfigurationWatcherTests {
    private let place: TemporaryDirectory
    private let waker: Waker

    init() throws {
        place = try TemporaryDirectory()
        waker = try Waker()
    }

    private func watcher(_ name: String = "gateway.d") -> Watching {
        Watching(ConfigurationWatcher(directory: place[name], waker: waker))
    }

    @Test func editAddRenameAndDelete() throws {
        try place.write("gateway.d/a.yaml", "1")
        let watcher = watcher()
        #expect(watcher.staysCalm())
        try place.append("gateway.d/a.yaml", "2")
        #expect(watcher.rescans())
        try place.write("gateway.d/b.yaml", "1")
        #expect(watcher.rescans())
        try DurableDirectory.rename(place["gateway.d/b.yaml"], to: place["gateway.d/c.yaml"])
        #expect(watcher.rescans())
        try Files.remove(place["gateway.d/c.yaml"])
        #expect(watcher.rescans())
        #expect(watcher.staysCalm())
    }

    @Test func newNestedDirectories() throws {
        try place.makeDirectory("gateway.d")
        let watcher = watcher()
        try place.write("gateway.d/x/y/z/a.yaml", "1")
        #expect(watcher.rescans())
        try place.append("gateway.d/x/y/z/a.yaml", "2")
        #expect(watcher.rescans())
        try DurableDirectory.rename(place["gateway.d/x"], to: place["gateway.d/w"])
        #expect(watcher.rescans())
        try place.append("gateway.d/w/y/z/a.yaml", "3")
        #expect(watcher.rescans())
    }

    @Test func directoryGoesAndComesBack() throws {
        try place.write("above/gateway.d/a.yaml", "1")
        let watcher = watcher("above/gateway.d")
        try DurableDirectory.rename(place["above"], to: place["elsewhere"])
        #expect(watcher.rescans())
        try place.append("elsewhere/gateway.d/a.yaml", "2")
        #expect(watcher.staysCalm())
        try place.write("above/gateway.d/a.yaml", "3")
        #expect(watcher.rescans())
        try place.append("above/gateway.d/a.yaml", "4")
        #expect(watcher.rescans())
    }

    @Test func directoryThatIsMissingAtFirst() throws {
        let watcher = watcher("not/yet/gateway.d")
        try place.makeDirectory("not")
        #expect(watcher.rescans())
        try place.write("not/yet/gateway.d/a.yaml", "1")
        #expect(watcher.rescans())
        try place.append("not/yet/gateway.d/a.yaml", "2")
        #expect(watcher.rescans())
    }

    @Test func configMapSwap() throws {
        try place.write("gateway.d/..one/a.yaml", "1")
        try place.link("gateway.d/..data", to: "..one")
        try place.link("gateway.d/a.yaml", to: "..data/a.yaml")
        let watcher = watcher()
        for version in ["..two", "..three"] {
            try place.write("gateway.d/\(version)/a.yaml", version)
            #expect(watcher.rescans())
            try place.link("gateway.d/..data", to: version)
            #expect(watcher.rescans())
        }
        try place.append("gateway.d/..three/a.yaml", "x")
        #expect(watcher.rescans())
        try place.append("gateway.d/..one/a.yaml", "x")
        #expect(watcher.staysCalm())
    }

    @Test func linkInTheParentSwapped() throws {
        try place.write("trees/one/gateway.d/a.yaml", "1")
        try place.write("trees/two/gateway.d/a.yaml", "2")
        try place.link("current", to: "trees/one")
        let watcher = watcher("current/gateway.d")
        try place.link("current", to: "trees/two")
        #expect(watcher.rescans())
        try place.append("trees/two/gateway.d/a.yaml", "x")
        #expect(watcher.rescans())
        try place.append("trees/one/gateway.d/a.yaml", "x")
        #expect(watcher.staysCalm())
    }

    @Test func directoryIsALinkOfLinks() throws {
        try place.write("real/a.yaml", "1")
        try place.write("other/a.yaml", "2")
        try place.link("middle", to: place["real"])
        try place.link("gateway.d", to: "middle")
        let watcher = watcher()
        try place.append("real/a.yaml", "x")
        #expect(watcher.rescans())
        try place.link("middle", to: "other")
        #expect(watcher.rescans())
        try place.append("other/a.yaml", "x")
        #expect(watcher.rescans())
    }

    @Test func linkedFileAndLinkedDirectory() throws {
        try place.write("shared/one.yaml", "1")
        try place.write("shared/more/two.yaml", "1")
        try place.makeDirectory("gateway.d")
        try place.link("gateway.d/one.yaml", to: "../shared/one.yaml")
        try place.link("gateway.d/more", to: "../shared/more")
        try place.link("gateway.d/loop", to: "../gateway.d")
        let watcher = watcher()
        try place.append("shared/one.yaml", "x")
        #expect(watcher.rescans())
        try place.append("shared/more/two.yaml", "x")
        #expect(watcher.rescans())
        try place.write("shared/unrelated.yaml", "x")
        #expect(watcher.staysCalm())
    }

    @Test func neighboursAndHiddenFilesDoNotHoldAnythingBack() throws {
        try place.write("gateway.d/a.yaml", "1")
        try place.write("gateway.d/.a.yaml.swp", "1")
        let watcher = watcher()
        try place.write("neighbour/a.yaml", "1")
        #expect(watcher.staysCalm())
        let editor = try Files.open(place["gateway.d/.a.yaml.swp"], for: .append)
        try Files.write(Array("x".utf8).span, to: editor)
        let start = Instant.now
        try place.append("gateway.d/a.yaml", "2")
        #expect(watcher.rescans())
        #expect(Instant.now - start < 1_500_000_000)
    }

    @Test func openFileIsWaitedFor() throws {
        try place.write("gateway.d/a.yaml", "1")
        let watcher = watcher()
        let file = try Files.open(place["gateway.d/a.yaml"], for: .append)
        try Files.write(Array("half".utf8).span, to: file)
        #expect(watcher.staysCalm())
        close(file.release())
        #expect(watcher.rescans())
    }

    @Test func gitCommandIsWaitedFor() throws {
        try place.write(".git/HEAD", "ref: refs/heads/main")
        try place.write("gateway.d/a.yaml", "1")
        let watcher = watcher()
        try place.write(".git/index.lock", "")
        try place.write("gateway.d/a.yaml", "2")
        #expect(watcher.staysCalm())
        try Files.remove(place[".git/index.lock"])
        #expect(watcher.rescans())
    }

    @Test func lostEventsMeanARescan() throws {
        try place.write("gateway.d/a.yaml", "1")
        let watcher = watcher()
        let limit = try Files.read("/proc/sys/fs/inotify/max_queued_events")
        let count = Int(String(decoding: limit.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) ?? 16_384
        // Equal events in a row are merged, so two take turns.
        for _ in 0...(count / 2) {
            try Files.setPermissions(0o600, of: place["gateway.d/a.yaml"])
            try Files.setPermissions(0o600, of: place["gateway.d"])
        }
        try place.makeDirectory("gateway.d/unseen")
        #expect(watcher.rescans())
        try place.write("gateway.d/unseen/a.yaml", "1")
        #expect(watcher.rescans())
    }

    @Test func requestsWakeAtOnce() throws {
        try place.makeDirectory("gateway.d")
        let watcher = watcher()
        waker.request(.reload)
        waker.request(.stop)
        #expect(watcher.wait(until: .distantFuture) == .requested([.reload, .stop]))
        let waker = waker
        try PlatformThread.start("waker") {
            Duration.pause(milliseconds: 50)
            waker.request(.command)
        }
        #expect(watcher.wait(until: .now + 20_000_000_000) == .requested(.command))
        #expect(watcher.wait(until: .now) == .timeout)
    }
}

/// A watcher behind a reference, as the macros of the tests want it.
private final class Watching {
    private var watcher: ConfigurationWatcher

    init(_ watcher: consuming ConfigurationWatcher) {
        self.watcher = watcher
    }

    func wait(until deadline: Instant) -> ConfigurationWatcher.Wake {
        watcher.wait(until: deadline)
    }

    /// Whether a rescan comes, long before the periodic one.
    func rescans() -> Bool {
        wait(until: .now + 10_000_000_000) == .rescan
    }

    /// Whether nothing comes for several quiet periods.
    func staysCalm() -> Bool {
        wait(until: .now + 200_000_000) == .timeout
    }
}

extension TemporaryDirectory {
    fileprivate func append(_ name: String, _ text: String) throws {
        let file = try Files.open(self[name], for: .append)
        try Files.write(Array(text.utf8).span, to: file)
    }
}
