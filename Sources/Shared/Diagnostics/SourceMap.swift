// The texts that a configuration was read from, and positions in them.

/// A run of bytes in one file of a `SourceMap`. Twelve bytes, so that every leaf of the graph can own one.
package struct SourceSpan: Sendable, Hashable {
    /// Index of the file in its `SourceMap`.
    package let file: UInt32
    /// Bytes from the start of the file.
    package let offset: UInt32
    /// Bytes; 0 marks a point.
    package let length: UInt32

    package init(file: Int, offset: Int, length: Int) {
        self.file = UInt32(clamping: file)
        self.offset = UInt32(clamping: offset)
        self.length = UInt32(clamping: length)
    }
}

/// A position as people and editors count it: lines from 1, columns from 1 in characters (Unicode scalars).
package struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    package let path: String
    package let line: Int
    package let column: Int

    package var description: String { "\(path):\(line):\(column)" }
}

/// One file: the path as it is shown, and its bytes.
package struct SourceFile: Sendable {
    package let path: String
    package let text: [UInt8]
    /// Offset of the first byte of each line.
    package let lineStarts: [UInt32]

    package init(path: String, text: [UInt8]) {
        self.path = path
        self.text = text
        var starts: [UInt32] = [0]
        for index in text.indices where text[index] == UInt8(ascii: "\n") {
            starts.append(UInt32(clamping: index + 1))
        }
        self.lineStarts = starts
    }

    /// Index of the line that holds `offset`, from 0.
    package func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The bytes of a line, without its end.
    package func line(_ index: Int) -> ArraySlice<UInt8> {
        let start = Int(lineStarts[index])
        var end = index + 1 < lineStarts.count ? Int(lineStarts[index + 1]) - 1 : text.count
        if end > start, text[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return text[start..<max(start, end)]
    }
}

/// All files of one configuration, in path order.
package struct SourceMap: Sendable {
    package let files: [SourceFile]

    package init(files: [SourceFile] = []) {
        self.files = files
    }

    package func location(of span: SourceSpan) -> SourceLocation {
        let file = files[Int(span.file)]
        let offset = min(Int(span.offset), file.text.count)
        let line = file.lineIndex(of: offset)
        let before = file.text[Int(file.lineStarts[line])..<offset]
        let column = before.reduce(into: 1) { count, byte in if byte & 0xC0 != 0x80 { count += 1 } }
        return SourceLocation(path: file.path, line: line + 1, column: column)
    }
}
