// Templates filled with the captures of a match.

package import Bytes
package import HTTP

extension RouteTable {
    /// Appends the target that an instance sees: a path and the query of the request.
    package func appendTarget(
        _ path: ForwardedPath, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ scratch: borrowing MatchScratch, to out: inout Buffer
    ) {
        switch path {
        case .normal: out.append(scratch.path.bytes)
        case .raw: if head.path.isEmpty { out.append("/") } else { out.append(bytes.slice(head.path.range)) }
        case .template(let template): append(template, scratch, to: &out)
        }
        appendQuery(head, bytes, to: &out)
    }

    /// Appends the `Location` of a redirect.
    package func appendLocation(
        _ template: CompiledTemplate, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ scratch: borrowing MatchScratch, to out: inout Buffer
    ) {
        append(template, scratch, to: &out)
        if !template.hasQuery { appendQuery(head, bytes, to: &out) }
    }

    private func append(_ template: CompiledTemplate, _ scratch: borrowing MatchScratch, to out: inout Buffer) {
        let start = out.count
        for index in template.parts.range {
            switch parts[index] {
            case .literal(let text): arena.append(text, to: &out)
            case .host: out.append(scratch.host.bytes)
            case .capture(let number):
                guard Int(number) < scratch.captures.count else { continue }
                if let range = scratch.capture(Int(number)) {
                    out.append(scratch.path.bytes.slice(range))
                } else {
                    dropSlash(&out, from: start)
                }
            }
        }
    }

    /// The path ended without the slash before its tail, and so does what is made of it.
    private func dropSlash(_ out: inout Buffer, from start: Int) {
        guard out.count - start > 1, out.bytes.byte(at: out.count - 1) == UInt8(ascii: "/") else { return }
        out.truncate(to: out.count - 1)
    }

    private func appendQuery(_ head: borrowing RequestHead, _ bytes: RawSpan, to out: inout Buffer) {
        guard head.hasQuery else { return }
        out.append(UInt8(ascii: "?"))
        out.append(bytes.slice(head.query.range))
    }
}
