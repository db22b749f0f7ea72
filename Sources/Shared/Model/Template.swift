/// Text with captures in it: `/users/{id}/*`.
package struct Template: Sendable, Hashable, CustomStringConvertible {
    package enum Part: Sendable, Hashable {
        case literal(String)
        /// A capture of the route's path pattern; `*` is the unnamed tail.
        case capture(String)
        /// `{host}` in a redirect: the host that the client named, without its port.
        case host
    }

    /// As written.
    package let text: String
    package let parts: [Part]

    package init(text: String, parts: [Part]) {
        self.text = text
        self.parts = parts
    }

    package var description: String { text }
}
