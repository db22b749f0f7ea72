internal import Diagnostics
internal import Model

/// Defaults that come from environment variables. A variable that is empty counts as not set.
struct Environment {
    private(set) var host: String?
    private(set) var port: UInt16?
    private(set) var timeout: Duration?
    private(set) var retries: Int?

    static let hostName = "SERVER_HOST"
    static let portName = "SERVER_PORT"
    static let timeoutName = "GATEWAY_DEFAULT_TIMEOUT"
    static let retriesName = "GATEWAY_MAX_RETRY_COUNT"

    init(_ variables: [String: String], _ findings: Findings) {
        func read<Value>(
            _ name: String, _ code: DiagnosticCode, _ wanted: String, _ parse: (String) -> Value?
        ) -> Value? {
            guard let text = variables[name], !text.isEmpty else { return nil }
            if let value = parse(text) { return value }
            findings.report(code, "the environment variable `\(name)` is `\(text)`", help: ["it takes \(wanted)"])
            return nil
        }
        host = read(Environment.hostName, Catalogue.badServerHost, "a numeric address such as `0.0.0.0`") { text in
            IPAddress.parse(text) == nil ? nil : text
        }
        port = read(Environment.portName, Catalogue.badServerPort, "a port from 0 to 65535") { text in
            Environment.number(text, in: 0...65535).map { UInt16($0) }
        }
        timeout = read(Environment.timeoutName, Catalogue.badDefaultTimeout, "whole seconds from 1 to 86400") { text in
            Environment.number(text, in: 1...86_400).map { .seconds($0) }
        }
        retries = read(Environment.retriesName, Catalogue.badRetryCount, "a whole number from 0 to 10") { text in
            Environment.number(text, in: 0...10)
        }
    }

    private static func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
        try? Integer.parse(Scalar(text: text, isQuoted: false), in: range)
    }
}
