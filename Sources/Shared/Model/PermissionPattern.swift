/// What a route asks for and a rule grants: words between colons, `orders:read`. In a pattern `*` stands for one word,
/// and at its end for one or more.
package struct PermissionPattern: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    private let words: [Substring]

    package init(_ text: String) {
        self.text = text
        words = text.split(separator: ":", omittingEmptySubsequences: false)
    }

    package var description: String { text }

    /// Whether it can stand for more than itself.
    package var isWide: Bool { words.contains("*") }

    /// Whether it stands for everything that the other one stands for.
    package func covers(_ other: PermissionPattern) -> Bool {
        if !isWide { return text == other.text }
        let isOpen = words.last == "*"
        guard isOpen ? other.words.count >= words.count : other.words.count == words.count else { return false }
        // An open end of the other is longer than any number of words that is fixed here.
        if !isOpen, other.words.last == "*" { return false }
        return zip(words, other.words).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
