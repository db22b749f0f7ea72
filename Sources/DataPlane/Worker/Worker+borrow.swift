// The routing calls over `scratch`, lent as a whole: a span of it would hold the worker and everything in it.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Policies
internal import Routing

func decide<Trace: MatchTrace>(
    _ table: RouteTable, _ policies: PolicyTable, _ head: borrowing RequestHead, _ buffer: borrowing Buffer,
    _ match: inout MatchScratch, trace: inout Trace
) throws(Fault) -> Decision {
    try decide(table, policies, head, buffer.bytes, &match, trace: &trace)
}

extension RouteTable {
    func appendTarget(
        _ path: ForwardedPath, _ head: borrowing RequestHead, _ buffer: borrowing Buffer,
        _ match: borrowing MatchScratch, to out: inout Buffer
    ) {
        appendTarget(path, head, buffer.bytes, match, to: &out)
    }

    func appendLocation(
        _ template: CompiledTemplate, _ head: borrowing RequestHead, _ buffer: borrowing Buffer,
        _ match: borrowing MatchScratch, to out: inout Buffer
    ) {
        appendLocation(template, head, buffer.bytes, match, to: &out)
    }

    func allowedMethods(
        _ head: borrowing RequestHead, _ buffer: borrowing Buffer, _ match: inout MatchScratch
    ) -> String {
        allowedMethods(head, buffer.bytes, &match)
    }
}
