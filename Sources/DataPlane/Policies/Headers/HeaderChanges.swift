// Changes to the fields of heads on their way.

package import Bytes
package import HTTP
internal import Model
package import Routing

/// A field that a rule writes.
struct CompiledRule: BitwiseCopyable, Sendable {
    var name: ByteRange
    var parts: Run
}

enum RulePart: BitwiseCopyable, Sendable {
    case literal(ByteRange)
    /// Index of the capture in its pattern.
    case capture(UInt32)
    /// Names of the path to a claim.
    case claim(Run)
    case host
    case method
    case client
    case requestID
}

/// Where the texts of a request lie that are not in its head: in the buffer that is written to.
package struct RequestTexts: BitwiseCopyable {
    package let client: ByteRange
    package let requestID: ByteRange

    package init(client: ByteRange, requestID: ByteRange) {
        self.client = client
        self.requestID = requestID
    }
}

extension PolicyTable {
    /// Whether a field of the request, or of its trailers, does not pass. One that an instance could take for it does not
    /// either.
    package func drops(_ entry: Int, requestField name: RawSpan) -> Bool {
        for index in entries[entry].requestDrops.range where arena.equals(names[index], asVariable: name) {
            return true
        }
        return false
    }

    /// Whether a field of the answer does not pass.
    package func drops(_ entry: Int, answerField name: RawSpan) -> Bool {
        let found = entries[entry]
        for index in found.answerDrops.range where arena.equals(names[index], folding: name) { return true }
        guard found.cors >= 0, name.byteCount > 15 else { return false }
        return name.slice(0..<15).equalsIgnoringCase("access-control-")
    }

    package func changesRequest(_ entry: Int) -> Bool {
        !entries[entry].requestRules.isEmpty || !entries[entry].requestDrops.isEmpty
    }

    package func changesAnswer(_ entry: Int) -> Bool {
        let found = entries[entry]
        return !found.answerDrops.isEmpty || found.cors >= 0
    }

    /// Appends the fields that rules add to a request. A field with a part that the request does not have is left out.
    package func appendRequestFields(
        _ entry: Int, _ head: borrowing RequestHead, _ bytes: borrowing Buffer, _ match: borrowing MatchScratch,
        _ texts: RequestTexts, to out: inout Buffer
    ) {
        for index in entries[entry].requestRules.range {
            let start = out.count
            arena.append(rules[index].name, to: &out)
            out.append(": ")
            let isWhole = appendValue(rules[index].parts, head, bytes, match, texts, to: &out)
            if isWhole { out.append("\r\n") } else { out.truncate(to: start) }
        }
    }

    private func appendValue(
        _ run: Run, _ head: borrowing RequestHead, _ bytes: borrowing Buffer, _ match: borrowing MatchScratch,
        _ texts: RequestTexts, to out: inout Buffer
    ) -> Bool {
        for index in run.range {
            switch parts[index] {
            case .literal(let text): arena.append(text, to: &out)
            case .capture(let number):
                guard match.appendCapture(Int(number), to: &out) else { return false }
            case .claim: return false
            case .host: match.appendHost(to: &out)
            case .method: out.append(bytes, head.methodToken.range)
            case .client: out.appendWithin(texts.client)
            case .requestID: out.appendWithin(texts.requestID)
            }
        }
        return true
    }

    /// Appends the fields that rules add to an answer that comes from an instance.
    package func appendAnswerFields(
        _ entry: Int, _ response: borrowing ResponseHead, _ bytes: borrowing Buffer, to out: inout Buffer
    ) {
        let found = entries[entry]
        arena.append(found.answerLines, to: &out)
        guard found.isSecured else { return }
        for field in SecurityField.allCases where !has(field, response, bytes) { out.append(field.line) }
    }

    /// The same for an answer of the gateway's own.
    package func appendAnswerFields(_ entry: Int, to out: inout Buffer) {
        arena.append(entries[entry].ownLines, to: &out)
        guard entries[entry].isSecured else { return }
        for field in SecurityField.allCases { out.append(field.line) }
    }

    private func has(
        _ field: SecurityField, _ response: borrowing ResponseHead, _ bytes: borrowing Buffer
    ) -> Bool {
        for index in 0..<response.fields.count where response.fields[index].known == .other {
            if bytes.bytes.slice(response.fields[index].name.range).equalsIgnoringCase(field.name) { return true }
        }
        return false
    }
}

/// Fields that `security_headers` adds.
enum SecurityField: CaseIterable {
    case contentTypeOptions
    case frameOptions
    case referrerPolicy
    case openerPolicy

    var name: StaticString {
        switch self {
        case .contentTypeOptions: "x-content-type-options"
        case .frameOptions: "x-frame-options"
        case .referrerPolicy: "referrer-policy"
        case .openerPolicy: "cross-origin-opener-policy"
        }
    }

    var line: StaticString {
        switch self {
        case .contentTypeOptions: "X-Content-Type-Options: nosniff\r\n"
        case .frameOptions: "X-Frame-Options: DENY\r\n"
        case .referrerPolicy: "Referrer-Policy: no-referrer\r\n"
        case .openerPolicy: "Cross-Origin-Opener-Policy: same-origin\r\n"
        }
    }
}
