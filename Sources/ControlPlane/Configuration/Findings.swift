internal import Diagnostics

/// Collects what one load finds. Owned by the load; findings are sorted at its end.
final class Findings {
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var errors = 0
    /// Searches for a near name that are still worth their time: after many, the cause is another one.
    private var hintsLeft = 200

    func report(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errors += 1 }
        diagnostics.append(diagnostic)
    }

    func report(
        _ code: DiagnosticCode, _ message: String, at span: SourceSpan? = nil, label: String = "",
        notes: [Diagnostic.Note] = [], help: [String] = []
    ) {
        report(Diagnostic(code, message, at: span, label: label, notes: notes, help: help))
    }

    /// The candidate that was meant by `word`, as long as there are not too many such questions.
    func near(_ word: String, among candidates: some Sequence<String>) -> String? {
        guard hintsLeft > 0 else { return nil }
        hintsLeft -= 1
        return Nearest.name(to: word, among: candidates)
    }

    /// By file, offset and code; what has no place comes first. The same finding twice, as aliases make it, counts once.
    var sorted: [Diagnostic] {
        let ordered = diagnostics.enumerated().sorted { left, right in
            let (a, b) = (Findings.key(left.element), Findings.key(right.element))
            return a == b ? left.offset < right.offset : a < b
        }
        var kept: [Diagnostic] = []
        for (_, diagnostic) in ordered {
            if let last = kept.last, last.code == diagnostic.code, last.span == diagnostic.span,
                last.message == diagnostic.message
            {
                continue
            }
            kept.append(diagnostic)
        }
        return kept
    }

    private static func key(_ diagnostic: Diagnostic) -> (Int, UInt32, String) {
        guard let span = diagnostic.span else { return (-1, 0, diagnostic.code.id) }
        return (Int(span.file), span.offset, diagnostic.code.id)
    }
}
