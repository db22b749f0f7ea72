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

/// Slots for elements with one owner each. Grows by doubling; never shrinks.
@safe
@usableFromInline package struct Slab<Element: ~Copyable>: ~Copyable {
    // Invariant: `elements[i]` is initialised exactly when `generations[i]` is odd.
    @usableFromInline var elements: UnsafeMutablePointer<Element>
    @usableFromInline var generations: UnsafeMutablePointer<UInt32>
    @usableFromInline var capacity: Int
    @usableFromInline var used: Int
    @usableFromInline var vacant: [UInt32]
    /// Elements alive.
    package private(set) var count: Int

    package init(capacity: Int = 64) {
        self.capacity = capacity
        unsafe elements = .allocate(capacity: capacity)
        unsafe generations = .allocate(capacity: capacity)
        unsafe generations.initialize(repeating: 0, count: capacity)
        used = 0
        vacant = []
        count = 0
    }

    deinit {
        for index in 0..<used where unsafe generations[index] & 1 == 1 {
            unsafe (elements + index).deinitialize(count: 1)
        }
        unsafe elements.deallocate()
        unsafe generations.deallocate()
    }

    package mutating func insert(_ element: consuming Element) -> SlabKey {
        let index: Int
        if let free = vacant.popLast() {
            index = Int(free)
        } else {
            if used == capacity { grow() }
            index = used
            used += 1
        }
        unsafe (elements + index).initialize(to: element)
        unsafe generations[index] &+= 1
        count += 1
        return SlabKey(index: UInt32(index), generation: unsafe generations[index])
    }

    package mutating func remove(_ key: SlabKey) -> Element {
        precondition(contains(key))
        let index = Int(key.index)
        unsafe generations[index] &+= 1
        vacant.append(key.index)
        count -= 1
        return unsafe (elements + index).move()
    }

    @inlinable @inline(__always) package func contains(_ key: SlabKey) -> Bool {
        // No key was ever made of a vacant slot, so the generations are equal for the element alone.
        unsafe Int(key.index) < used && generations[Int(key.index)] == key.generation
    }

    /// The key of the element in a slot, or nil when the slot is vacant.
    @inlinable package func key(at index: Int) -> SlabKey? {
        guard index < used, unsafe generations[index] & 1 == 1 else { return nil }
        return SlabKey(index: UInt32(index), generation: unsafe generations[index])
    }

    /// Slots ever used: the bound for a walk with `key(at:)`.
    package var slots: Int { used }

    @inlinable package subscript(key: SlabKey) -> Element {
        @inline(__always)
        unsafeAddress {
            precondition(contains(key))
            return unsafe UnsafePointer(elements + Int(key.index))
        }
        @inline(__always)
        unsafeMutableAddress {
            precondition(contains(key))
            return unsafe elements + Int(key.index)
        }
    }

    private mutating func grow() {
        let larger = capacity * 2
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        let marks = UnsafeMutablePointer<UInt32>.allocate(capacity: larger)
        unsafe moved.moveInitialize(from: elements, count: used)
        unsafe marks.initialize(repeating: 0, count: larger)
        unsafe marks.update(from: generations, count: used)
        unsafe elements.deallocate()
        unsafe generations.deallocate()
        unsafe elements = moved
        unsafe generations = marks
        capacity = larger
    }
}

extension Slab where Element: ~Copyable {
    /// Where the element of a slot in use lies, for owners that keep slots without generations.
    @inlinable @inline(__always) package func address(_ index: Int) -> UnsafePointer<Element> {
        precondition(index >= 0 && index < used)
        return unsafe UnsafePointer(elements + index)
    }

    @inlinable @inline(__always) package mutating func mutableAddress(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < used)
        return unsafe elements + index
    }
}
