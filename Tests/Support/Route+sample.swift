package import Diagnostics
package import Model

extension Route {
    /// A route as a test needs it, with the text forms of the configuration for hosts and path.
    package static func sample(
        _ name: String, hosts: [String] = ["*"], path: String, methods: [String] = [], headers: [FieldMatch] = [],
        query: [FieldMatch] = [], priority: Int = 0, span: SourceSpan = SourceSpan(file: 0, offset: 0, length: 0)
    ) -> Route {
        let answer = DirectResponse(
            status: Setting(200, .builtIn), contentType: Setting("text/plain", .builtIn), body: Setting("", .builtIn))
        return Route(
            name: name, span: span, hosts: hosts.map { Setting(HostPattern.sample($0), .declared(span)) },
            path: Located(PathPattern.sample(path), at: span),
            methods: Setting(methods.isEmpty ? .any : .only(methods.sorted()), .builtIn),
            headers: headers.sorted { $0.name < $1.name }, query: query.sorted { $0.name < $1.name },
            priority: Setting(priority, .builtIn), action: .respond(answer), timeout: Setting(.seconds(30), .builtIn),
            encodedSlashes: Setting(.refuse, .builtIn))
    }
}

extension FieldMatch {
    package static func sample(_ name: String, _ condition: Condition) -> FieldMatch {
        FieldMatch(name: name, span: SourceSpan(file: 0, offset: 0, length: 0), condition: condition)
    }
}

extension HostPattern {
    /// `*`, `*.example.com` or a name.
    package static func sample(_ text: String) -> HostPattern {
        if text == "*" { return .any }
        return text.hasPrefix("*.") ? .wildcard(suffix: String(text.dropFirst())) : .exact(text)
    }
}

extension PathPattern {
    /// A path that is known to be well-formed.
    package static func sample(_ text: String) -> PathPattern {
        if text.hasPrefix("~") { return PathPattern(text: text, form: .regex(String(text.dropFirst()), captures: [])) }
        var segments: [Segment] = []
        var tail = Tail.none
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init) {
            if part == "*" {
                tail = .wildcard
            } else if part.hasSuffix("*}") {
                tail = .capture(String(part.dropFirst().dropLast(2)))
            } else if part.hasPrefix("{") {
                segments.append(.capture(String(part.dropFirst().dropLast())))
            } else {
                segments.append(.literal(part))
            }
        }
        return PathPattern(text: text, form: .segments(segments, tail))
    }
}
