/// A path as a route names it: `/users`, `/users/*`, `/users/{id}/files/{rest*}` or `~^/users/[0-9]+$`.
package struct PathPattern: Sendable, Hashable, CustomStringConvertible {
    package enum Segment: Sendable, Hashable {
        case literal(String)
        /// One non-empty segment, captured under a name.
        case capture(String)
    }

    package enum Tail: Sendable, Hashable {
        /// The path ends with the last segment.
        case none
        /// `/*`: anything below, and the bare prefix itself; captured under the name `*`.
        case wildcard
        /// `/{rest*}`: the same, captured under a name.
        case capture(String)
    }

    package enum Form: Sendable, Hashable {
        /// The path after its first `/`, split at `/`: `/` is one empty literal, `/*` has no segment and a tail.
        case segments([Segment], Tail)
        /// PCRE2 source, matched against the whole path; named groups are captures.
        case regex(String, captures: [String])
    }

    /// As written, without a change.
    package let text: String
    package let form: Form

    package init(text: String, form: Form) {
        self.text = text
        self.form = form
    }

    package var description: String { text }

    /// Names of the captures, in order of their appearance.
    package var captures: [String] {
        switch form {
        case .regex(_, let names): return names
        case .segments(let segments, let tail):
            var names = segments.compactMap { if case .capture(let name) = $0 { name } else { nil } }
            switch tail {
            case .none: break
            case .wildcard: names.append("*")
            case .capture(let name): names.append(name)
            }
            return names
        }
    }
}
