internal import Diagnostics

extension DocumentBuilder {
    /// Reports keys that are twice, `<<` and keys that are no text, and takes them out of the mapping.
    mutating func checkKeys(of mapping: NodeID) {
        var seen = SeenKeys()
        var previous: NodeID?
        var next = Int(document.nodes[mapping].start)
        while next != 0 {
            let key = next
            let value = Int(document.nodes[key].next)
            next = Int(document.nodes[value].next)
            if refuses(key, in: mapping, &seen) {
                document.nodes[mapping].count -= 2
                if let previous {
                    document.nodes[previous].next = UInt32(next)
                } else {
                    document.nodes[mapping].start = UInt32(next)
                }
            } else {
                previous = value
            }
        }
    }

    private mutating func refuses(_ id: NodeID, in mapping: NodeID, _ seen: inout SeenKeys) -> Bool {
        let key = document.nodes[id]
        if key.isDamaged {
            document.nodes[mapping].isDamaged = true
            return true
        }
        guard key.kind == .plain || key.kind == .quoted else {
            findings.report(
                Catalogue.complexKey, "a key must be plain text", at: place.span(of: key),
                label: key.kind == .alias ? "an alias cannot be a key" : "a collection cannot be a key",
                help: place.starts(key, with: "{") ? ["text that begins with `{` needs quotes"] : [])
            document.nodes[mapping].isDamaged = true
            return true
        }
        if key.kind == .plain, document.bytes(id).elementsEqual("<<".utf8) {
            findings.report(
                Catalogue.mergeKey, "merge keys are not allowed", at: place.span(of: key),
                label: "what is in force here would stand somewhere else",
                help: ["write the fields out, or share single values: `timeout: &slow 60s` and `timeout: *slow`"])
            document.nodes[mapping].isDamaged = true
            return true
        }
        guard let first = seen.insert(id, in: document) else { return false }
        findings.report(
            Catalogue.duplicateKey, "the key `\(document.string(id))` is given twice", at: place.span(of: key),
            label: "given again here",
            notes: [Diagnostic.Note("first given here", at: place.span(of: document.nodes[first]))])
        return true
    }
}

/// The keys of one mapping so far: a list while they are few, then a table.
private struct SeenKeys {
    private var few: [NodeID] = []
    private var many: [ArraySlice<UInt8>: NodeID] = [:]

    /// The node with the same key when there is one already.
    mutating func insert(_ id: NodeID, in document: Document) -> NodeID? {
        let key = document.bytes(id)
        if many.isEmpty {
            if let same = few.first(where: { document.bytes($0) == key }) { return same }
            few.append(id)
            if few.count > 12 { for id in few { many[document.bytes(id)] = id } }
            return nil
        }
        if let same = many[key] { return same }
        many[key] = id
        return nil
    }
}
