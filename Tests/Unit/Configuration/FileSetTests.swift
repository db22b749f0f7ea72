import Diagnostics
import Kernel
import TestSupport
import Testing

@testable import Configuration

@Suite struct FileSetTests {
    private func paths(_ set: FileSet) -> [String] { set.files.map(\.path) }

    private func failure(_ directory: String) -> [String] {
        do {
            _ = try FileSet.read(directory: directory)
            return []
        } catch {
            return error.diagnostics.map { "\($0.code.id) \($0.message)" }
        }
    }

    @Test func readsYAMLFilesBelowADirectoryInPathOrder() throws {
        let directory = try TemporaryDirectory()
        try directory.write("b.yaml", "b")
        try directory.write("a/z.yml", "z")
        try directory.write("a.yaml", "a")
        try directory.write("README.md", "no")
        try directory.write(".hidden.yaml", "no")
        try directory.write(".git/x.yaml", "no")
        let set = try FileSet.read(directory: directory.path)
        #expect(paths(set) == ["a.yaml", "a/z.yml", "b.yaml"])
        #expect(set.files.map { String(decoding: $0.bytes, as: UTF8.self) } == ["a", "z", "b"])
    }

    @Test func digestDependsOnNamesAndContentsAlone() {
        let a = FileSet.File(path: "a.yaml", bytes: [1])
        let b = FileSet.File(path: "b.yaml", bytes: [2])
        #expect(FileSet(files: [a, b]).digest == FileSet(files: [b, a]).digest)
        #expect(FileSet(files: [a]).digest != FileSet(files: [b]).digest)
        #expect(FileSet(files: [a]).digest != FileSet(files: [.init(path: "c.yaml", bytes: [1])]).digest)
        #expect(FileSet(files: [a]).digest != FileSet(files: [a, b]).digest)
    }

    @Test func mountedConfigMapIsReadOnceThroughItsLinks() throws {
        let directory = try TemporaryDirectory()
        try directory.write("..2026_01_01/routes.yaml", "one")
        try directory.link("..data", to: "..2026_01_01")
        try directory.link("routes.yaml", to: "..data/routes.yaml")
        let set = try FileSet.read(directory: directory.path)
        #expect(paths(set) == ["routes.yaml"])
        #expect(set.files[0].bytes == Array("one".utf8))
    }

    @Test func linkedDirectoriesAreFollowedAndLoopsRefused() throws {
        let directory = try TemporaryDirectory()
        try directory.write("elsewhere/shop/a.yaml", "a")
        try directory.makeDirectory("gateway.d")
        try directory.link("gateway.d/shop", to: "../elsewhere/shop")
        #expect(paths(try FileSet.read(directory: directory["gateway.d"])) == ["shop/a.yaml"])
        try directory.link("gateway.d/up", to: "..")
        #expect(
            failure(directory["gateway.d"]) == [
                "GW1001 cannot read `\(directory["gateway.d/up/gateway.d"])`: it leads back to a directory above it"
            ])
    }

    @Test func brokenAndCircularLinksAreRefused() throws {
        let directory = try TemporaryDirectory()
        try directory.link("team", to: "not-mounted")
        try directory.link("self.yaml", to: "self.yaml")
        #expect(
            failure(directory.path) == [
                "GW1001 cannot read `\(directory["self.yaml"])`: too many levels of symbolic links",
                "GW1001 cannot read `\(directory["team"])`: no such file or directory",
            ])
    }

    @Test func whatCannotBeADirectoryOfConfiguration() throws {
        let directory = try TemporaryDirectory()
        #expect(failure(directory["none"]) == ["GW1002 there is no directory `\(directory["none"])`"])
        #expect(failure(directory.path) == ["GW1003 `\(directory.path)` holds no `.yaml` or `.yml` file"])
        try directory.write("file", "")
        #expect(failure(directory["file"]) == ["GW1002 `\(directory["file"])` is not a directory"])
        try directory.makeDirectory("folder.yaml")
        #expect(failure(directory.path) == ["GW1003 `\(directory.path)` holds no `.yaml` or `.yml` file"])
    }

    @Test func aSwapWhileReadingIsNeverSeenHalf() async throws {
        let directory = try TemporaryDirectory()
        for version in ["one", "two"] {
            for name in 0..<20 { try directory.write("\(version)/\(name).yaml", version) }
        }
        try directory.link("current", to: "one")
        let writer = Task.detached {
            var round = 0
            while !Task.isCancelled {
                try directory.link("current", to: round % 2 == 0 ? "two" : "one")
                round += 1
                Duration.pause(milliseconds: 1)
            }
        }
        var whole = 0
        for _ in 0..<200 {
            guard let set = try? FileSet.read(directory: directory["current"]) else { continue }
            whole += 1
            #expect(Set(set.files.map(\.digest)).count == 1)
        }
        writer.cancel()
        _ = await writer.result
        #expect(whole > 0)
    }
}
