import Kernel
import Supervisor
import Testing

/// A virtual clock in milliseconds drives the state machine.
@Suite struct SettlingTests {
    private var settling = Settling(now: ms(0))

    private mutating func step(_ time: Int64, busy: Bool = false) -> Settling.Step {
        settling.step(at: ms(time), isCheckoutBusy: busy)
    }

    private mutating func note(_ noise: Settling.Noise, _ time: Int64) {
        settling.note(noise, at: ms(time))
    }

    @Test mutating func calmIsBrokenByThePeriodicRescan() {
        #expect(step(10) == .wait(until: ms(30_000)))
        #expect(step(30_000) == .rescan)
        #expect(step(30_000) == .wait(until: ms(60_000)))
    }

    @Test mutating func oneChangeSettlesIn50() {
        note(.changed, 100)
        #expect(settling.isNoisy)
        #expect(step(100) == .wait(until: ms(150)))
        #expect(step(149) == .wait(until: ms(150)))
        #expect(step(150) == .rescan)
        #expect(!settling.isNoisy)
    }

    @Test mutating func noiseIsCutAfter500() {
        for time in stride(from: Int64(0), to: 500, by: 20) {
            note(.changed, time)
            #expect(step(time) == .wait(until: ms(min(time + 50, 500))))
        }
        #expect(step(500) == .rescan)
    }

    @Test mutating func openFileHoldsUntilItIsClosed() {
        note(.written(file: "a"), 0)
        note(.written(file: "a"), 900)
        #expect(step(900) == .wait(until: ms(2000)))
        note(.closed(file: "a"), 1200)
        #expect(step(1200) == .rescan)
    }

    @Test mutating func openFileHoldsAtMostTwoSeconds() {
        note(.written(file: "a"), 0)
        note(.written(file: "b"), 1000)
        note(.written(file: "a"), 1990)
        #expect(step(1999) == .wait(until: ms(3000)))
        #expect(step(2000) == .wait(until: ms(3000)))
        note(.gone(file: "b"), 2100)
        #expect(step(2100) == .rescan)
    }

    @Test mutating func closingOneFileLeavesTheOther() {
        note(.written(file: "a"), 0)
        note(.written(file: "b"), 0)
        note(.closed(file: "a"), 10)
        #expect(step(600) == .wait(until: ms(2000)))
        #expect(step(2000) == .rescan)
    }

    @Test mutating func gitCommandHoldsUntilItIsDone() {
        note(.changed, 0)
        #expect(step(60, busy: true) == .wait(until: ms(80)))
        note(.changed, 3000)
        #expect(step(3000, busy: true) == .wait(until: ms(3020)))
        // The lock is gone: `HEAD` follows within the quiet time.
        #expect(step(3020) == .wait(until: ms(3050)))
        #expect(step(3050) == .rescan)
    }

    @Test mutating func leftoverLockHoldsOnce() {
        note(.changed, 0)
        #expect(step(9990, busy: true) == .wait(until: ms(10_000)))
        #expect(step(10_000, busy: true) == .rescan)
        note(.changed, 11_000)
        #expect(step(11_050, busy: true) == .rescan)
        note(.changed, 12_000)
        #expect(step(12_050, busy: false) == .rescan)
        note(.changed, 13_000)
        #expect(step(13_050, busy: true) == .wait(until: ms(13_070)))
    }

    @Test mutating func lockWithoutNoiseHoldsNothing() {
        #expect(step(30_000, busy: true) == .rescan)
    }
}

private func ms(_ time: Int64) -> Instant {
    Instant(nanoseconds: time * 1_000_000)
}
