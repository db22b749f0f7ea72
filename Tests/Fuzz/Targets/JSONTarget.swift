import Encoding
import Supervisor

/// What comes over the control socket and from the revision log.
@Sendable func checkJSON(_ input: [UInt8]) throws(Violation) {
    let json: JSON
    do throws(JSONFailure) { json = try JSON.parse(input) } catch {
        try hold(error.offset <= input.count, "\(error) of \(input.shown)")
        return
    }
    for isPretty in [false, true] {
        let text = Array(json.text(pretty: isPretty).utf8)
        guard let again = try? JSON.parse(text) else { throw Violation("\(input.shown) is written as \(text.shown)") }
        try holdEqual(again, json, "\(input.shown), written and read")
    }
    _ = ControlRequest.peer(of: json)
    guard let request = try? ControlRequest(json: json) else { return }
    guard let again = try? ControlRequest(json: request.json) else { throw Violation("\(request) is no request") }
    try holdEqual(again, request, "the request of \(input.shown), written and read")
}
