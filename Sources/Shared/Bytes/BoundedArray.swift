/// Plain values in one allocation of fixed capacity, made once and used again.
@safe
@usableFromInline package struct BoundedArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    // Invariant: the first `count` of `capacity` elements are initialised.
    @usableFromInline let base: UnsafeMutablePointer<Element>
    @usableFromInline package let capacity: Int
    @usableFromInline package internal(set) var count: Int

    package init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity)
        count = 0
    }

    deinit {
        unsafe base.deallocate()
    }

    @inlinable @inline(__always) package var isEmpty: Bool { count == 0 }

    @inlinable @inline(__always) package mutating func removeAll() { count = 0 }

    /// Appends, or returns false when full.
    @inlinable @inline(__always) package mutating func append(_ element: Element) -> Bool {
        guard count < capacity else { return false }
        unsafe (base + count).initialize(to: element)
        count += 1
        return true
    }

    @inlinable @inline(__always) package mutating func popLast() -> Element? {
        guard count > 0 else { return nil }
        count -= 1
        return unsafe base[count]
    }

    @inlinable @inline(__always) package subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count)
            return unsafe base[index]
        }
        set {
            precondition(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }
}
