internal import Diagnostics
internal import Model

/// Reads the nodes of one file as values. Owned by the load of that file.
final class Reader {
    let document: Document
    let file: Int
    let findings: Findings
    /// The source, for carets inside a scalar.
    let bytes: [UInt8]
    /// The key whose value is being read, for messages.
    var key = ""
    /// Where that key stands.
    var keyNode: NodeID = 0

    init(_ document: Document, file: Int, bytes: [UInt8], findings: Findings) {
        self.document = document
        self.file = file
        self.bytes = bytes
        self.findings = findings
    }

    func span(_ id: NodeID) -> SourceSpan {
        let node = document.nodes[id]
        return SourceSpan(file: file, offset: Int(node.offset), length: Int(node.length))
    }

    func kind(_ id: NodeID) -> Document.Node.Kind {
        document.nodes[document.resolved(id)].kind
    }

    /// The value of a node, with the checks that every type shares: not damaged, not empty.
    func value<Value>(_ id: NodeID, as type: ValueType<Value>) -> Value? {
        let target = document.resolved(id)
        if document.nodes[target].isDamaged, document.nodes[target].kind != .mapping { return nil }
        if document.isEmpty(target), !type.acceptsNothing {
            findings.report(
                Catalogue.emptyValue, "`\(key)` has no value", at: span(id), label: "expected \(type.noun)",
                help: ["give a value or remove the key"])
            return nil
        }
        return type.read(self, target)
    }

    /// A scalar, or nil after a report that something else stands there.
    func scalar(_ id: NodeID, _ noun: String) -> Scalar? {
        let node = document.nodes[id]
        guard node.kind == .plain || node.kind == .quoted else {
            reportShape(id, wanted: noun)
            return nil
        }
        return Scalar(text: document.string(id), isQuoted: node.kind == .quoted)
    }

    func reportShape(_ id: NodeID, wanted noun: String) {
        let found =
            switch kind(id) {
            case .mapping: "a mapping"
            case .sequence: "a list"
            case .plain, .quoted, .alias: "a single value"
            }
        findings.report(
            Catalogue.wrongShape, "`\(key)` takes \(noun), not \(found)", at: span(id), label: "expected \(noun)")
    }

    /// Reports what is wrong with a scalar, with the caret on the part that is wrong when the source shows it.
    func report(_ refusal: Refusal, at id: NodeID) {
        findings.report(
            refusal.code, "`\(key)` \(refusal.message)", at: span(id, part: refusal.part), label: refusal.label,
            help: refusal.help)
    }

    /// The source of a part of a scalar's value; the whole scalar when escapes or folding stand between the two.
    func span(_ id: NodeID, part: Range<Int>?) -> SourceSpan {
        let whole = span(id)
        let node = document.nodes[id]
        guard let part, node.kind == .plain || node.kind == .quoted else { return whole }
        let value = document.bytes(id)
        let quotes = Int(node.length) == value.count + 2 ? 1 : 0
        let start = Int(node.offset) + quotes
        guard Int(node.length) == value.count + 2 * quotes, start + value.count <= bytes.count,
            bytes[start..<start + value.count].elementsEqual(value)
        else { return whole }
        var end = start + part.upperBound
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return SourceSpan(file: file, offset: start + part.lowerBound, length: end - start - part.lowerBound)
    }
}

/// The text of a scalar, and whether quotes say that it is text.
struct Scalar {
    let text: String
    let isQuoted: Bool
}

/// Why a scalar is not a value of its type. The message goes on after the key: `takes a duration`.
struct Refusal: Error {
    let code: DiagnosticCode
    let message: String
    let label: String
    let help: [String]
    /// Bytes of the value that are wrong, when not all are.
    let part: Range<Int>?

    init(
        _ code: DiagnosticCode, _ message: String, label: String = "", help: [String] = [], part: Range<Int>? = nil
    ) {
        self.code = code
        self.message = message
        self.label = label
        self.help = help
        self.part = part
    }
}
