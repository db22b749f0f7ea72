import Model
import Testing

@Suite struct DurationTests {
    @Test(arguments: [
        (Duration.zero, "0s"), (.milliseconds(250), "250ms"), (.seconds(1), "1s"), (.milliseconds(1_000), "1s"),
        (.milliseconds(1_500), "1500ms"), (.seconds(60), "1m"), (.seconds(90), "90s"), (.seconds(3_600), "1h"),
        (.seconds(5_400), "90m"), (.microseconds(7), "7us"), (.nanoseconds(1), "1ns"), (.nanoseconds(-1), "-1ns"),
        (.seconds(-60), "-1m"),
    ])
    func text(duration: Duration, text: String) {
        #expect(duration.text == text)
    }

    @Test func nanosecondsAreClamped() {
        #expect(Duration.seconds(2).nanoseconds == 2_000_000_000)
        #expect(Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999).nanoseconds == 1)
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.seconds(Int64.min).nanoseconds == .min)
        #expect(Duration.nanoseconds(Int64.max).nanoseconds == .max)
    }
}
