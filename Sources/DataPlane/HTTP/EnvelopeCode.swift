/// The codes of the gateway's own answers: `{"code": "F40400", "message": "…", "data": null}`.
package enum EnvelopeCode: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case badRequest
    case forbidden
    case addressRefused
    case originRefused
    case unauthenticated
    case noRoute
    case methodNotAllowed
    case clientTimeout
    case bodyTooLarge
    case targetTooLong
    case expectationFailed
    case tooManyConnections
    case headTooLarge
    case internalError
    case notImplemented
    case badUpstream
    case noInstance
    case serviceBusy
    case overloaded
    case keysUnavailable
    case upstreamTimeout
    case versionNotSupported

    package var status: Int {
        switch self {
        case .badRequest: 400
        case .forbidden, .addressRefused, .originRefused: 403
        case .unauthenticated: 401
        case .noRoute: 404
        case .methodNotAllowed: 405
        case .clientTimeout: 408
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .expectationFailed: 417
        case .tooManyConnections: 429
        case .headTooLarge: 431
        case .internalError: 500
        case .notImplemented: 501
        case .badUpstream: 502
        case .noInstance, .serviceBusy, .overloaded, .keysUnavailable: 503
        case .upstreamTimeout: 504
        case .versionNotSupported: 505
        }
    }

    /// `F`, the status and two digits that tell causes of one status apart.
    package var text: String { "F\(status)\(detail)" }

    private var detail: String {
        switch self {
        case .addressRefused, .tooManyConnections: "01"
        case .originRefused, .serviceBusy: "02"
        case .overloaded: "03"
        case .keysUnavailable: "04"
        default: "00"
        }
    }

    /// Whether the same request may well succeed in a second, which `Retry-After` says (RFC 9110 §10.2.3).
    package var isTemporary: Bool {
        switch self {
        case .noInstance, .overloaded, .serviceBusy, .tooManyConnections, .keysUnavailable: true
        default: false
        }
    }

    package var message: String {
        switch self {
        case .badRequest: "the request is malformed"
        case .forbidden: "the caller may not do this"
        case .addressRefused: "this address may not call here"
        case .originRefused: "pages of this origin may not call here"
        case .unauthenticated: "the request does not show who it comes from"
        case .noRoute: "no route matches this request"
        case .methodNotAllowed: "no route takes this method here"
        case .clientTimeout: "the request did not arrive in time"
        case .bodyTooLarge: "the body is too large"
        case .targetTooLong: "the request target is too long"
        case .expectationFailed: "the expectation is not supported"
        case .tooManyConnections: "there are too many connections from this address"
        case .headTooLarge: "the header is too large"
        case .internalError: "the gateway failed"
        case .notImplemented: "the request needs something that is not supported"
        case .badUpstream: "the service did not give a valid answer"
        case .serviceBusy: "the service has as many requests as it may"
        case .noInstance: "no instance of the service can be reached"
        case .overloaded: "the gateway has as much to do as it can"
        case .keysUnavailable: "callers cannot be verified at the moment"
        case .upstreamTimeout: "the service did not answer in time"
        case .versionNotSupported: "the protocol version is not supported"
        }
    }

    /// The body of the answer.
    package func envelope(_ message: String? = nil) -> String {
        "{\"code\":\"\(text)\",\"message\":\"\(message ?? self.message)\",\"data\":null}\n"
    }

    /// The answer to a request that breaks a rule.
    package init(_ fault: Fault) {
        self =
            switch fault {
            case .requestLine, .statusLine, .target, .field, .host, .length, .chunk: .badRequest
            case .version: .versionNotSupported
            case .targetTooLong: .targetTooLong
            case .tooManyFields, .headTooLarge: .headTooLarge
            case .transferCoding, .methodRefused: .notImplemented
            case .expectation: .expectationFailed
            }
    }
}

/// Reason phrases (RFC 9110 §15) for answers that the gateway makes.
package enum Reason {
    package static func phrase(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 410: "Gone"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 417: "Expectation Failed"
        case 418: "I'm a teapot"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: ""
        }
    }
}
