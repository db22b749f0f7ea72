import Bytes
import HTTP

@Sendable func checkChunkedBody(_ input: [UInt8]) throws(Violation) {
    let input = FuzzInput(input)
    // Within the bounds on extensions and trailers, which the grammar does not know.
    guard input.bytes.count <= 4_096 else { return }
    let reference = ReferenceChunks(input.bytes)
    guard reference.trailers.count <= BodyReader.trailerLimits.fields else { return }
    try check(input.bytes, cut: [], against: reference)
    for cut in input.cuts { try check(input.bytes, cut: [cut], against: reference) }
    try check(input.bytes, cut: Array(0...input.bytes.count), against: reference)
}

/// Reads the body in pieces: however it is cut, the same data come out and it ends at the same place.
private func check(_ bytes: [UInt8], cut: [Int], against reference: ReferenceChunks) throws(Violation) {
    func claim(_ part: String) -> String { "\(part) of \(bytes.shown), cut at \(cut)" }
    var reader = BodyReader(.chunked)
    var table = FieldTable(capacity: BodyReader.trailerLimits.fields)
    var data: [UInt8] = []
    var position = 0
    // What stands before the body in the buffer stays as it is.
    let before = Array("head".utf8)
    for end in cut + [bytes.count] where !reader.isFinished {
        var held = exactBuffer(before + bytes[position..<end])
        let piece: BodyPiece
        do throws(Fault) { piece = try reader.read(&held, from: before.count, trailers: &table) } catch {
            if case .refused = reference.end { return }
            // A section can be seen to be no good before it is whole.
            if reference.end == .open, reference.isInTrailers { return }
            throw Violation(claim("the refusal (\(error))"))
        }
        let after = held.bytes.array
        try hold(after.starts(with: before), claim("what stands before the body"))
        try hold(piece.data.lowerBound == before.count && piece.data.upperBound <= piece.consumed, claim("a piece"))
        try holdEqual(piece.isLast, reader.isFinished, claim("the end"))
        try hold(
            piece.isLast || piece.consumed == after.count || reader.isInTrailers, claim("the bytes that were taken"))
        data += after[piece.data]
        position += piece.consumed - before.count
        let trailers = (0..<table.count).map { index in
            ReferenceField(name: after.at(table[index].name), value: after.at(table[index].value))
        }
        try holdEqual(trailers, piece.isLast ? reference.trailers : [], claim("the trailers"))
    }
    switch reference.end {
    case .open: try hold(!reader.isFinished, claim("the end"))
    case .complete(let end): try hold(reader.isFinished && position == end, claim("the end"))
    case .refused: throw Violation(claim("the acceptance"))
    }
    try holdEqual(data, reference.data, claim("the data"))
}
