import Decisions
import Encoding
import Supervisor
import Testing

@Suite struct ControlRequestTests {
    @Test func requestsSurviveTheirText() throws {
        let query = try MatchQuery(
            method: "GET", url: "http://a/b?c=d", headers: [.init(name: "X-Beta", value: "1, \"2\"")], client: "::1",
            random: 0.25)
        let requests: [ControlRequest] = [
            .status, .reload, .rollback(revision: 12),
            .match(.init(query: query, caller: .init(.anonymous), explain: true, format: .json, color: false)),
            .match(
                .init(
                    query: try MatchQuery(method: "M", url: "/", random: 1),
                    caller: .init(.claims(Array(#"{"sub":"é"}"#.utf8)), scheme: "staff"), explain: false, format: .text,
                    color: true)),
            .match(
                .init(
                    query: query, caller: .init(.token(Array("a.b.c".utf8))), explain: true, format: .text,
                    color: false)),
        ]
        for request in requests {
            let text = request.json.text()
            #expect(!text.contains("\n"))
            let json = try JSON.parse(Array(text.utf8))
            #expect(try ControlRequest(json: json) == request)
        }
    }

    @Test(arguments: [
        "{}", "[]", #"{"request":"stop"}"#, #"{"request":"rollback"}"#, #"{"request":"rollback","revision":"1"}"#,
        #"{"request":"match","method":"GET"}"#,
        #"{"request":"match","method":"GET","url":"/","headers":[["a"]],"random":0,"caller":null,"explain":true,"format":"text","color":true}"#,
        #"{"request":"match","method":"GET","url":"/","headers":[],"random":0,"caller":{},"explain":true,"format":"text","color":true}"#,
        #"{"request":"match","method":"GET","url":"/","headers":[],"random":2,"caller":null,"explain":true,"format":"text","color":true}"#,
    ])
    func othersAreRefused(_ text: String) throws {
        let json = try JSON.parse(Array(text.utf8))
        #expect(throws: ControlFailure.self) { _ = try ControlRequest(json: json) }
    }
}
