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
    // What a burst has used beyond these goes back.
    private var spareSmall = BoundedArray<Int32>(capacity: 1_024)
    private var spareLarge = BoundedArray<Int32>(capacity: 64)
    private(set) var lent = 0
    /// Capacity of what is lent.
    private(set) var bytesLent = 0
    /// Beyond this nothing new should begin. What has begun may go beyond it.
    var bytesMax = Int.max
    /// Capacity of a large buffer. Lent ones of another size go when they come back.
    var bufferBytes = Bounds.bufferBytes {
        didSet { while let index = spareLarge.popLast() { _ = buffers.remove(key(BufferID(index: index))) } }
    }

    /// Most heads and records fit into one of these.
    static let smallBytes = 16_384

    /// What holds so many bytes.
    static func smallest(for room: Int, largest: Int) -> Int { room <= smallBytes ? smallBytes : largest }

    var isExhausted: Bool { bytesLent > bytesMax }

    /// A buffer with room for so many bytes, as far as any has it.
    mutating func take(room: Int = .max) -> BufferID {
        lent += 1
        let size = BufferPool.smallest(for: room, largest: bufferBytes)
        bytesLent += size
        let spare = size == BufferPool.smallBytes ? spareSmall.popLast() : spareLarge.popLast()
        if let spare { return BufferID(index: spare) }
        return BufferID(index: Int32(buffers.insert(Buffer(capacity: size)).index))
    }

    mutating func give(_ id: inout BufferID) {
        guard !id.isNone else { return }
        lent -= 1
        let size = self[id].capacity
        bytesLent -= size
        self[id].clear()
        let isKept =
            switch size {
            case BufferPool.smallBytes: spareSmall.append(id.index)
            case bufferBytes: spareLarge.append(id.index)
            default: false
            }
        if !isKept { _ = buffers.remove(key(id)) }
        id = .none
    }

    /// Makes room for more bytes behind those of a buffer; takes one when there is none.
    mutating func reserve(_ id: inout BufferID, _ count: Int) {
        if id.isNone {
            id = take(room: count)
        } else if self[id].free < count {
            enlarge(&id, keeping: self[id].count)
        }
    }

    /// Whether a buffer was small and is full or nearly so. Then it is a large one, with its first bytes.
    mutating func enlargeForMore(_ id: inout BufferID, keeping count: Int) -> Bool {
        guard self[id].capacity == BufferPool.smallBytes, self[id].overflowed || self[id].free < 1_024 else {
            return false
        }
        enlarge(&id, keeping: count)
        return true
    }

    private mutating func enlarge(_ id: inout BufferID, keeping count: Int) {
        let old = buffers.remove(key(id))
        lent -= 1
        bytesLent -= old.capacity
        id = take()
        self[id].append(old, 0..<count)
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

    @inline(__always) func copy(_ id: BufferID, _ range: Range<Int>, to out: inout Buffer) {
        out.append(self[id], range)
    }

    func copy(_ id: BufferID, to out: inout Buffer) {
        out.append(self[id])
    }

    func equals(_ id: BufferID, _ range: Range<Int>, ignoringCase other: borrowing Buffer, _ place: Range<Int>) -> Bool
    {
        self[id].bytes.slice(range).equalsIgnoringCase(other.bytes.slice(place))
    }

    @inline(__always) func send<Network: Transport & ~Copyable>(
        _ id: BufferID, from start: Int = 0, to socket: Socket, over network: inout Network
    ) -> TransferResult {
        network.send(socket, self[id], start..<self[id].count)
    }
}
