/// Index of a node in its document.
typealias NodeID = Int

/// One YAML file as a tree in an arena: every key and every value knows its bytes in the file.
struct Document {
    struct Node {
        enum Kind: UInt8 {
            /// Children are key, value, key, value …
            case mapping
            case sequence
            case plain
            case quoted
            /// Stands for another node of the same document.
            case alias
        }

        let kind: Kind
        /// Reported already: what reads this node says nothing more about it.
        var isDamaged = false
        /// Bytes in the file.
        let offset: UInt32
        var length: UInt32 = 0
        /// A scalar's first byte in `text`, a collection's first child, or an alias's target.
        var start: UInt32 = 0
        /// A scalar's bytes in `text`, or the number of a collection's children.
        var count: UInt32 = 0
        /// The next child of the same parent; 0 ends the list, because the root is nobody's child.
        var next: UInt32 = 0
    }

    /// The node at index 0 is the root; empty when the file holds no document.
    var nodes: [Node] = []
    /// The values of all scalars, one after another.
    var text: [UInt8] = []

    /// The node itself, or what it is an alias of.
    func resolved(_ id: NodeID) -> NodeID {
        nodes[id].kind == .alias ? Int(nodes[id].start) : id
    }

    func bytes(_ id: NodeID) -> ArraySlice<UInt8> {
        let node = nodes[id]
        return text[Int(node.start)..<Int(node.start) + Int(node.count)]
    }

    func string(_ id: NodeID) -> String {
        String(decoding: bytes(id), as: UTF8.self)
    }

    /// Whether the scalar says nothing at all: `key:` and then the end of the line.
    func isEmpty(_ id: NodeID) -> Bool {
        nodes[id].kind == .plain && nodes[id].count == 0
    }

    /// The children of a sequence, or the keys and values of a mapping in turn.
    func children(of id: NodeID) -> Children {
        Children(document: self, upcoming: Int(nodes[id].start))
    }

    /// The keys of a mapping with their values.
    func pairs(of id: NodeID) -> Pairs {
        Pairs(children: children(of: id))
    }

    struct Children: Sequence, IteratorProtocol {
        let document: Document
        var upcoming: NodeID

        mutating func next() -> NodeID? {
            guard upcoming != 0 else { return nil }
            defer { upcoming = Int(document.nodes[upcoming].next) }
            return upcoming
        }
    }

    struct Pairs: Sequence, IteratorProtocol {
        var children: Children

        mutating func next() -> (key: NodeID, value: NodeID)? {
            guard let key = children.next(), let value = children.next() else { return nil }
            return (key, value)
        }
    }
}
