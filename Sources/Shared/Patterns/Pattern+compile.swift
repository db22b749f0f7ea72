internal import CPCRE2

extension Pattern {
    /// The code of a source, anchored at both ends and translated to machine code where that is possible.
    static func compile(_ source: String) throws(PatternFailure) -> OpaquePointer {
        let options =
            PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C
        var error: Int32 = 0
        var offset = 0
        var source = source
        let compiled = source.withUTF8 { bytes in
            unsafe pcre2_compile_8(bytes.baseAddress, bytes.count, options, &error, &offset, nil)
        }
        guard let code = unsafe compiled else {
            throw PatternFailure(message: message(of: error), offset: offset)
        }
        // Without memory for machine code the interpreter does the work, more slowly.
        _ = unsafe pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
        return unsafe code
    }

    private static func message(of error: Int32) -> String {
        let text = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            let length = unsafe pcre2_get_error_message_8(error, buffer.baseAddress, buffer.count)
            return unsafe String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
        }
        return text.isEmpty ? "error \(error)" : text
    }

    static func namedGroups(of code: OpaquePointer) -> [(name: String, number: Int)] {
        var count: UInt32 = 0
        var entrySize: UInt32 = 0
        var table: UnsafePointer<UInt8>? = nil
        unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
        unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &entrySize)
        unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard count > 0, let table = unsafe table else { return [] }

        var groups: [(name: String, number: Int)] = []
        for index in 0..<Int(count) {
            let entry = unsafe UnsafeBufferPointer(start: table + index * Int(entrySize), count: Int(entrySize))
            let name = unsafe entry.dropFirst(2).prefix { $0 != 0 }
            let number = unsafe Int(entry[0]) << 8 | Int(entry[1])
            groups.append((unsafe String(decoding: name, as: UTF8.self), number))
        }
        return groups.sorted { $0.number < $1.number }
    }

    /// Where a group matched; nil when it took no part.
    static func range(of group: Int, in data: OpaquePointer) -> Range<Int>? {
        guard group < Int(unsafe pcre2_get_ovector_count_8(data)),
            let offsets = unsafe pcre2_get_ovector_pointer_8(data)
        else { return nil }
        let start = unsafe offsets[2 * group]
        let end = unsafe offsets[2 * group + 1]
        // A group that took no part is at -1; `\K` in a lookahead can put a start behind its end.
        return start >= 0 && start <= end ? start..<end : nil
    }
}
