import Diagnostics
import Testing

@Suite struct TextRendererTests {
    private func oneLine(_ line: String, _ spanned: String, label: String = "here") -> String {
        let source = Source(("a.yaml", line))
        let lines = source.render([Diagnostic(overlap, "m", at: source.span(of: spanned), label: label)])
            .split(separator: "\n", omittingEmptySubsequences: false)
        return lines[3...4].joined(separator: "\n")
    }

    @Test func headerPlaceCaretsAndHelp() {
        let routes = String(repeating: "#\n", count: 13) + "    service: ordres\n"
        let source = Source(("gateway.d/shop/routes.yaml", routes))
        let diagnostic = Diagnostic(
            unknownService, "route `orders-v2` refers to unknown service `ordres`", at: source.span(of: "ordres"),
            label: "no service with this name in 9 files",
            help: ["did you mean `orders`? it is declared at gateway.d/shop/services.yaml:3:3"])
        #expect(
            source.render([diagnostic]) == """
                error[GW1203]: route `orders-v2` refers to unknown service `ordres`
                  --> gateway.d/shop/routes.yaml:14:14
                   |
                14 |     service: ordres
                   |              ^^^^^^ no service with this name in 9 files
                   = help: did you mean `orders`? it is declared at gateway.d/shop/services.yaml:3:3

                1 error

                """)
    }

    @Test func notesWithAPlaceShowItAndAllBarsStandInOneColumn() {
        let source = Source(
            ("a.yaml", "users: 1\n"), ("b.yaml", String(repeating: "\n", count: 119) + "users: 2\n"))
        let diagnostic = Diagnostic(
            unknownService, "`users` is declared twice", at: source.span(of: "users", in: 1), label: "again",
            notes: [.init("first declared here", at: source.span(of: "users")), .init("names are global")],
            help: ["rename one", "or remove it"])
        #expect(
            source.render([diagnostic]) == """
                error[GW1203]: `users` is declared twice
                   --> b.yaml:120:1
                    |
                120 | users: 2
                    | ^^^^^ again
                    = note: names are global
                note: first declared here
                   --> a.yaml:1:1
                    |
                  1 | users: 1
                    | ^^^^^
                    = help: rename one
                    = help: or remove it

                1 error

                """)
    }

    @Test func findingsWithoutAPlaceAndTheSummary() {
        let source = Source(("a.yaml", "x"))
        let place = source.span(of: "x")
        let text = source.render([
            Diagnostic(unknownService, "one", help: ["do"]), Diagnostic(unknownService, "two"),
            Diagnostic(overlap, "three", at: place),
        ])
        #expect(
            text == """
                error[GW1203]: one
                  = help: do

                error[GW1203]: two

                warning[GW1303]: three
                 --> a.yaml:1:1
                  |
                1 | x
                  | ^

                2 errors, 1 warning

                """)
        #expect(source.render([]) == "")
    }

    @Test func caretsStandUnderTheirText() {
        #expect(oneLine("a: b", "b") == "1 | a: b\n  |    ^ here")
        #expect(oneLine("\ta:\tbc", "bc") == "1 |     a:    bc\n  |           ^^ here")
        #expect(oneLine("é: ü", "ü") == "1 | é: ü\n  |    ^ here")
        #expect(oneLine("名前: 注文 x", "注文") == "1 | 名前: 注文 x\n  |       ^^^^ here")
        #expect(oneLine("e\u{301}: x", "x") == "1 | e\u{301}: x\n  |    ^ here")
        #expect(oneLine("😀: x", "x") == "1 | 😀: x\n  |     ^ here")
        #expect(oneLine("a: b\r\nc: d", "b") == "1 | a: b\n  |    ^ here")
    }

    @Test func aSpanOverSeveralLinesEndsWithTheFirst() {
        #expect(oneLine("a: [b,\n  c]\n", "[b,\n  c]") == "1 | a: [b,\n  |    ^^^ here")
    }

    @Test func emptySpansAndTheEndOfAFile() {
        let source = Source(("a.yaml", "a:\n"))
        let point = Diagnostic(overlap, "m", at: SourceSpan(file: 0, offset: 2, length: 0), label: "value missing")
        #expect(source.render([point]).contains("1 | a:\n  |   ^ value missing\n"))
        let end = Diagnostic(overlap, "m", at: SourceSpan(file: 0, offset: 3, length: 0))
        #expect(source.render([end]).contains(" --> a.yaml:2:1\n  |\n2 |\n  | ^\n"))
        let beyond = Diagnostic(overlap, "m", at: SourceSpan(file: 0, offset: 99, length: 9))
        #expect(source.render([beyond]).contains(" --> a.yaml:2:1\n  |\n2 |\n  | ^\n"))
    }

    @Test func controlCharactersNeverReachTheTerminal() {
        let evil = "\u{1B}[2J\u{7}\u{9B}m\u{202E}\u{200B}\u{85}"
        let shown = "\\u{1b}[2J\\u{7}\\u{9b}m\\u{202e}\\u{200b}\\u{85}"
        #expect(
            oneLine("\(evil): x", "x") == "1 | \(shown): x\n  | \(String(repeating: " ", count: shown.count + 2))^ here"
        )
        let source = Source(("\(evil).yaml", "x"))
        let diagnostic = Diagnostic(
            overlap, "m\n\(evil)", at: source.span(of: "x"), label: evil,
            notes: [.init(evil), .init(evil, at: source.span(of: "x"))], help: [evil])
        for format in DiagnosticFormat.allCases {
            let text = source.render([diagnostic], as: format)
            let raw = text.unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" }
            #expect(raw.isEmpty, "\(format)")
        }
        #expect(source.render([diagnostic]).hasPrefix("warning[GW1303]: m\\u{a}\(shown)\n --> \(shown).yaml:1:1\n"))
    }

    @Test func bytesThatAreNoTextShowAsReplacements() {
        let map = SourceMap(files: [SourceFile(path: "a", text: [0xFF, 0x3A, 0x20, 0x78])])
        let diagnostic = Diagnostic(overlap, "m", at: SourceSpan(file: 0, offset: 3, length: 1))
        let text = DiagnosticRenderer(format: .text, sources: map, color: false).render([diagnostic])
        #expect(text.contains("1 | \u{FFFD}: x\n  |    ^\n"))
    }

    @Test func longLinesAreCutAroundTheSpan() {
        let line = String(repeating: "é", count: 500) + "HERE" + String(repeating: "b", count: 500)
        let left = "…" + String(repeating: "é", count: 30)
        let right = String(repeating: "b", count: 176) + "…"
        #expect(oneLine(line, "HERE") == "1 | \(left)HERE\(right)\n  | \(String(repeating: " ", count: 31))^^^^ here")
        let whole = oneLine(line, line)
        #expect(whole == "1 | \(String(repeating: "é", count: 60))…\n  | \(String(repeating: "^", count: 60)) here")
    }

    @Test func colors() {
        let source = Source(("a.yaml", "x"))
        let diagnostic = Diagnostic(
            unknownService, "m", at: source.span(of: "x"), label: "l", notes: [.init("n", at: source.span(of: "x"))],
            help: ["h"])
        let text = source.render([diagnostic], color: true).replacing("\u{1B}[", with: "<").replacing("<0m", with: ">")
        #expect(
            text == """
                <1;91merror[GW1203]><1m: m>
                 <1;94m-->> a.yaml:1:1
                  <1;94m|>
                <1;94m1 |> x
                  <1;94m|> <1;91m^ l>
                <1;92mnote><1m: n>
                 <1;94m-->> a.yaml:1:1
                  <1;94m|>
                <1;94m1 |> x
                  <1;94m|> <1;92m^>
                  <1;94m=> <1mhelp>: h

                <1;91m1 error>

                """)
    }
}
