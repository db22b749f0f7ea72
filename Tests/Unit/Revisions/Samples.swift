import Configuration
import Cryptography
import Kernel
import Revisions
import TestSupport

extension FileSet {
    /// Two files, one of them the same in every sample.
    static func sample(_ number: Int) -> FileSet {
        FileSet(files: [
            File(path: "shop/routes.yaml", bytes: Array("routes: {r\(number): {}}\n".utf8)),
            File(path: "services.yaml", bytes: Array("services: {}\n".utf8)),
        ])
    }
}

extension RevisionDraft {
    static let accepted = RevisionDraft(time: 0, actor: "root", summary: "no change")

    static func rejected(_ errors: [String]) -> RevisionDraft {
        RevisionDraft(time: 0, actor: "root", verdict: .rejected(errors: errors), summary: "\(errors.count) errors")
    }
}

extension TemporaryDirectory {
    func body(of digest: Digest) -> String {
        self["revisions/bodies/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"]
    }

    var log: [UInt8] {
        get throws { try Files.read(self["revisions/log"]) }
    }

    func replaceLog(with bytes: [UInt8]) throws {
        let file = try DurableFile.createOver(self["revisions/log"], mode: 0o600)
        try file.write(bytes, at: 0)
    }

    /// Makes a log of so many accepted revisions, and gives its bytes.
    func makeLog(revisions: Int) throws -> [UInt8] {
        var log = try RevisionLog.open(directory: path)
        for number in 0..<revisions { _ = try log.append(.accepted, files: .sample(number)) }
        return try self.log
    }
}
