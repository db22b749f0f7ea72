internal import Model

/// What is settled of a request and its caller before anything is chosen.
struct Circumstances {
    /// How much is known of an input.
    enum Knowledge {
        case exact(Value)
        /// These are possible, and others.
        case samples([Value])
        /// Whatever the caller likes.
        case open
    }

    let route: Route
    let path: PathClass
    /// Whether a path is taken by the same patterns as the class.
    let isAlike: (String) -> Bool
    let host: String
    /// Whether other hosts are meant as well, that no pattern and no condition spells out.
    let isHostOpen: Bool
    let method: String
    let isMethodOpen: Bool
    /// Nil for a caller without a name.
    let scheme: AuthScheme?

    func knowledge(of operand: Operand) -> Knowledge {
        switch operand {
        case .method: isMethodOpen ? .samples([.text(method)]) : .exact(.text(method))
        case .host: isHostOpen ? .samples([.text(host)]) : .exact(.text(host))
        case .path: path.isOne ? .exact(.text(path.sample)) : .samples([.text(path.sample)])
        case .capture(let name): knowledge(ofCapture: name)
        case .scheme: .exact(scheme.map { .text($0.name) } ?? .missing)
        case .claim, .subject: scheme == nil ? .exact(.missing) : .open
        case .header, .query, .client, .time, .hour, .weekday: .open
        case .text, .number, .boolean, .address, .clock: .exact(operand.constant)
        }
    }

    /// The place of a capture that is one segment.
    func segment(ofCapture name: String) -> Int? {
        guard case .segments(let segments, _) = route.path.value.form else { return nil }
        return segments.firstIndex { $0 == .capture(name) }
    }

    private func knowledge(ofCapture name: String) -> Knowledge {
        guard let index = segment(ofCapture: name), index < path.segments.count else { return .samples([]) }
        switch path.segments[index] {
        case .literal(let text): return text.utf8.contains(UInt8(ascii: "%")) ? .samples([]) : .exact(.text(text))
        case .other(let text): return .samples([.text(text)])
        }
    }

    /// What an atom comes to whichever path, host and method of those that are meant is taken; nil where that differs.
    func settled(_ atom: Expression) -> Answers? {
        switch atom {
        case .compare(.path, .startsWith, .text(let text)):
            let known = path.prefix
            if known.starts(with: text.utf8) { return .yes }
            let count = min(known.count, text.utf8.count)
            return known.prefix(count).elementsEqual(text.utf8.prefix(count)) ? nil : .no
        case .compare(.host, let comparison, .text), .compare(.method, let comparison, .text):
            // Names that conditions spell out are looked at one by one.
            return comparison == .equal ? .no : comparison == .unequal ? .yes : nil
        case .has(.path), .has(.host), .has(.method), .has(.client), .has(.time), .has(.hour), .has(.weekday):
            return .yes
        case .has(.subject): return isRequired(["sub"]) ? .yes : nil
        case .has(.claim(let names)): return isRequired(names) ? .yes : nil
        default: return nil
        }
    }

    private func isRequired(_ names: [String]) -> Bool {
        guard case .jwt(let policy)? = scheme?.method else { return false }
        return policy.requiredClaims.contains { $0.names == names }
    }

    /// Whether credentials can say such a thing at all.
    func canHave(_ fact: Fact) -> Bool {
        guard let scheme else { return false }
        guard case .jwt(let policy) = scheme.method else { return true }
        return switch fact {
        case .role: policy.roles.value != nil
        case .group: policy.groups.value != nil
        case .scope: policy.scopes.value != nil
        case .brings: policy.permissions.value != nil
        case .atom, .field, .client: true
        }
    }
}
