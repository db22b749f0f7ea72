import Kernel
import TestSupport
import Testing

@Suite struct FilesTests {
    @Test func replacesAndReads() throws {
        let directory = try TemporaryDirectory()
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        try Files.replace(directory["a"], with: content)
        #expect(try Files.read(directory["a"]) == content)
        try Files.replace(directory["a"], with: [])
        #expect(try Files.read(directory["a"]) == [])
        #expect(try Files.entries(of: directory.path).map(\.name) == ["a"])
    }

    @Test func aLimitBoundsWhatIsRead() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a", "12345")
        #expect(try Files.read(directory["a"], limit: 5).count == 5)
        #expect(throws: Errno.fileTooBig) { try Files.read(directory["a"], limit: 4) }
    }

    @Test func filesWithoutASizeAreReadToTheirEnd() throws {
        #expect(try Files.read("/proc/self/status").isEmpty == false)
    }

    @Test func onlyRegularFilesAreRead() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: Errno.isDirectory) { try Files.read(directory.path) }
        #expect(throws: Errno.notFound) { try Files.read(directory["none"]) }
        #expect(throws: Errno.invalid) { try Files.read("/dev/null") }
    }

    @Test func appendsAtTheEnd() throws {
        let directory = try TemporaryDirectory()
        for text in ["one,", "two"] {
            let file = try Files.open(directory["log"], for: .append, permissions: 0o600)
            try Files.write(Array(text.utf8).span, to: file)
        }
        #expect(try Files.read(directory["log"]) == Array("one,two".utf8))
        #expect(try Files.status(of: directory["log"]).permissions == 0o600)
        try Files.setPermissions(0o640, of: directory["log"])
        #expect(try Files.status(of: directory["log"]).permissions == 0o640)
    }

    @Test func statusTellsLinksFromTheirTargets() throws {
        let directory = try TemporaryDirectory()
        try directory.write("target", "abc")
        try directory.link("link", to: "target")
        #expect(try Files.status(of: directory["link"]).size == 3)
        #expect(try Files.status(of: directory["link"], followingLinks: false).kind == .symbolicLink)
        #expect(try Files.readLink(directory["link"]) == "target")
        #expect(try Files.resolve(directory["link"]) == Files.resolve(directory["target"]))
        #expect(try Files.entries(of: directory.path).map(\.kind) == [.symbolicLink, .regular])
    }

    @Test func statusChangesWithTheFile() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a", "1")
        let before = try Files.status(of: directory["a"])
        #expect(try Files.status(of: directory["a"]) == before)
        try directory.write("a", "2")
        #expect(try Files.status(of: directory["a"]) != before)
    }
}
