import Encoding
import Testing

@Suite struct JSONParseTests {
    private func parse(_ text: String) throws(JSONFailure) -> JSON {
        try JSON.parse(Array(text.utf8))
    }

    private func failure(_ text: String) -> String? {
        failure(Array(text.utf8))
    }

    private func failure(_ bytes: [UInt8]) -> String? {
        do {
            _ = try JSON.parse(bytes)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func scalars() throws {
        #expect(try parse(" null ") == .null)
        #expect(try parse("true") == true)
        #expect(try parse("\tfalse\r\n") == false)
        #expect(try parse("\"a\"") == "a")
    }

    @Test(arguments: [
        ("0", JSON.integer(0)), ("-1", -1), ("10", 10),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("-0", .double(-0.0)),
        ("1.5", .double(1.5)), ("1e3", .double(1000)), ("1E+3", .double(1000)), ("25e-1", .double(2.5)),
        ("1e-400", .double(0)),
    ])
    func numbers(text: String, value: JSON) throws {
        #expect(try parse(text) == value)
    }

    @Test(arguments: ["01", "-", "-a", "1.", ".5", "+1", "1e", "1e+", "00", "-01", "1e999", "0x1", "NaN", "1.e1"])
    func numbersThatAreNone(text: String) {
        #expect(failure(text) != nil)
    }

    @Test func strings() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{C}\n\r\t"))
        #expect(try parse(#""\u0041\u00e9\u20AC""#) == "Aé€")
        #expect(try parse(#""\ud83d\ude00\u0000""#) == "😀\u{0}")
        #expect(try parse("\"é€😀\u{7F}\"") == "é€😀\u{7F}")
    }

    @Test func containers() throws {
        #expect(try parse("[]") == [])
        #expect(try parse("{ }") == [:])
        #expect(try parse(#"[1, [2], {"a": [3]}]"#) == [1, [2], ["a": [3]]])
        #expect(try parse(#"{"b":1,"a":{"b":null}}"#) == ["b": 1, "a": ["b": nil]])
    }

    @Test(arguments: [
        ("", "unexpected end at byte 0"),
        ("[1,]", "unexpected byte at byte 3"),
        ("[1 2]", "unexpected byte at byte 3"),
        ("[1", "unexpected end at byte 2"),
        ("{\"a\"}", "unexpected byte at byte 4"),
        ("{\"a\":1,}", "unexpected byte at byte 7"),
        ("{a:1}", "unexpected byte at byte 1"),
        ("{\"a\":1,\"\\u0061\":2}", "a member twice at byte 7"),
        ("nul", "unexpected end at byte 3"),
        ("nulL", "unexpected byte at byte 3"),
        ("1 2", "bytes after the document at byte 2"),
        ("{} x", "bytes after the document at byte 3"),
        ("\u{FEFF}1", "unexpected byte at byte 0"),
        ("\"a", "unexpected end at byte 2"),
        ("\"a\nb\"", "control character in a string at byte 2"),
        ("\"\\x\"", "invalid escape at byte 2"),
        ("\"\\u12g4\"", "invalid escape at byte 5"),
        ("\"\\ud800\"", "half of a surrogate pair at byte 3"),
        ("\"\\ud800\\u0041\"", "half of a surrogate pair at byte 3"),
        ("\"\\ude00\\ud800\"", "half of a surrogate pair at byte 3"),
        ("01", "invalid number at byte 0"),
        ("// a", "unexpected byte at byte 0"),
    ])
    func refusals(text: String, message: String) {
        #expect(failure(text) == message)
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func stringsMustBeUTF8(bytes: [UInt8]) {
        #expect(failure([0x22] + bytes + [0x22]) == "invalid UTF-8 at byte 1")
    }

    @Test func depthIsBounded() throws {
        let most = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(failure(most) == nil)
        #expect(failure("[" + most + "]") == "nested too deeply at byte 128")
        #expect(failure(String(repeating: "[", count: 1_000_000)) == "nested too deeply at byte 128")
        #expect(failure(String(repeating: "{\"a\":", count: 1_000_000)) != nil)
    }
}
