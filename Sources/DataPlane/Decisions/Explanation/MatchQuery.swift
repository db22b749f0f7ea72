// A request as somebody describes it who asks what would happen to it.

internal import Kernel

package struct MatchQuery: Sendable, Equatable {
    package struct Header: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A description that is no request at all; `message` is for whoever wrote it.
    package struct Failure: Error, Equatable, CustomStringConvertible {
        package let message: String
        package var description: String { message }
    }

    package let method: String
    /// With or without scheme and host.
    package let url: String
    package let headers: [Header]
    /// The address of the client.
    package let client: String?
    /// From 0 to 1: picks the instance out of the distribution.
    package let random: Double

    package init(
        method: String, url: String, headers: [Header] = [], client: String? = nil, random: Double = 0
    ) throws(Failure) {
        let texts = [method, url] + headers.flatMap { [$0.name, $0.value] }
        guard !texts.contains(where: { $0.utf8.contains { $0 == 10 || $0 == 13 } }) else {
            throw Failure(message: "a request cannot hold a line end in its method, URL or headers")
        }
        guard random >= 0, random <= 1 else { throw Failure(message: "the random value lies between 0 and 1") }
        if let client, SocketAddress(host: client, port: 0) == nil {
            throw Failure(message: "`\(client)` is no IPv4 or IPv6 address")
        }
        self.method = method
        self.url = url
        self.headers = headers
        self.client = client
        self.random = random
    }

    /// The head that a client sends for this request. A `Host` header replaces the host of the URL.
    var head: [UInt8] { head(host: "localhost") }

    /// The same, to `host` where the URL names none.
    func head(host: String) -> [UInt8] {
        let (authority, target) = MatchQuery.split(url)
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "host" }) {
            text += "Host: \(authority ?? host)\r\n"
        }
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// What a client makes of a URL: the authority without user information, and the target without a fragment.
    static func split(_ url: String) -> (authority: String?, target: String) {
        let whole = url.prefix { $0 != "#" }
        if whole.hasPrefix("/") || whole == "*" { return (nil, String(whole)) }
        var rest = whole
        for scheme in ["http://", "https://"] where whole.lowercased().hasPrefix(scheme) {
            rest = whole.dropFirst(scheme.count)
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest[authority.endIndex...]
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return (String(host), target.hasPrefix("/") ? String(target) : "/" + target)
    }
}
