import Kernel
import Testing

@Suite struct WallClockTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_827_696_789_999_999, "2000-02-29T12:34:56.789Z"),
            (4_107_542_399_999_000_000, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func timeAsText(nanoseconds: Int64, text: String) {
        #expect(WallClock.text(nanoseconds: nanoseconds) == text)
    }
}
