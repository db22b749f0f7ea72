// From bytes to a graph. Pure: no file, no socket, no clock.

package import Diagnostics
package import Model

/// What became of a set of files.
package struct LoadResult: Sendable {
    /// Nil exactly when there is an error among the diagnostics.
    package let graph: Graph?
    /// Sorted by file, offset and code.
    package let diagnostics: [Diagnostic]
    package let sources: SourceMap
}

/// Reads configurations.
package enum Loader {
    /// The graph of these files; `directory` is how diagnostics name the place where they are, and `now`, in seconds
    /// since 1970, tells what has ended.
    package static func load(
        _ files: FileSet, shownAs directory: String, environment: [String: String], now: Int64 = .min
    ) -> LoadResult {
        let prefix = directory.isEmpty || directory.hasSuffix("/") ? directory : directory + "/"
        let sources = SourceMap(files: files.files.map { SourceFile(path: prefix + $0.path, text: $0.bytes) })
        let findings = Findings()
        if files.files.isEmpty {
            findings.report(
                Catalogue.noFiles, "no `.yaml` or `.yml` file in `\(directory)`",
                help: ["a gateway without routes takes a file with `gateway: {}`"])
        }
        let declarations = declarations(in: sources, findings)
        let linker = Linker(declarations, Environment(environment, findings), findings)
        let gateway = linker.gateway()
        let services = linker.linkedServices()
        let routes = linker.linkedRoutes()
        linker.reportUnusedServices()
        linker.reportUnusedSchemes()
        linker.checkUpstreams(of: services)
        GatewayChecks(gateway: gateway, declaration: declarations.gateway, findings: findings).run()
        LinkChecks(gateway: gateway, services: services, routes: routes, findings: findings).run()
        RouteAnalysis.check(routes).forEach(findings.report)
        let schemes = linker.auth.schemes()
        let access = PermissionLinker(
            declarations: declarations, services: services, routes: routes, gateway: gateway, schemes: schemes,
            findings: findings
        ).link()
        let revocations = RevocationLinker(declarations: declarations, findings: findings, now: now).link()
        let isValid = findings.errors == 0
        return LoadResult(
            graph: isValid
                ? Graph(
                    gateway: gateway, services: services, routes: routes, auth: schemes, roles: access.roles,
                    permissions: access.rules, assertions: access.assertions, revocations: revocations,
                    sources: sources) : nil,
            diagnostics: findings.sorted, sources: sources)
    }

    /// The graph of a directory.
    package static func load(directory: String, environment: [String: String]) -> LoadResult {
        do throws(FileSetFailure) {
            return load(try FileSet.read(directory: directory), shownAs: directory, environment: environment)
        } catch {
            return LoadResult(graph: nil, diagnostics: error.diagnostics, sources: SourceMap())
        }
    }

    private static func declarations(in sources: SourceMap, _ findings: Findings) -> Declarations {
        var declarations = Declarations()
        declarations.files = sources.files.count
        for (index, file) in sources.files.enumerated() {
            let (document, outcome) = Document.parse(file.text, file: index, findings)
            if outcome == .partial { declarations.isComplete = false }
            guard !document.nodes.isEmpty else { continue }
            let reader = Reader(document, file: index, bytes: file.text, findings: findings)
            decode(reader, into: &declarations)
        }
        return declarations
    }

    private static func decode(_ reader: Reader, into declarations: inout Declarations) {
        guard !reader.document.isEmpty(0) else { return }
        guard reader.kind(0) == .mapping else {
            declarations.isComplete = false
            reportTopLevel(reader)
            return
        }
        if reader.document.nodes[0].isDamaged { declarations.isComplete = false }
        for (key, value) in reader.document.pairs(of: 0) {
            reader.enter(key)
            guard let kind = Schema.kinds.first(where: { $0.description.key == reader.key }) else {
                // A kind under a wrong name may declare what others refer to.
                declarations.isComplete = false
                UnknownKey(key: reader.key, description: Schema.root, subject: "the file").report(at: key, reader)
                continue
            }
            kind.decode(reader, value, &declarations)
        }
    }

    private static func reportTopLevel(_ reader: Reader) {
        guard !reader.document.nodes[0].isDamaged else { return }
        let kinds = Schema.kinds.map(\.description.key)
        reader.findings.report(
            Catalogue.topLevel, "the file is not a mapping of kinds", at: reader.span(0),
            label: "expected \(kinds.inWords)")
    }
}
