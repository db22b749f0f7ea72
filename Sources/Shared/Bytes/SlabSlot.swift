// Elements of a slab that are found once and then reached without asking again.

/// An element of a slab for the length of one step of its owner. Whatever may remove the element is followed by
/// `isInUse` before the next access; a debug build refuses an access that comes too late.
@safe
@usableFromInline package struct SlabSlot<Element: BitwiseCopyable>: BitwiseCopyable {
    // Invariant: `place` is a slot of a slab that outlives the step. Slots neither move nor go, and every one that was
    // used once has bytes of an element, so that a late access in a release build reaches nothing but an element.
    @usableFromInline package let key: SlabKey
    @usableFromInline let place: UnsafeMutablePointer<Element>

    @inlinable init(_ key: SlabKey, _ place: UnsafeMutablePointer<Element>) {
        self.key = key
        unsafe self.place = place
    }

    /// Whether the element has not been removed.
    @inlinable @inline(__always) package var isInUse: Bool {
        unsafe SlotLayout<Element>.generation(place).pointee == key.generation
    }

    /// Where the element lies, for owners that reach into it.
    @unsafe @inlinable @inline(__always) package var address: UnsafeMutablePointer<Element> {
        assert(isInUse)
        return unsafe place
    }

    @inlinable package var element: Element {
        @inline(__always)
        unsafeAddress {
            assert(isInUse)
            return unsafe UnsafePointer(place)
        }
        @inline(__always)
        nonmutating unsafeMutableAddress {
            assert(isInUse)
            return unsafe place
        }
    }
}

extension Slab where Element: BitwiseCopyable {
    /// The slot of an element that is there.
    @inlinable @inline(__always) package func slot(_ key: SlabKey) -> SlabSlot<Element> {
        precondition(contains(key))
        return unsafe SlabSlot(key, element(Int(key.index)))
    }

    /// The slot at an index, or nil when it is vacant.
    @inlinable @inline(__always) package func slot(at index: Int) -> SlabSlot<Element>? {
        guard let key = key(at: index) else { return nil }
        return unsafe SlabSlot(key, element(index))
    }
}
