// What a route asks of its requests, and changes in them, beside where they go.

package import Diagnostics

package struct RoutePolicies: Sendable {
    /// Clients that may call; empty for all.
    package let ipAllow: Setting<[AddressPrefix]>
    /// Clients that may not, whatever `ipAllow` says.
    package let ipDeny: Setting<[AddressPrefix]>
    /// Nil leaves it to the service.
    package let cors: Setting<CORS?>
    package let requestHeaders: Setting<HeaderRules>
    package let responseHeaders: Setting<HeaderRules>
    package let securityHeaders: Setting<Bool>
    /// Below what the listener takes; nil leaves it to the listener.
    package let maxHeadSize: Setting<ByteSize>?

    package init(
        ipAllow: Setting<[AddressPrefix]>, ipDeny: Setting<[AddressPrefix]>, cors: Setting<CORS?>,
        requestHeaders: Setting<HeaderRules>, responseHeaders: Setting<HeaderRules>, securityHeaders: Setting<Bool>,
        maxHeadSize: Setting<ByteSize>?
    ) {
        self.ipAllow = ipAllow
        self.ipDeny = ipDeny
        self.cors = cors
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
        self.securityHeaders = securityHeaders
        self.maxHeadSize = maxHeadSize
    }

    package static let none = RoutePolicies(
        ipAllow: Setting([], .builtIn), ipDeny: Setting([], .builtIn), cors: Setting(nil, .builtIn),
        requestHeaders: Setting(HeaderRules(), .builtIn), responseHeaders: Setting(HeaderRules(), .builtIn),
        securityHeaders: Setting(false, .builtIn), maxHeadSize: nil)

    /// Nothing is asked and nothing changed.
    package var isEmpty: Bool {
        ipAllow.value.isEmpty && ipDeny.value.isEmpty && cors.value == nil && requestHeaders.value.isEmpty
            && responseHeaders.value.isEmpty && !securityHeaders.value && maxHeadSize == nil
    }
}

/// Which pages of other origins may read the answers (Fetch Standard, CORS protocol).
package struct CORS: Sendable, Hashable {
    package enum Origins: Sendable, Hashable {
        case any
        case listed([OriginPattern])
    }

    package enum Names: Sendable, Hashable {
        /// Whatever a preflight asks for.
        case asked
        case listed([String])
    }

    package let origins: Origins
    /// Nil for those of the route.
    package let methods: [String]?
    /// Fields that a request may have.
    package let headers: Names
    /// Fields that a page may read.
    package let exposed: [String]
    package let credentials: Bool
    /// How long a browser may keep the answer to a preflight.
    package let maxAge: Duration

    package init(
        origins: Origins, methods: [String]?, headers: Names, exposed: [String], credentials: Bool, maxAge: Duration
    ) {
        self.origins = origins
        self.methods = methods
        self.headers = headers
        self.exposed = exposed
        self.credentials = credentials
        self.maxAge = maxAge
    }
}

/// An origin (RFC 6454 §6.1), or all below a domain: `https://app.example.com`, `https://*.example.com`.
package struct OriginPattern: Sendable, Hashable {
    /// In lower case; all of it without a wildcard, and what stands before it otherwise.
    package let prefix: String
    /// What stands behind the wildcard; nil without one.
    package let suffix: String?

    package init(prefix: String, suffix: String?) {
        self.prefix = prefix
        self.suffix = suffix
    }

    package var description: String { suffix.map { "\(prefix)*\($0)" } ?? prefix }
}

/// Changes to the fields of a head: those of `remove` go first, then those of `set` replace, those of `add` stay beside
/// what is there.
package struct HeaderRules: Sendable {
    package let set: [HeaderRule]
    package let add: [HeaderRule]
    /// In lower case.
    package let remove: [String]

    package init(set: [HeaderRule] = [], add: [HeaderRule] = [], remove: [String] = []) {
        self.set = set
        self.add = add
        self.remove = remove
    }

    /// What all rules together may add to a head.
    package static let bytesMax = 8_192

    package var isEmpty: Bool { self.set.isEmpty && add.isEmpty && remove.isEmpty }

    package var usesCaptures: Bool {
        (self.set + add).contains { rule in
            rule.value.value.parts.contains { if case .capture = $0 { true } else { false } }
        }
    }
}

package struct HeaderRule: Sendable {
    /// In lower case.
    package let name: String
    package let span: SourceSpan
    package let value: Located<ValueTemplate>

    package init(name: String, span: SourceSpan, value: Located<ValueTemplate>) {
        self.name = name
        self.span = span
        self.value = value
    }
}

/// The value of a header field, with parts of the request in it: `{id}`, `{claims.sub}`.
package struct ValueTemplate: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case literal(String)
        /// A capture of the route's path pattern; `*` is the unnamed tail.
        case capture(String)
        /// A member of the caller's claims, by its path.
        case claim([String])
        case host
        case method
        /// The client's address.
        case client
        case requestID
    }

    /// As written.
    package let text: String
    package let parts: [Part]

    package init(text: String, parts: [Part]) {
        self.text = text
        self.parts = parts
    }
}
