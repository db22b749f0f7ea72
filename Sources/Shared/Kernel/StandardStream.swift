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
