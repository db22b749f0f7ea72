internal import Diagnostics
internal import Encoding
internal import Model

/// Reads one mapping as an object: checks its keys once, then gives its fields one by one.
struct ObjectReader {
    private struct Entry {
        let field: Int
        let key: NodeID
        let value: NodeID
    }

    let reader: Reader
    let description: ObjectDescription
    /// The key or value that stands for the object in messages.
    let owner: NodeID
    /// The mapping itself.
    let node: NodeID
    /// As messages say it: "route `users`".
    let subject: String
    private var entries: [Entry] = []
    /// Errors before this object was read.
    private let errorsBefore: Int

    /// Nil when the node is no mapping; that is reported. An empty node is an object without fields.
    init?(_ reader: Reader, _ id: NodeID, as description: ObjectDescription, owner: NodeID, subject: String? = nil) {
        self.reader = reader
        self.description = description
        self.owner = owner
        self.node = reader.document.resolved(id)
        self.subject = subject ?? "`\(reader.key)`"
        errorsBefore = reader.findings.errors
        let target = reader.document.resolved(id)
        if !reader.document.isEmpty(target) {
            guard reader.kind(target) == .mapping else {
                if !reader.document.nodes[target].isDamaged { reader.reportShape(target, wanted: "a mapping") }
                return nil
            }
            collect(target)
        }
        if !reader.document.nodes[target].isDamaged { checkPresence() }
    }

    /// Whether nothing was wrong so far.
    var isSound: Bool { reader.findings.errors == errorsBefore }

    func has<Value>(_ field: Field<Value>) -> Bool {
        entry(field.key) != nil
    }

    /// The field's value with its place; nil when it is not given or was refused.
    func located<Value>(_ field: Field<Value>) -> Located<Value>? {
        guard let entry = entry(field.key) else { return nil }
        reader.enter(entry.key)
        guard let value = reader.value(entry.value, as: field.type) else { return nil }
        return Located(value, at: reader.span(entry.value))
    }

    func value<Value>(_ field: Field<Value>) -> Value? {
        located(field)?.value
    }

    /// Where the key or value stands that stands for the object.
    var span: SourceSpan { reader.span(owner) }

    /// Where the field's key stands.
    func keySpan<Value>(_ field: Field<Value>) -> SourceSpan? { keySpan(of: field.description) }

    func keySpan(of field: FieldDescription) -> SourceSpan? {
        entry(field.key).map { reader.span($0.key) }
    }

    func nodes<Value>(_ field: Field<Value>) -> (key: NodeID, value: NodeID)? {
        entry(field.key).map { ($0.key, $0.value) }
    }

    private func entry(_ key: String) -> Entry? {
        entries.first { description.fields[$0.field].key == key }
    }

    private mutating func collect(_ id: NodeID) {
        entries.reserveCapacity(Int(reader.document.nodes[id].count) / 2)
        for (key, value) in reader.document.pairs(of: id) {
            let text = reader.document.string(key)
            guard let position = description.position(of: text) else {
                UnknownKey(key: text, description: description, subject: subject).report(at: key, reader)
                continue
            }
            if let first = entries.first(where: { $0.field == position }) {
                reportTwoSpellings(first.key, key, description.fields[position])
                continue
            }
            entries.append(Entry(field: position, key: key, value: value))
        }
    }

    private func reportTwoSpellings(_ first: NodeID, _ second: NodeID, _ field: FieldDescription) {
        reader.findings.report(
            Catalogue.twoSpellings,
            "`\(reader.document.string(first))` and `\(reader.document.string(second))` are the same field",
            at: reader.span(second), label: "given again under another name",
            notes: [Diagnostic.Note("first given here", at: reader.span(first))], help: ["keep `\(field.key)`"])
    }

    private func checkPresence() {
        for (index, field) in description.fields.enumerated() where field.isRequired {
            guard !entries.contains(where: { $0.field == index }) else { continue }
            reader.findings.report(
                Catalogue.missingKey, "\(subject) has no `\(field.key)`", at: reader.span(owner),
                label: "`\(field.key)` is required",
                help: field.examples.first.map { example in
                    ["for example `\(field.key): \(example.string ?? example.text())`"]
                } ?? [])
        }
        guard !description.choice.isEmpty else { return }
        let given = description.choice.compactMap { key in entry(key) }
        if given.isEmpty {
            reader.findings.report(
                Catalogue.nothingChosen,
                description.noun == "route"
                    ? "\(subject) does not say what happens to a request"
                    : "\(subject) has neither \(description.choice.inWords(joinedBy: "nor"))", at: reader.span(owner),
                label: "give one of \(description.choice.inWords)")
        } else if given.count > 1 {
            reader.findings.report(
                Catalogue.manyChosen,
                "\(subject) has \(given.map { description.fields[$0.field].key }.inWords(joinedBy: "and"))",
                at: reader.span(given[1].key), label: "only one of them can happen",
                notes: [Diagnostic.Note("the other is here", at: reader.span(given[0].key))])
        }
    }
}

extension [String] {
    /// "`a`, `b` or `c`".
    var inWords: String { inWords(joinedBy: "or") }

    func inWords(joinedBy word: String) -> String {
        let quoted = map { "`\($0)`" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " \(word) " + last
    }
}
