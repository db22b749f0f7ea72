import Glibc
import Kernel

/// One golden file: inputs under `--- name` lines, then one expectation under an `=== name` line.
///
/// In an input named `name (escaped)`, `\xHH` stands for a byte.
package struct GoldenCase: Sendable, CustomStringConvertible {
    package struct Input: Sendable {
        /// As the line has it, without `(escaped)`.
        package let name: String
        package let bytes: [UInt8]
    }

    /// Where the file lies.
    package let path: String
    package let inputs: [Input]
    /// What follows `=== `, such as `diagnostics`; empty when the file has no expectation yet.
    package let kind: String
    package let expectation: String
    private let head: String

    package var description: String { String(path.split(separator: "/").last ?? "") }

    package static let updates = unsafe getenv("GOLDEN_UPDATE") != nil

    /// All cases of a folder below `Tests/Golden/cases`, by name.
    package static func all(in folder: String) -> [GoldenCase] {
        let directory = "\(Repository.root)/Tests/Golden/cases/\(folder)"
        let names = ((try? Files.entries(of: directory)) ?? []).map(\.name).filter { $0.hasSuffix(".case") }.sorted()
        return names.compactMap { name in
            let path = "\(directory)/\(name)"
            guard let bytes = try? Files.read(path) else { return nil }
            return GoldenCase(path: path, text: String(decoding: bytes, as: UTF8.self))
        }
    }

    package init(path: String, text: String) {
        self.path = path
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let end = lines.firstIndex { $0.hasPrefix("=== ") } ?? lines.endIndex
        head = lines[..<end].map { $0 + "\n" }.joined()
        kind = end < lines.endIndex ? String(lines[end].dropFirst(4)) : ""
        expectation = lines[end...].dropFirst().map { $0 + "\n" }.joined()
        var inputs: [(name: String, text: String)] = []
        for line in lines[..<end] {
            if line.hasPrefix("--- ") {
                inputs.append((String(line.dropFirst(4)), ""))
            } else if let last = inputs.indices.last {
                inputs[last].text += line + "\n"
            }
        }
        let mark = " (escaped)"
        self.inputs = inputs.map { name, text in
            guard name.hasSuffix(mark) else { return Input(name: name, bytes: Array(text.utf8)) }
            return Input(name: String(name.dropLast(mark.count)), bytes: GoldenCase.unescape(text))
        }
    }

    /// Writes the file anew with another expectation.
    package func update(_ kind: String, _ expectation: String) throws {
        try Files.replace(path, with: Array("\(head)=== \(kind)\n\(expectation)".utf8))
    }

    private static func unescape(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: "\\x".utf8), index + 4 <= bytes.count,
                let byte = UInt8(String(decoding: bytes[index + 2..<index + 4], as: UTF8.self), radix: 16)
            {
                out.append(byte)
                index += 4
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }
}
