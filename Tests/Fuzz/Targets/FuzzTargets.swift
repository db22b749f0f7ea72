// The one table of everything that is fuzzed.

/// A property check over any bytes. A violated property is thrown; a trap or a report of a sanitizer ends the process.
package struct FuzzTarget: Sendable {
    /// Names the target's corpus, crashes and dictionary too.
    package let name: String
    package let run: @Sendable (_ input: [UInt8]) throws(Violation) -> Void
    /// Has a planted bug, which a run has to find.
    package var isCanary = false
}

package enum FuzzTargets {
    package static let all = [
        FuzzTarget(name: "request-head", run: checkRequestHead),
        FuzzTarget(name: "response-head", run: checkResponseHead),
        FuzzTarget(name: "chunked-body", run: checkChunkedBody),
        FuzzTarget(name: "path", run: checkPath),
        FuzzTarget(name: "client-address", run: checkClientAddress),
        FuzzTarget(name: "proxy-header", run: checkProxyHeader),
        FuzzTarget(name: "credentials", run: checkCredentials),
        FuzzTarget(name: "loader", run: checkLoader),
        FuzzTarget(name: "revision-log", run: checkRevisionLog),
        FuzzTarget(name: "json", run: checkJSON),
        FuzzTarget(name: "canary", run: singInTheMine, isCanary: true),
        FuzzTarget(name: "canary-memory", run: readBeyondTheEnd, isCanary: true),
    ]

    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
