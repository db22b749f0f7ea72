internal import Encoding

/// Findings as a SARIF 2.1.0 log with one run.
struct SARIFRenderer {
    let sources: SourceMap

    func render(_ diagnostics: [Diagnostic]) -> String {
        let codes = Set(diagnostics.map(\.code)).sorted { $0.id < $1.id }
        let ranks = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1, $0) })
        let driver: JSON = ["name": "gateway", "rules": .array(codes.map(rule))]
        let run: JSON = [
            "tool": ["driver": driver],
            "columnKind": "unicodeCodePoints",
            "results": .array(diagnostics.map { result($0, rank: ranks[$0.code] ?? 0) }),
        ]
        let log: JSON = [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        ]
        return log.text(pretty: true) + "\n"
    }

    private func rule(_ code: DiagnosticCode) -> JSON {
        [
            "id": .string(code.id),
            "shortDescription": ["text": .string(code.title)],
            "fullDescription": ["text": .string(code.story)],
            "defaultConfiguration": ["level": .string(code.severity.rawValue)],
        ]
    }

    private func result(_ diagnostic: Diagnostic, rank: Int) -> JSON {
        var members: [JSON.Member] = [
            .init("ruleId", .string(diagnostic.code.id)),
            .init("ruleIndex", .integer(rank)),
            .init("level", .string(diagnostic.severity.rawValue)),
            .init("message", ["text": .string(diagnostic.messageLines.joined(separator: "\n"))]),
        ]
        if let span = diagnostic.span { members.append(.init("locations", [location(span)])) }
        let related = diagnostic.notes.compactMap { note in
            note.span.map { location($0, message: note.message) }
        }
        if !related.isEmpty { members.append(.init("relatedLocations", .array(related))) }
        return .object(members)
    }

    private func location(_ span: SourceSpan, message: String? = nil) -> JSON {
        let extent = sources.extent(of: span)
        let region: JSON = [
            "startLine": .integer(extent.start.line),
            "startColumn": .integer(extent.start.column),
            "endLine": .integer(extent.end.line),
            "endColumn": .integer(extent.end.column),
        ]
        let uri = SARIFRenderer.uri(extent.start.path)
        let physical: JSON = ["artifactLocation": ["uri": .string(uri)], "region": region]
        guard let message else { return ["physicalLocation": physical] }
        return ["physicalLocation": physical, "message": ["text": .string(message)]]
    }

    /// A path as a URI reference (RFC 3986 §4.2); an absolute one gets its scheme.
    private static func uri(_ path: String) -> String {
        var text: [UInt8] = path.utf8.first == UInt8(ascii: "/") ? Array("file://".utf8) : []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.append(byte)
            default:
                text += "%\(Hex.text([byte]).uppercased())".utf8
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
