import Diagnostics
import Encoding
import Testing

@Suite struct MachineRendererTests {
    private let source = Source(("gateway.d/a b,c.yaml", "é: [ordres,\n  x]\n"), ("/etc/b.yaml", "orders: 1\n"))

    private var diagnostics: [Diagnostic] {
        [
            Diagnostic(
                unknownService, "unknown `ordres`, 100%", at: source.span(of: "ordres"), label: "no such service",
                notes: [.init("declared here", at: source.span(of: "orders", in: 1)), .init("9 files")],
                help: ["did you mean `orders`?"]),
            Diagnostic(overlap, "over two lines", at: source.span(of: "[ordres,\n  x]")),
            Diagnostic(overlap, "nowhere"),
        ]
    }

    @Test func json() throws {
        let parsed = try JSON.parse(Array(source.render(diagnostics, as: .json).utf8))
        let nowhere: JSON = [
            "code": "GW1303", "severity": "warning", "message": "nowhere", "file": nil, "line": nil, "column": nil,
            "endLine": nil, "endColumn": nil, "label": "", "notes": [], "help": [],
        ]
        #expect(
            parsed == [
                [
                    "code": "GW1203", "severity": "error", "message": "unknown `ordres`, 100%",
                    "file": "gateway.d/a b,c.yaml", "line": 1, "column": 5, "endLine": 1, "endColumn": 11,
                    "label": "no such service",
                    "notes": [
                        [
                            "message": "declared here", "file": "/etc/b.yaml", "line": 1, "column": 1, "endLine": 1,
                            "endColumn": 7,
                        ],
                        [
                            "message": "9 files", "file": nil, "line": nil, "column": nil, "endLine": nil,
                            "endColumn": nil,
                        ],
                    ],
                    "help": ["did you mean `orders`?"],
                ],
                [
                    "code": "GW1303", "severity": "warning", "message": "over two lines",
                    "file": "gateway.d/a b,c.yaml", "line": 1, "column": 4, "endLine": 2, "endColumn": 5, "label": "",
                    "notes": [], "help": [],
                ],
                nowhere,
            ])
        #expect(source.render([], as: .json) == "[]\n")
    }

    @Test func github() {
        #expect(
            source.render(diagnostics, as: .github) == """
                ::error file=gateway.d/a b%2Cc.yaml,line=1,col=5,endColumn=11,title=GW1203::unknown `ordres`, 100%25: \
                no such service%0Anote: 9 files%0Ahelp: did you mean `orders`?%0Anote: declared here (/etc/b.yaml:1:1)
                ::warning file=gateway.d/a b%2Cc.yaml,line=1,col=4,endLine=2,title=GW1303::over two lines
                ::warning title=GW1303::nowhere

                """)
        #expect(source.render([], as: .github) == "")
    }

    @Test func githubCommandsCannotBeForged() {
        let text = source.render([Diagnostic(overlap, "a\n::error::forged\r%0A")], as: .github)
        #expect(text == "::warning title=GW1303::a\\u{a}::error::forged\\u{d}%250A\n")
    }

    @Test func sarif() throws {
        let log = try JSON.parse(Array(source.render(diagnostics, as: .sarif).utf8))
        #expect(log["version"] == "2.1.0")
        let run = log["runs"]?.array?.first
        #expect(run?["tool"]?["driver"]?["name"] == "gateway")
        #expect(
            run?["tool"]?["driver"]?["rules"] == [
                [
                    "id": "GW1203", "shortDescription": ["text": "a name that is not declared"],
                    "fullDescription": ["text": "The route names a service.\nNone has this name."],
                    "defaultConfiguration": ["level": "error"],
                ],
                [
                    "id": "GW1303", "shortDescription": ["text": "an overlap"],
                    "fullDescription": ["text": "Two routes tie."], "defaultConfiguration": ["level": "warning"],
                ],
            ])
        let results = run?["results"]?.array ?? []
        #expect(results.map { $0["ruleIndex"]?.integer } == [0, 1, 1])
        #expect(
            results.first == [
                "ruleId": "GW1203", "ruleIndex": 0, "level": "error",
                "message": [
                    "text": "unknown `ordres`, 100%: no such service\nnote: 9 files\nhelp: did you mean `orders`?"
                ],
                "locations": [
                    [
                        "physicalLocation": [
                            "artifactLocation": ["uri": "gateway.d/a%20b%2Cc.yaml"],
                            "region": ["startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 11],
                        ]
                    ]
                ],
                "relatedLocations": [
                    [
                        "physicalLocation": [
                            "artifactLocation": ["uri": "file:///etc/b.yaml"],
                            "region": ["startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 7],
                        ],
                        "message": ["text": "declared here"],
                    ]
                ],
            ])
        #expect(results.last?["locations"] == nil)
    }
}
