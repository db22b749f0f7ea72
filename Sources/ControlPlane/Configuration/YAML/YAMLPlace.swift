internal import Diagnostics

/// Where the nodes of one file are: positions of libyaml turned into spans.
struct YAMLPlace {
    let file: Int
    let bytes: [UInt8]
    let offsets: CharacterOffsets

    init(file: Int, bytes: [UInt8], check: TextCheck) {
        self.file = file
        self.bytes = bytes
        offsets = CharacterOffsets(bytes, start: check.start, isASCII: check.isASCII)
    }

    /// First and last byte of an event. A block scalar ends with its last line that has text.
    func bytes(_ event: YAMLEvent) -> (offset: Int, end: Int) {
        let offset = offsets.byte(event.start)
        var end = max(offset, offsets.byte(event.end))
        while end > offset, event.kind == .blockScalar, " \n\r".utf8.contains(bytes[end - 1]) { end -= 1 }
        if event.kind == .plainScalar || event.kind == .quotedScalar, event.anchor != nil || event.tag != nil {
            return (valueStart(from: offset, to: end), end)
        }
        return (offset, end)
    }

    func span(_ offset: Int, _ end: Int) -> SourceSpan {
        SourceSpan(file: file, offset: offset, length: max(0, end - offset))
    }

    func span(of node: Document.Node) -> SourceSpan {
        SourceSpan(file: file, offset: Int(node.offset), length: Int(node.length))
    }

    /// Bytes up to the end, or up to the end of the first line when there are more.
    func firstLine(from offset: Int, to end: Int) -> Int {
        let stop = min(end, bytes.count)
        guard offset < stop else { return 0 }
        var length = (bytes[offset..<stop].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? stop) - offset
        while length > 0, bytes[offset + length - 1] == 0x20 { length -= 1 }
        return length
    }

    func starts(_ node: Document.Node, with text: String) -> Bool {
        bytes.dropFirst(Int(node.offset)).starts(with: text.utf8)
    }

    /// `!!int` instead of the long form that the parser makes of it.
    func shortTag(_ tag: String) -> String {
        let core = "tag:yaml.org,2002:"
        return tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
    }

    /// The tag of an event: the first word in front of its value that begins with `!`.
    func tagSpan(_ event: YAMLEvent) -> SourceSpan {
        let end = offsets.byte(event.end)
        var start = offsets.byte(event.start)
        while start < end, bytes[start] != UInt8(ascii: "!") { start += 1 }
        let word = bytes[start...].prefix { !" \t\r\n,]}".utf8.contains($0) }
        return span(start, start + max(1, word.count))
    }

    /// Behind `&anchor` and `!tag`, which libyaml counts as a part of the value.
    private func valueStart(from offset: Int, to end: Int) -> Int {
        var start = offset
        while start < end, bytes[start] == UInt8(ascii: "&") || bytes[start] == UInt8(ascii: "!") {
            while start < end, !" \t\n\r".utf8.contains(bytes[start]) { start += 1 }
            while start < end, " \t\n\r".utf8.contains(bytes[start]) { start += 1 }
        }
        return start
    }
}
