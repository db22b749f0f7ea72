/// A span as people and editors count it. The end is the position behind the last character.
package struct SourceExtent: Sendable, Hashable {
    package let start: SourceLocation
    package let end: SourceLocation
}

extension SourceMap {
    package func extent(of span: SourceSpan) -> SourceExtent {
        let end = SourceSpan(file: Int(span.file), offset: Int(span.offset) + Int(span.length), length: 0)
        return SourceExtent(start: location(of: span), end: location(of: end))
    }
}
