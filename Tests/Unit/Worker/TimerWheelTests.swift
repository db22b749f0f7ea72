import Bytes
import Kernel
import TestSupport
import Testing

@testable import Worker

@Suite struct TimerWheelTests {
    private static let second: Int64 = 1_000_000_000

    /// Timers over a clock, woken as the worker wakes them; says when each went off.
    private struct Clock: ~Copyable {
        var now: Instant
        var wheel: TimerWheel
        var deadlines: [Deadline]
        var fired: [Int: Instant] = [:]
        var due: [TimerEntry] = []

        init(start: Int64, timers: Int) {
            now = Instant(nanoseconds: start)
            wheel = TimerWheel(now: now)
            deadlines = Array(repeating: Deadline(), count: timers)
        }

        mutating func set(_ timer: Int, to instant: Instant) {
            wheel.set(&deadlines[timer], to: instant, token: UInt64(timer))
        }

        mutating func advance(to instant: Instant) {
            now = instant
            while wheel.advance(to: now, into: &due) {
                for entry in due {
                    let timer = Int(entry.token)
                    guard deadlines[timer].queued == entry.due else { continue }
                    deadlines[timer].queued = .max
                    if deadlines[timer].at > now {
                        set(timer, to: deadlines[timer].at)
                    } else {
                        fired[timer] = now
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<40) func goesOffInTimeHoweverDeadlinesMove(_ seed: Int) {
        var random = SeededRandom(seed)
        var clock = Clock(start: Int64.random(in: 0...1 << 50, using: &random), timers: 20)
        var wanted: [Int: Instant] = [:]
        for _ in 0..<3_000 {
            let timer = Int.random(in: 0..<20, using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 {
                let spans = [
                    0, 1_000_000, TimerWheelTests.second, 40 * TimerWheelTests.second, 500 * TimerWheelTests.second,
                ]
                let instant = clock.now + Int64.random(in: 0...spans.randomElement(using: &random)!, using: &random)
                clock.set(timer, to: instant)
                clock.fired[timer] = nil
                wanted[timer] = instant
            }
            let step = Int64.random(
                in: 0...(Int.random(in: 0..<50, using: &random) == 0 ? 90 : 1) * TimerWheelTests.second / 5,
                using: &random)
            let before = clock.now
            clock.advance(to: before + step)
            for (timer, instant) in wanted {
                guard let fired = clock.fired[timer] else {
                    let late = clock.now - instant
                    #expect(late <= TimerWheel.tickNanoseconds, "timer \(timer) is \(late) ns late")
                    continue
                }
                #expect(fired >= instant && fired - max(instant, before) <= step + TimerWheel.tickNanoseconds)
                wanted[timer] = nil
            }
        }
    }

    @Test func tellsHowLongToWait() {
        var clock = Clock(start: 10 * TimerWheelTests.second + 1, timers: 1)
        #expect(clock.wheel.wait(from: clock.now) == -1)
        clock.set(0, to: clock.now + TimerWheelTests.second)
        #expect(clock.wheel.wait(from: clock.now) == 50 && clock.wheel.count == 1)
        #expect(clock.wheel.wait(from: clock.now + 49_500_000) == 1)
        #expect(clock.wheel.wait(from: clock.now + TimerWheelTests.second) == 0)
        clock.advance(to: clock.now + 2 * TimerWheelTests.second)
        #expect(clock.wheel.wait(from: clock.now) == -1 && clock.fired[0] != nil)
    }

    @Test func keepsOneEntryWhileADeadlineMovesLater() {
        var clock = Clock(start: 0, timers: 1)
        for step in 1...1_000 { clock.set(0, to: Instant(nanoseconds: Int64(step) * TimerWheelTests.second)) }
        #expect(clock.wheel.count == 1)
        clock.set(0, to: .distantFuture)
        clock.advance(to: Instant(nanoseconds: 5_000 * TimerWheelTests.second))
        #expect(clock.fired.isEmpty && clock.wheel.count == 1)
    }
}

@Suite struct BufferPoolTests {
    @Test func lendsTheWarmestBufferEmpty() {
        var pool = BufferPool()
        var first = pool.take()
        let second = pool.take()
        pool[first].append("abc")
        pool[second].append("x")
        let index = first.index
        pool.give(&first)
        #expect(first.isNone && pool.lent == 1)
        pool.give(&first)
        let third = pool.take()
        #expect(third.index == index && pool[third].isEmpty && pool[second].count == 1 && pool.lent == 2)
    }

    @Test func outlivesMoreBuffersThanItKeeps() {
        var pool = BufferPool()
        var taken = (0..<5_000).map { _ in pool.take() }
        #expect(Set(taken.map(\.index)).count == 5_000)
        for index in taken.indices { pool.give(&taken[index]) }
        #expect(pool.lent == 0)
        taken = (0..<5_000).map { _ in pool.take() }
        #expect(Set(taken.map(\.index)).count == 5_000 && pool.lent == 5_000)
    }
}
