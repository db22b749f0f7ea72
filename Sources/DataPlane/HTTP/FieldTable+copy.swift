// Field lines on their way from one head into the next.

package import Bytes

extension BoundedArray where Element == Field {
    /// Appends the lines of the fields but for the ones with a name in `dropped` and the ones that `Connection` names.
    /// Lines that stand side by side and read as they would be written are copied together.
    package func copyLines(
        of bytes: borrowing Buffer, except dropped: FieldNames, _ connection: ConnectionOptions, to out: inout Buffer
    ) {
        copyLines(of: bytes, except: dropped, connection, to: &out) { _ in false }
    }

    /// The same without the fields whose names `drops` tells.
    @inline(__always)
    package func copyLines(
        of bytes: borrowing Buffer, except dropped: FieldNames, _ connection: ConnectionOptions, to out: inout Buffer,
        drops: (RawSpan) -> Bool
    ) {
        var run = 0..<0
        for index in 0..<count {
            let field = self[index]
            if dropped.contains(field.known) { continue }
            if connection.namesFields, ConnectionOptions.names(field, self, bytes) { continue }
            if drops(bytes.bytes.slice(field.name.range)) { continue }
            let line = field.line
            if field.isPlain, Int(field.name.offset) == run.upperBound {
                run = run.lowerBound..<line.upperBound
                continue
            }
            if !run.isEmpty { out.append(bytes, run) }
            run = field.isPlain ? line : 0..<0
            if !field.isPlain { out.append(field, of: bytes) }
        }
        if !run.isEmpty { out.append(bytes, run) }
    }
}

extension Field {
    /// From the name to the end of the line, when the line is plain.
    fileprivate var line: Range<Int> { Int(name.offset)..<value.end + 2 }
}

extension Buffer {
    fileprivate mutating func append(_ field: Field, of bytes: borrowing Buffer) {
        append(bytes, field.name.range)
        append(": ")
        append(bytes, field.value.range)
        append("\r\n")
    }
}
