extension TextRenderer {
    /// A longer line is shown in part, around its span.
    private static let lineBytesMax = 240
    /// Bytes of a long line that are shown before its span.
    private static let lineBytesBefore = 60

    /// The place, the line and the carets under it.
    func snippet(_ span: SourceSpan, label: String, gutter: Int, style: Paint.Style) -> [String] {
        let location = sources.location(of: span)
        let margin = String(repeating: " ", count: gutter)
        let number = String(location.line)
        let numbered = String(repeating: " ", count: gutter - number.utf8.count) + number
        let parts = split(span)
        let indent = String(repeating: " ", count: parts.before.columns)
        let carets = String(repeating: "^", count: max(1, parts.inside.columns))
        let under = paint(style, label.isEmpty ? carets : "\(carets) \(label)")
        let source = parts.before.text + parts.inside.text + parts.after.text
        let bar = paint(.frame, "|")
        return [
            "\(margin)\(paint(.frame, "-->")) \(location.description.visible)",
            "\(margin) \(bar)",
            source.isEmpty ? paint(.frame, "\(numbered) |") : paint(.frame, "\(numbered) |") + " " + source,
            "\(margin) \(bar) \(indent)\(under)",
        ]
    }

    /// The line of a span, cut at its two ends; a span over several lines ends with the first.
    private func split(_ span: SourceSpan) -> (before: VisibleText, inside: VisibleText, after: VisibleText) {
        let file = sources.files[Int(span.file)]
        let offset = min(Int(span.offset), file.text.count)
        let line = file.line(file.lineIndex(of: offset))
        let start = min(offset, line.endIndex)
        let end = min(start + Int(span.length), line.endIndex)
        let (before, inside, after) = (line[..<start], line[start..<end], line[end...])
        guard line.count > TextRenderer.lineBytesMax else {
            return (VisibleText(before), VisibleText(inside), VisibleText(after))
        }
        let left = before.endOfText(TextRenderer.lineBytesBefore)
        let middle = inside.startOfText(TextRenderer.lineBytesMax / 2)
        let room = TextRenderer.lineBytesMax - left.count - middle.count
        let right = middle.endIndex < end ? after.prefix(0) : after.startOfText(room)
        let isCut = middle.endIndex < end || right.endIndex < line.endIndex
        return (
            VisibleText(left, cutBefore: left.startIndex > line.startIndex), VisibleText(middle),
            VisibleText(right, cutAfter: isCut)
        )
    }
}

extension ArraySlice<UInt8> {
    /// Up to `count` bytes from the start, not ending inside a character.
    fileprivate func startOfText(_ count: Int) -> ArraySlice<UInt8> {
        guard self.count > count else { return self }
        var end = startIndex + count
        while end > startIndex, self[end] & 0xC0 == 0x80 { end -= 1 }
        return self[..<end]
    }

    /// Up to `count` bytes from the end, not starting inside a character.
    fileprivate func endOfText(_ count: Int) -> ArraySlice<UInt8> {
        guard self.count > count else { return self }
        var start = endIndex - count
        while start < endIndex, self[start] & 0xC0 == 0x80 { start += 1 }
        return self[start...]
    }
}
