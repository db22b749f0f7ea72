internal import Bytes
internal import Kernel

/// A buffer lent by a `BufferPool`.
struct BufferID: BitwiseCopyable, Equatable {
    let index: Int32

    static let none = BufferID(index: -1)
    var isNone: Bool { index < 0 }
}

/// Buffers that connections borrow while they have bytes that cannot move on; an idle connection has none. The one
/// given back last is lent first, as its memory is still warm.
struct BufferPool: ~Copyable {
    private var buffers = Slab<Buffer>()
    private var spare = BoundedArray<Int32>(capacity: 4_096)
    private(set) var lent = 0

    mutating func take() -> BufferID {
        lent += 1
        if let index = spare.popLast() { return BufferID(index: index) }
        return BufferID(index: Int32(buffers.insert(Buffer(capacity: Bounds.bufferBytes)).index))
    }

    mutating func give(_ id: inout BufferID) {
        guard !id.isNone else { return }
        lent -= 1
        self[id].clear()
        if !spare.append(id.index) { _ = buffers.remove(key(id)) }
        id = .none
    }

    private func key(_ id: BufferID) -> SlabKey {
        guard let key = buffers.key(at: Int(id.index)) else { preconditionFailure("a buffer that was not lent") }
        return key
    }

    subscript(id: BufferID) -> Buffer {
        unsafeAddress { unsafe buffers.address(Int(id.index)) }
        unsafeMutableAddress { unsafe buffers.mutableAddress(Int(id.index)) }
    }

    // A lent buffer cannot be passed beside another property of the owner, so what is done with both is done here.

    func copy(_ id: BufferID, _ range: Range<Int>, to out: inout Buffer) {
        out.append(self[id], range)
    }

    func copy(_ id: BufferID, to out: inout Buffer) {
        out.append(self[id])
    }

    func equals(_ id: BufferID, _ range: Range<Int>, ignoringCase other: borrowing Buffer, _ place: Range<Int>) -> Bool
    {
        self[id].bytes.slice(range).equalsIgnoringCase(other.bytes.slice(place))
    }

    func send<Network: Transport & ~Copyable>(
        _ id: BufferID, to socket: Socket, over network: inout Network
    ) -> TransferResult {
        network.send(socket, self[id], 0..<self[id].count)
    }
}
