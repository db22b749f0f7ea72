internal import CLinux

/// Where a command writes.
package enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    package var isTerminal: Bool { clinux_is_terminal(rawValue) == 1 }

    /// Writes all of the text. A reader that has gone is not our failure: the rest is left out.
    package func write(_ text: String) {
        var rest = text[...].utf8
        while !rest.isEmpty {
            let piece = Array(rest.prefix(1 << 16))
            guard write(piece) else { return }
            rest = rest.dropFirst(piece.count)
        }
    }

    package static var inputIsTerminal: Bool { clinux_is_terminal(0) == 1 }

    /// Asks for a line on the terminal that is not shown there.
    package static func readHiddenLine(_ prompt: String) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = try Errno.check(
            unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe clinux_read_hidden(prompt, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
            })
        let line = Array(bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") })
        for index in bytes.indices { bytes[index] = 0 }
        return line
    }

    /// All of standard input, whatever it is; `EFBIG` beyond `limit` bytes.
    package static func readInput(limit: Int = 1 << 20) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            var piece = [UInt8](repeating: 0, count: 4_096)
            let count = try Files.retrying {
                unsafe piece.withUnsafeMutableBytes { unsafe clinux_read(0, $0.baseAddress, $0.count) }
            }
            guard count > 0 else { return bytes }
            bytes += piece.prefix(count)
            guard bytes.count <= limit else { throw .fileTooBig }
        }
    }

    private func write(_ piece: [UInt8]) -> Bool {
        var start = 0
        while start < piece.count {
            let written = try? Files.retrying {
                unsafe piece.span.extracting(start...).withUnsafeBytes { bytes in
                    unsafe clinux_write(rawValue, bytes.baseAddress, bytes.count)
                }
            }
            guard let written else { return false }
            start += written
        }
        return true
    }
}
