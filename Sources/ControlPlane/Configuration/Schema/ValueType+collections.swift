internal import Diagnostics
internal import Model

extension ValueType {
    /// One value, or a list of them that is not empty.
    static func oneOrMore<Element>(_ element: ValueType<Element>, _ noun: String) -> ValueType
    where Value == [Located<Element>], Element: Hashable {
        ValueType(shape: .oneOrList(of: element.shape), noun: noun) { reader, id in
            guard reader.kind(id) == .sequence else {
                guard reader.kind(id) != .mapping else {
                    reader.reportShape(id, wanted: noun)
                    return nil
                }
                return reader.value(id, as: element).map { [Located($0, at: reader.span(id))] }
            }
            return reader.elements(id, of: element)
        }
    }

    /// A mapping of names to values. A value that is refused is left out.
    static func map<Element>(
        _ element: ValueType<Element>, _ noun: String, names: String? = nil,
        read name: @escaping @Sendable (Reader, NodeID) -> String?
    ) -> ValueType where Value == [Named<Element>] {
        ValueType(shape: .map(of: element.shape, names: names), noun: noun) { reader, id in
            if reader.document.isEmpty(id) { return [] }
            guard reader.kind(id) == .mapping else {
                reader.reportShape(id, wanted: noun)
                return nil
            }
            var elements: [Named<Element>] = []
            for (key, value) in reader.document.pairs(of: id) {
                reader.enter(key)
                guard let name = name(reader, key), let element = reader.value(value, as: element) else { continue }
                elements.append(Named(name: name, span: reader.span(key), value: element))
            }
            return elements
        }
    }
}

/// A value under a name that the configuration gives it.
struct Named<Value: Sendable>: Sendable {
    let name: String
    let span: SourceSpan
    let value: Value
}

extension Reader {
    /// The elements of a list; nil when it is empty. Elements that are refused are left out, and repeated ones.
    func elements<Element: Hashable>(_ id: NodeID, of type: ValueType<Element>) -> [Located<Element>]? {
        guard !isEmptyList(id) else { return nil }
        let isLong = document.nodes[id].count > 16
        var elements: [Located<Element>] = []
        var places: [Element: Int] = [:]
        for child in document.children(of: id) {
            guard let value = value(child, as: type) else { continue }
            let first = isLong ? places[value].map { elements[$0] } : elements.first { $0.value == value }
            if let first {
                findings.report(
                    Catalogue.repeatedElement, "`\(key)` has the same value twice", at: span(child),
                    label: "given again here", notes: [Diagnostic.Note("first given here", at: first.span)])
                continue
            }
            if isLong { places[value] = elements.count }
            elements.append(Located(value, at: span(child)))
        }
        return elements
    }

    /// Whether a list has no element, which is reported.
    func isEmptyList(_ id: NodeID) -> Bool {
        guard document.nodes[id].count == 0 else { return false }
        findings.report(
            Catalogue.emptyList, "`\(key)` is an empty list", at: span(id), label: "it would match nothing",
            help: ["remove the key, or list at least one value"])
        return true
    }

    /// Makes a key the subject of the messages that follow.
    func enter(_ node: NodeID) {
        keyNode = node
        key = document.string(node)
    }

    /// The key as a name of the configuration; nil after a report.
    func name(_ node: NodeID) -> String? {
        let text = document.string(node)
        do throws(Refusal) {
            return try Name.parse(text)
        } catch {
            findings.report(
                error.code, "`\(text)` is no name", at: span(node, part: error.part), label: error.label,
                help: error.help)
            return nil
        }
    }
}
