internal import Diagnostics
internal import Model

/// What must hold among the fields of one route.
struct RouteChecks {
    let object: ObjectReader
    let route: RouteDeclaration

    func run() {
        checkTarget()
        checkLimits()
        checkServiceOnly()
        checkRawPath()
        guard let path = route.path else { return }
        switch route.action {
        case .proxy(_, let target): target.map { checkCaptures($0, of: path) }
        case .redirect(let redirect): checkCaptures(redirect.location, of: path)
        case .respond, nil: break
        }
        let rules = route.policies.requestHeaders?.value
        for rule in (rules?.set ?? []) + (rules?.add ?? []) { checkCaptures(rule.value, of: path) }
    }

    private func checkTarget() {
        guard !object.has(RouteFields.service), let span = object.keySpan(RouteFields.target),
            object.has(RouteFields.redirect) || object.has(RouteFields.response)
        else { return }
        let action = object.has(RouteFields.redirect) ? "redirect" : "response"
        object.reader.findings.report(
            Catalogue.targetWithoutService, "`target_url` in a route with a `\(action)`", at: span,
            label: "no instance ever sees this path",
            help: action == "redirect" ? ["the place to go to is `redirect.url`"] : ["remove it"])
    }

    /// A body that goes nowhere is dropped, whatever its size and speed.
    private func checkLimits() {
        guard !object.has(RouteFields.service), object.has(RouteFields.redirect) || object.has(RouteFields.response)
        else { return }
        let spans = [
            object.keySpan(LimitFields.maxBodySize), object.keySpan(LimitFields.bodyTimeout),
            object.keySpan(LimitFields.minBodyRate),
        ]
        let action = object.has(RouteFields.redirect) ? "redirect" : "response"
        for case (let name, let span?) in zip(LimitName.allCases.filter(\.isAboutBodies), spans) {
            object.reader.findings.report(
                Catalogue.limitWithoutService, "`\(name.rawValue)` in a route with a `\(action)`", at: span,
                label: "the gateway reads no body here", help: ["remove it"])
        }
    }

    /// What only an instance could be concerned by.
    private func checkServiceOnly() {
        guard !object.has(RouteFields.service), object.has(RouteFields.redirect) || object.has(RouteFields.response)
        else { return }
        for field in [
            RouteFields.rawPath.description, RouteFields.upgrade.description, RouteFields.streamTimeout.description,
        ] {
            guard let span = object.keySpan(of: field) else { continue }
            object.reader.findings.report(
                Catalogue.serviceFieldWithoutService, "`\(field.key)` in a route without a service", at: span,
                label: "no instance is concerned by this", help: ["remove it"])
        }
    }

    private func checkRawPath() {
        guard let raw = route.rawPath, raw.value, let span = object.keySpan(RouteFields.target) else { return }
        object.reader.findings.report(
            Catalogue.rawPathRewritten, "`target_url` beside `raw_path: true`", at: span,
            label: "the path cannot be rewritten and stay as it is",
            notes: [Diagnostic.Note("the raw path is asked for here", at: raw.span)],
            help: ["keep one of the two"])
    }

    private func checkCaptures(_ template: Located<Template>, of path: Located<PathPattern>) {
        let names = template.value.parts.compactMap { if case .capture(let name) = $0 { name } else { nil } }
        checkCaptures(names, in: Located(template.value.text, at: template.span), of: path)
    }

    private func checkCaptures(_ template: Located<ValueTemplate>, of path: Located<PathPattern>) {
        let names = template.value.parts.compactMap { if case .capture(let name) = $0 { name } else { nil } }
        checkCaptures(names, in: Located(template.value.text, at: template.span), of: path)
    }

    private func checkCaptures(_ names: [String], in template: Located<String>, of path: Located<PathPattern>) {
        let known = path.value.captures
        for name in names where !known.contains(name) {
            object.reader.findings.report(
                Catalogue.unknownCapture,
                "\(object.subject) uses \(written(name)), which its path does not capture",
                at: place(of: name, in: template), label: "not captured",
                notes: [Diagnostic.Note("the path", at: path.span)], help: help(name, known))
        }
    }

    private func written(_ name: String) -> String { name == "*" ? "`*`" : "`{\(name)}`" }

    private func help(_ name: String, _ known: [String]) -> [String] {
        if name.hasSuffix("*"), known.contains(String(name.dropLast())), name != "*" {
            return ["write `{\(name.dropLast())}`; the `*` stands in the path only"]
        }
        if let near = Nearest.name(to: name, among: known) { return ["did you mean \(written(near))?"] }
        if name == "*", case .segments(_, .capture(let tail)) = route.path?.value.form {
            return ["the tail has a name: write `{\(tail)}`"]
        }
        if known.isEmpty { return ["the path captures nothing: capture with `{name}` or `*`"] }
        return ["captured: \(known.map(written).joined(separator: ", "))"]
    }

    /// The capture itself when the template stands in the file as it is.
    private func place(of name: String, in template: Located<String>) -> SourceSpan {
        let text = Array(template.value.utf8)
        let wanted = Array(name == "*" ? "*".utf8 : "{\(name)}".utf8)
        let span = template.span
        let start = Int(span.offset)
        let quotes = (Int(span.length) - text.count) / 2
        let source = object.reader.bytes.dropFirst(start + quotes).prefix(text.count)
        guard (0...1).contains(quotes), source.elementsEqual(text),
            let index = text.indices.first(where: { text[$0...].starts(with: wanted) })
        else { return span }
        return SourceSpan(file: Int(span.file), offset: start + quotes + index, length: wanted.count)
    }
}
