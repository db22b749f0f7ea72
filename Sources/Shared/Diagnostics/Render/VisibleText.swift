// Text of a user made fit for a terminal: nothing in it can move the cursor, hide or reorder what is shown.

extension Unicode.Scalar {
    /// Whether a terminal would obey it, or not show it at all.
    private var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }

    /// Columns that a terminal gives it.
    fileprivate var columns: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: 0
        default: isWide ? 2 : 1
        }
    }

    /// East Asian wide and fullwidth characters, and emoji shown as pictures.
    private var isWide: Bool {
        switch value {
        case 0..<0x1100: false
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            true
        default: properties.isEmojiPresentation
        }
    }

    /// The scalar itself, spaces for a tab, or its number as `\u{1b}`.
    fileprivate var visible: String {
        if self == "\t" { return "    " }
        return isInvisible ? "\\u{\(String(value, radix: 16))}" : String(Character(self))
    }
}

/// Text without control characters, and the columns that it takes.
package struct VisibleText {
    package private(set) var text = ""
    package private(set) var columns = 0

    package init(_ text: some StringProtocol) {
        for scalar in text.unicodeScalars {
            let visible = scalar.visible
            self.text.unicodeScalars.append(contentsOf: visible.unicodeScalars)
            columns += visible.unicodeScalars.count == 1 ? scalar.columns : visible.unicodeScalars.count
        }
    }

    /// Bytes that are no UTF-8 show as the replacement character; an ellipsis stands for what was cut off.
    init(_ bytes: ArraySlice<UInt8>, cutBefore: Bool = false, cutAfter: Bool = false) {
        let text = String(decoding: bytes, as: UTF8.self)
        self.init((cutBefore ? "…" : "") + text + (cutAfter ? "…" : ""))
    }
}

extension String {
    /// The same text without control characters.
    package var visible: String { VisibleText(self).text }
}
