import Bytes
import TestSupport
import Testing

@Suite struct SlabTests {
    /// Counts how many of its kind are alive.
    private final class Census {
        var alive = 0
    }

    private struct Thing: ~Copyable {
        let number: Int
        let census: Census

        init(_ number: Int, _ census: Census) {
            self.number = number
            self.census = census
            census.alive += 1
        }

        deinit { census.alive -= 1 }
    }

    @Test func givesASlotAnotherGenerationWhenItIsUsedAgain() {
        var slab = Slab<Int>()
        let first = slab.insert(10)
        #expect(slab.remove(first) == 10)
        let second = slab.insert(20)
        #expect(first.index == second.index && first != second)
        #expect(!slab.contains(first) && slab.contains(second) && slab.key(at: 0) == second)
        #expect(!slab.contains(.none) && SlabKey.none.isNone && slab.key(at: 1) == nil)
    }

    @Test func keepsEverythingAsItGrows() {
        var slab = Slab<Int>()
        let keys = (0..<1_000).map { slab.insert($0) }
        #expect(slab.count == 1_000 && slab.slots == 1_000)
        for (number, key) in keys.enumerated() {
            slab[key] += 1
            #expect(slab[key] == number + 1)
        }
    }

    @Test func slotsStayWhereTheyAre() {
        var slab = Slab<Int>()
        let first = slab.slot(slab.insert(7))
        for number in 0..<1_000 { _ = slab.insert(number) }
        first.element += 1
        #expect(slab[first.key] == 8 && slab.slot(at: 0)?.key == first.key && slab.slot(at: 2_000)?.key == nil)
        _ = slab.remove(first.key)
        #expect(!first.isInUse && slab.slot(at: 0)?.key == nil)
        let second = slab.slot(slab.insert(9))
        #expect(second.isInUse && !first.isInUse && second.element == 9)
    }

    @Test func agreesWithADictionary() {
        var random = SeededRandom(11)
        let census = Census()
        var model: [SlabKey: Int] = [:]
        var gone: [SlabKey] = []
        do {
            var slab = Slab<Thing>()
            for number in 0..<5_000 {
                if Bool.random(using: &random) || model.isEmpty {
                    model[slab.insert(Thing(number, census))] = number
                } else if let key = model.keys.min(by: { ($0.index, $0.generation) < ($1.index, $1.generation) }) {
                    let thing = slab.remove(key)
                    #expect(thing.number == model.removeValue(forKey: key))
                    gone.append(key)
                }
                #expect(slab.count == model.count)
            }
            for (key, number) in model { #expect(slab[key].number == number) }
            for key in gone { #expect(slab.contains(key) == false) }
            #expect(census.alive == model.count)
        }
        #expect(census.alive == 0)
    }
}

@Suite struct ArrayTests {
    @Test func boundedArraysRefuseWhatDoesNotFit() {
        var array = BoundedArray<Int>(capacity: 2)
        var none = BoundedArray<Int>(capacity: 0)
        let before = array.popLast()
        let taken = [array.append(1), array.append(2), array.append(3), none.append(1)]
        #expect(before == nil && taken == [true, true, false, false])
        array[0] = 9
        let last = array.popLast()
        #expect(last == 2 && array.count == 1 && array[0] == 9)
        array.removeAll()
        #expect(array.isEmpty == true)
    }

    @Test func frozenArraysLendTheirBytes() {
        let array = FrozenArray<UInt8>(Array("Hello, world".utf8))
        var other = Buffer(capacity: 32)
        other.append("HELLO")
        let hello = ByteRange(offset: 0, length: 5)
        let world = ByteRange(7..<12)
        let lower = FrozenArray<UInt8>(Array("hello".utf8))
        let (same, folded) = (array.equals(hello, other.bytes), lower.equals(hello, folding: other.bytes))
        let (starts, differs) = (array.isPrefix(.empty, of: other.bytes), array.isPrefix(world, of: other.bytes))
        #expect(!same && folded && starts && !differs && ByteRange.empty.isEmpty)
        #expect(array.text(world) == "world" && world.range == 7..<12)
        array.append(world, to: &other)
        let joined = other.bytes.text
        #expect(joined == "HELLOworld" && FrozenArray<Int>([]).count == 0)
    }
}
