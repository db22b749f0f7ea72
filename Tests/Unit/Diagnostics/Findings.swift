import Diagnostics

let unknownService = DiagnosticCode(
    "GW1203", title: "a name that is not declared", story: "The route names a service.\nNone has this name.")
let overlap = DiagnosticCode("GW1303", .warning, title: "an overlap", story: "Two routes tie.")

/// One or more files, and spans of them found by their text.
struct Source {
    let map: SourceMap

    init(_ files: (path: String, text: String)...) {
        map = SourceMap(files: files.map { SourceFile(path: $0.path, text: Array($0.text.utf8)) })
    }

    func span(of text: String, in file: Int = 0, skipping: Int = 0) -> SourceSpan {
        let bytes = map.files[file].text
        let wanted = Array(text.utf8)
        var left = skipping
        for offset in 0...(bytes.count - wanted.count) where Array(bytes[offset..<offset + wanted.count]) == wanted {
            if left == 0 { return SourceSpan(file: file, offset: offset, length: wanted.count) }
            left -= 1
        }
        preconditionFailure("the source has no such text")
    }

    func render(_ diagnostics: [Diagnostic], as format: DiagnosticFormat = .text, color: Bool = false) -> String {
        DiagnosticRenderer(format: format, sources: map, color: color).render(diagnostics)
    }
}
