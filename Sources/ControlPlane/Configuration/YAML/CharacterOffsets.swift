/// Turns positions in characters, which libyaml counts, into offsets in bytes. O(1) a look-up.
struct CharacterOffsets {
    private static let stride = 64

    private let bytes: [UInt8]
    /// Byte offset of every 64th character; empty when every character is one byte.
    private let marks: [UInt32]

    /// `start` is where the first character begins: behind a byte order mark.
    init(_ bytes: [UInt8], start: Int, isASCII: Bool) {
        self.bytes = bytes
        guard !isASCII else {
            marks = []
            return
        }
        var marks: [UInt32] = []
        var characters = 0
        for offset in start..<max(start, bytes.count) where bytes[offset] & 0xC0 != 0x80 {
            if characters % CharacterOffsets.stride == 0 { marks.append(UInt32(clamping: offset)) }
            characters += 1
        }
        self.marks = marks
    }

    /// Bytes before the character; positions behind the end are the end.
    func byte(_ character: Int) -> Int {
        guard !marks.isEmpty else { return min(character, bytes.count) }
        let mark = character / CharacterOffsets.stride
        guard mark < marks.count else { return bytes.count }
        var offset = Int(marks[mark])
        var left = character % CharacterOffsets.stride
        while left > 0, offset < bytes.count {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            left -= 1
        }
        return offset
    }
}
