// Things with identity, reached by index. A slot that is used again has another generation, so a late event cannot
// reach the wrong thing.

/// Where something lies in a `Slab`, and which use of the slot it is.
@usableFromInline package struct SlabKey: BitwiseCopyable, Sendable, Hashable {
    @usableFromInline package let index: UInt32
    @usableFromInline package let generation: UInt32

    @inlinable package init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    /// No place.
    @inlinable package static var none: SlabKey { SlabKey(index: .max, generation: 0) }
    @inlinable package var isNone: Bool { index == .max }

    @inlinable package static func == (left: SlabKey, right: SlabKey) -> Bool {
        left.index == right.index && left.generation == right.generation
    }
}

/// Slots for elements with one owner each. Grows by chunks, and never shrinks: an element stays where it is.
@safe
@usableFromInline package struct Slab<Element: ~Copyable>: ~Copyable {
    // Invariant: chunk `n` has the slots from `n << chunkBits` on, for as long as the slab lives. Slots below `used` have
    // a generation, which is odd exactly when the element of the slot is initialised.
    @usableFromInline var chunks: UnsafeMutablePointer<UnsafeMutableRawPointer>
    @usableFromInline var used = 0
    private var chunkCount = 0
    private var vacant: [UInt32] = []
    /// Elements alive.
    package private(set) var count = 0

    @inlinable @inline(__always) static var chunkBits: Int { 6 }
    @inlinable @inline(__always) static var chunkSlots: Int { 1 << chunkBits }

    package init() {
        unsafe chunks = .allocate(capacity: 0)
    }

    deinit {
        for index in 0..<used where unsafe SlotLayout<Element>.generation(element(index)).pointee & 1 == 1 {
            unsafe element(index).deinitialize(count: 1)
        }
        for number in 0..<chunkCount { unsafe chunks[number].deallocate() }
        unsafe chunks.deallocate()
    }

    package mutating func insert(_ element: consuming Element) -> SlabKey {
        let index: Int
        if let free = vacant.popLast() {
            index = Int(free)
        } else {
            if used == chunkCount << Slab.chunkBits { grow() }
            index = used
            used += 1
            unsafe SlotLayout<Element>.generation(self.element(index)).initialize(to: 0)
        }
        let place = unsafe self.element(index)
        unsafe place.initialize(to: element)
        unsafe SlotLayout<Element>.generation(place).pointee &+= 1
        count += 1
        return SlabKey(index: UInt32(index), generation: unsafe SlotLayout<Element>.generation(place).pointee)
    }

    package mutating func remove(_ key: SlabKey) -> Element {
        precondition(contains(key))
        let place = unsafe element(Int(key.index))
        unsafe SlotLayout<Element>.generation(place).pointee &+= 1
        vacant.append(key.index)
        count -= 1
        return unsafe place.move()
    }

    @inlinable @inline(__always) package func contains(_ key: SlabKey) -> Bool {
        // No key was ever made of a vacant slot, so the generations are equal for the element alone.
        unsafe Int(key.index) < used
            && SlotLayout<Element>.generation(element(Int(key.index))).pointee == key.generation
    }

    /// The key of the element in a slot, or nil when the slot is vacant.
    @inlinable package func key(at index: Int) -> SlabKey? {
        guard index < used else { return nil }
        let generation = unsafe SlotLayout<Element>.generation(element(index)).pointee
        return generation & 1 == 1 ? SlabKey(index: UInt32(index), generation: generation) : nil
    }

    /// Slots ever used: the bound for a walk with `key(at:)`.
    package var slots: Int { used }

    @inlinable package subscript(key: SlabKey) -> Element {
        @inline(__always)
        unsafeAddress {
            precondition(contains(key))
            return unsafe UnsafePointer(element(Int(key.index)))
        }
        @inline(__always)
        unsafeMutableAddress {
            precondition(contains(key))
            return unsafe element(Int(key.index))
        }
    }

    /// The slot is below `used`.
    @inlinable @inline(__always) func element(_ index: Int) -> UnsafeMutablePointer<Element> {
        let offset = (index & (Slab.chunkSlots - 1)) * SlotLayout<Element>.stride
        return unsafe (chunks[index >> Slab.chunkBits] + offset).assumingMemoryBound(to: Element.self)
    }

    private mutating func grow() {
        let longer = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(capacity: chunkCount + 1)
        unsafe longer.initialize(from: chunks, count: chunkCount)
        unsafe (longer + chunkCount).initialize(
            to: .allocate(
                byteCount: Slab.chunkSlots * SlotLayout<Element>.stride,
                alignment: MemoryLayout<Element>.alignment))
        unsafe chunks.deallocate()
        unsafe chunks = longer
        chunkCount += 1
    }
}

extension Slab where Element: ~Copyable {
    /// Where the element of a slot in use lies, for owners that keep slots without generations.
    @inlinable @inline(__always) package func address(_ index: Int) -> UnsafePointer<Element> {
        precondition(index >= 0 && index < used)
        return unsafe UnsafePointer(element(index))
    }

    @inlinable @inline(__always) package mutating func mutableAddress(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < used)
        return unsafe element(index)
    }
}

/// A slot is an element and, behind it, its generation.
@usableFromInline enum SlotLayout<Element: ~Copyable> {
    @inlinable @inline(__always) static var generationOffset: Int { (MemoryLayout<Element>.size + 3) & ~3 }

    @inlinable @inline(__always) static var stride: Int {
        let alignment = max(MemoryLayout<Element>.alignment, 4)
        return (generationOffset + 4 + alignment - 1) & ~(alignment - 1)
    }

    /// The generation behind the element of a slot.
    @inlinable @inline(__always) static func generation(
        _ element: UnsafeMutablePointer<Element>
    ) -> UnsafeMutablePointer<UInt32> {
        unsafe (UnsafeMutableRawPointer(element) + generationOffset).assumingMemoryBound(to: UInt32.self)
    }
}
