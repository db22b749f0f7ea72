// What a token says, read once: values in a flat list and their text in one arena.

package import Bytes
package import Model

/// A JSON object, immutable. Node 0 is the object itself; members and elements are reached by index.
package final class Claims: Sendable {
    /// Names and strings, without escapes.
    package let text: FrozenArray<UInt8>
    package let nodes: FrozenArray<ClaimNode>

    init(text: [UInt8], nodes: [ClaimNode]) {
        self.text = FrozenArray(text)
        self.nodes = FrozenArray(nodes)
    }

    /// The node at a path of names.
    package func find(_ path: CompiledClaimPath) -> Int? {
        var place = 0
        for index in 0..<path.names.count {
            guard let member = member(of: place, path, path.names[index]) else { return nil }
            place = member
        }
        return place
    }

    private func member(of place: Int, _ path: CompiledClaimPath, _ name: ByteRange) -> Int? {
        let object = nodes[place]
        guard object.kind == .object else { return nil }
        var index = place + 1
        while index < Int(object.end) {
            if text.equals(nodes[index].name, path.text, name) { return index }
            index = Int(nodes[index].end)
        }
        return nil
    }

    /// The first value of an array or an object; go on with `next(after:)` until `end(of:)`.
    package func first(in place: Int) -> Int { place + 1 }
    package func next(after place: Int) -> Int { Int(nodes[place].end) }
    package func end(of place: Int) -> Int { Int(nodes[place].end) }

    /// The bytes of a string; nil for anything else.
    package func string(_ place: Int) -> [UInt8]? {
        nodes[place].kind == .string ? text.array(nodes[place].text) : nil
    }

    package func equals(_ place: Int, _ bytes: RawSpan) -> Bool {
        nodes[place].kind == .string && text.equals(nodes[place].text, bytes)
    }
}

/// A claim's path as bytes.
package final class CompiledClaimPath: Sendable {
    package let text: FrozenArray<UInt8>
    package let names: FrozenArray<ByteRange>

    package init(_ path: ClaimPath) {
        var text: [UInt8] = []
        var names: [ByteRange] = []
        for name in path.names {
            names.append(ByteRange(offset: text.count, length: name.utf8.count))
            text += name.utf8
        }
        self.text = FrozenArray(text)
        self.names = FrozenArray(names)
    }
}
