internal import Diagnostics

extension Document {
    /// What became of a file.
    enum Outcome {
        case whole
        /// Some of the file was not understood, so a name that nobody declares may be declared there.
        case partial
    }

    /// Reads one file; everything that is wrong with it as YAML is reported.
    static func parse(
        _ bytes: [UInt8], file: Int, _ findings: Findings, bytesMax: Int = FileLimits.bytes
    ) -> (Document, Outcome) {
        guard bytes.count <= bytesMax else {
            findings.report(
                Catalogue.fileTooBig, "the file has \(bytes.count) bytes",
                at: SourceSpan(file: file, offset: 0, length: 0), label: "at most \(bytesMax) are read")
            return (Document(), .partial)
        }
        let check = TextCheck(bytes)
        let place = YAMLPlace(file: file, bytes: bytes, check: check)
        if let (fault, offset) = check.fault {
            report(fault, at: offset, place, findings)
            return (Document(), .partial)
        }
        var builder = DocumentBuilder(place: place, findings: findings)
        let outcome: Outcome = unsafe bytes.withUnsafeBufferPointer { buffer in
            var stream = unsafe EventStream(UnsafeBufferPointer(rebasing: buffer[check.start...]))
            do throws(YAMLSyntaxFailure) {
                return try builder.consume(&stream)
            } catch {
                SyntaxReport(place: place, findings: findings).report(error)
                return .partial
            }
        }
        return (builder.finished(outcome), outcome)
    }

    private static func report(_ fault: TextCheck.Fault, at offset: Int, _ place: YAMLPlace, _ findings: Findings) {
        let span = place.span(offset, offset + 1)
        switch fault {
        case .notUTF8:
            findings.report(
                Catalogue.notUTF8, "the file is not UTF-8", at: span,
                label: "the byte 0x\(String(place.bytes[offset], radix: 16, uppercase: true)) cannot stand here")
        case .control(let scalar):
            findings.report(
                Catalogue.controlCharacter, "a control character in the file", at: span,
                label: scalar == 0 ? "a NUL byte" : "the character U+\(hex(scalar))")
        }
    }

    private static func hex(_ scalar: UInt32) -> String {
        let digits = String(scalar, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension DocumentBuilder {
    /// Takes events to the end of the first document, or to where it makes no sense to go on.
    mutating func consume(_ stream: inout EventStream) throws(YAMLSyntaxFailure) -> Document.Outcome {
        var documents = 0
        while true {
            let textStart = text.count
            let event = try stream.next(text: &text)
            switch event.kind {
            case .streamStart: break
            case .streamEnd: return .whole
            case .documentStart:
                documents += 1
                if event.hasDirectives { refuseDirective(event) }
                if documents > 1 {
                    refuseSecondDocument(event)
                    return .partial
                }
            case .documentEnd, .mappingEnd, .sequenceEnd: close(event)
            case .plainScalar: scalar(event, kind: .plain, textStart: textStart)
            case .quotedScalar, .blockScalar: scalar(event, kind: .quoted, textStart: textStart)
            case .mappingStart: if !open(event, kind: .mapping) { return .partial }
            case .sequenceStart: if !open(event, kind: .sequence) { return .partial }
            case .alias: if !alias(event) { return .partial }
            }
        }
    }

    /// A document that broke off has no root to trust.
    func finished(_ outcome: Document.Outcome) -> Document {
        frames.isEmpty ? document : Document()
    }

    private func refuseSecondDocument(_ event: YAMLEvent) {
        let offset = place.bytes(event).offset
        findings.report(
            Catalogue.manyDocuments, "more than one YAML document in the file", at: place.span(offset, offset + 3),
            label: "the second one begins here", help: ["put it into a file of its own"])
    }

    private func refuseDirective(_ event: YAMLEvent) {
        let offset = place.bytes(event).offset
        findings.report(
            Catalogue.directive, "YAML directives are not allowed",
            at: place.span(offset, offset + place.firstLine(from: offset, to: place.bytes.count)),
            label: "remove this line and the `---` below it")
    }
}
