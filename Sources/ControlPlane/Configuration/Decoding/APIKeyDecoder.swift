package import Diagnostics
package import Model

/// Reads what a scheme asks of an API key.
struct APIKeyDecoder {
    let object: ObjectReader
    let owner: NodeID

    /// Nil when what must be there is not.
    func policy() -> APIKeyPolicy? {
        let sources = object.located(APIKeyFields.from)
        let keys: [Located<APIKeyPolicy.Keys>] = [
            object.located(APIKeyFields.keys).map { Located(.inline($0.value), at: $0.span) },
            object.located(APIKeyFields.keysFile).map { Located(.file($0.value), at: $0.span) },
        ].compactMap { $0 }
        let given = [object.has(APIKeyFields.keys), object.has(APIKeyFields.keysFile)].count { $0 }
        guard given == 1 else {
            object.reader.findings.report(
                Catalogue.badKeySource,
                "\(object.subject) has \(given == 0 ? "no keys" : "keys in more than one place")",
                at: object.reader.span(owner), label: "exactly one of \(APIKeyFields.places.inWords)")
            return nil
        }
        return keys.first.map { keys in
            APIKeyPolicy(keys: keys, sources: Setting(sources, or: [.header("x-api-key")]))
        }
    }
}

/// Reads a file of keys, which holds what `keys` of a scheme would.
package enum APIKeyFile {
    package struct Contents: Sendable {
        /// Nil exactly when there is an error among the diagnostics. Sorted by name.
        package let keys: [APIKey]?
        package let diagnostics: [Diagnostic]
        package let sources: SourceMap
    }

    /// Larger ones are refused.
    package static let bytesMax = 256 << 20

    package static func parse(_ bytes: [UInt8], shownAs path: String) -> Contents {
        let sources = SourceMap(files: [SourceFile(path: path, text: bytes)])
        let findings = Findings()
        let (document, _) = Document.parse(bytes, file: 0, findings, bytesMax: bytesMax)
        var keys: [APIKey] = []
        if !document.nodes.isEmpty {
            let reader = Reader(document, file: 0, bytes: bytes, findings: findings)
            reader.key = "keys"
            keys = ValueType<[APIKey]>.apiKeys.read(reader, 0) ?? []
        }
        return Contents(
            keys: findings.errors == 0 ? keys : nil, diagnostics: findings.sorted, sources: sources)
    }
}
