extension Diagnostic {
    /// Message and label, notes without a place, and help: for formats that have one text a finding.
    var messageLines: [String] {
        [label.isEmpty ? message : "\(message): \(label)"]
            + notes.filter { $0.span == nil }.map { "note: \($0.message)" }
            + help.map { "help: \($0)" }
    }
}
