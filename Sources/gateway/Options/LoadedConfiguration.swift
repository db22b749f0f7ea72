internal import Configuration
internal import Diagnostics
internal import Kernel
internal import Model

/// What became of a configuration that a command needs.
struct LoadedConfiguration {
    /// Nil when there is an error among the diagnostics.
    let graph: Graph?
    let diagnostics: [Diagnostic]
    let sources: SourceMap
    let fileCount: Int

    init(directory: String, in surroundings: Surroundings) {
        do throws(FileSetFailure) {
            let files = try FileSet.read(directory: surroundings.resolve(directory))
            self.init(files, shownAs: directory, in: surroundings)
        } catch {
            self.init(unreadable: error.diagnostics)
        }
    }

    init(_ files: FileSet, shownAs name: String, in surroundings: Surroundings) {
        let result = Loader.load(
            files, shownAs: name, environment: surroundings.environment, now: WallClock.nanoseconds / 1_000_000_000)
        graph = result.graph
        diagnostics = result.diagnostics
        sources = result.sources
        fileCount = files.files.count
    }

    private init(unreadable diagnostics: [Diagnostic]) {
        graph = nil
        self.diagnostics = diagnostics
        sources = SourceMap()
        fileCount = 0
    }

    /// The graph, or else the diagnostics as the end of the command.
    func graph(in surroundings: Surroundings) throws -> Graph {
        if let graph { return graph }
        throw InvalidConfiguration(report: report(in: surroundings))
    }

    /// The diagnostics on standard error.
    func report(in surroundings: Surroundings) -> Report {
        let renderer = DiagnosticRenderer(format: .text, sources: sources, color: surroundings.colorsErrors)
        return Report(errors: renderer.render(diagnostics), status: status)
    }

    private var status: ExitStatus {
        if graph != nil { return .fine }
        // A directory that cannot be read is neither valid nor invalid.
        return diagnostics.contains { ["GW1001", "GW1002"].contains($0.code.id) } ? .couldNotRun : .invalid
    }
}

/// Ends a command that needs a valid configuration.
struct InvalidConfiguration: Error {
    let report: Report
}
