import Bytes
import Testing

@testable import Worker

@Suite struct BufferSizeTests {
    @Test func lendsWhatIsAskedFor() {
        var pool = BufferPool()
        var small = pool.take(room: 16_384)
        var large = pool.take(room: 16_385)
        #expect(pool[small].capacity == 16_384 && pool[large].capacity == Bounds.bufferBytes)
        #expect(pool.bytesLent == 16_384 + Bounds.bufferBytes)
        pool.give(&small)
        pool.give(&large)
        #expect(pool.bytesLent == 0 && pool.lent == 0)
    }

    @Test func growsWithItsBytes() {
        var pool = BufferPool()
        var id = BufferID.none
        pool.reserve(&id, 10)
        pool[id].append("0123456789")
        pool.reserve(&id, 10)
        #expect(pool[id].capacity == 16_384)
        pool.reserve(&id, 16_375)
        #expect(pool[id].capacity == Bounds.bufferBytes && pool[id].bytes.equals("0123456789"))
        #expect(pool.lent == 1 && pool.bytesLent == Bounds.bufferBytes)
    }

    @Test func isExhaustedBeyondItsShare() {
        var pool = BufferPool()
        pool.bytesMax = 40_000
        var ids = (0..<3).map { _ in pool.take(room: 1) }
        #expect(pool.isExhausted == true)
        pool.give(&ids[0])
        #expect(pool.isExhausted == false)
    }

    @Test func forgetsBuffersOfAnotherSize() {
        var pool = BufferPool()
        var old = pool.take()
        pool.bufferBytes *= 2
        pool.give(&old)
        let new = pool.take()
        #expect(pool[new].capacity == 2 * Bounds.bufferBytes && pool.bytesLent == 2 * Bounds.bufferBytes)
    }
}
