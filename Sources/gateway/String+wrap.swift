extension String {
    /// Lines broken at spaces to fit a width; lines that begin with a space, such as examples, stay as they are.
    func wrapped(at width: Int) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix(" ") ? String(line) : String.wrapped(line, at: width)
        }.joined(separator: "\n")
    }

    private static func wrapped(_ line: Substring, at width: Int) -> String {
        var lines: [String] = []
        for word in line.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }
}
