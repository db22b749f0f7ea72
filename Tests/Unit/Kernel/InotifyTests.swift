import Glibc
import Kernel
import TestSupport
import Testing

@Suite struct InotifyTests {
    /// Two names in turn, so that the kernel does not make one event of two.
    private func makeEvents(_ count: Int, in place: TemporaryDirectory) {
        for number in 0..<count {
            close(unsafe open(place["f\(number % 2)"], O_WRONLY | O_CREAT, 0o644))
        }
    }

    @Test func oneCallTakesOnlySoManyEvents() throws {
        let place = try TemporaryDirectory()
        let inotify = try Inotify()
        _ = try inotify.watch(directory: place.path, for: .closedAfterWriting)
        makeEvents(12_000, in: place)
        let first = try inotify.events().count
        #expect(first < 10_000)
        var rest = 0
        while case let count = try inotify.events().count, count > 0 { rest += count }
        #expect(first + rest == 12_000)
    }
}
