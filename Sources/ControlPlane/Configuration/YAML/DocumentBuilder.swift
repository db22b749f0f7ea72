// Strict YAML: what libyaml would let pass, and what a configuration must not contain, is reported here.

internal import Diagnostics

/// Turns the events of one file into a document.
struct DocumentBuilder {
    /// A collection that is still open.
    struct Frame {
        let node: NodeID
        let anchor: String?
        /// Nodes below, with aliases written out.
        var expanded = 0
        var lastChild: NodeID?
    }

    /// A finished node that aliases may refer to.
    struct Anchor {
        let node: NodeID
        let expanded: Int
    }

    let place: YAMLPlace
    let findings: Findings
    var document = Document()
    private(set) var frames: [Frame] = []
    private var anchors: [String: Anchor] = [:]
    private var openAnchors: Set<String> = []
    private var aliased = 0

    init(place: YAMLPlace, findings: Findings) {
        self.place = place
        self.findings = findings
    }

    /// Text that the event stream appends scalars to.
    var text: [UInt8] {
        get { document.text }
        _modify { yield &document.text }
    }

    mutating func scalar(_ event: YAMLEvent, kind: Document.Node.Kind, textStart: Int) {
        let (offset, end) = place.bytes(event)
        var node = Document.Node(kind: kind, offset: UInt32(offset))
        node.length = UInt32(end - offset)
        node.start = UInt32(textStart)
        node.count = UInt32(document.text.count - textStart)
        node.isDamaged = refuseTag(event)
        let id = append(node, expanded: 1)
        if let anchor = event.anchor { declare(anchor, Anchor(node: id, expanded: 1), event) }
    }

    /// False when the file nests too deeply to go on.
    mutating func open(_ event: YAMLEvent, kind: Document.Node.Kind) -> Bool {
        let offset = place.bytes(event).offset
        guard frames.count < FileLimits.depth else {
            findings.report(
                Catalogue.tooDeep, "more than \(FileLimits.depth) levels of lists and mappings",
                at: place.span(offset, offset + 1), label: "one level too many")
            return false
        }
        var node = Document.Node(kind: kind, offset: UInt32(offset))
        node.isDamaged = refuseTag(event)
        let id = append(node, expanded: 1)
        if let anchor = event.anchor { openAnchors.insert(anchor) }
        frames.append(Frame(node: id, anchor: event.anchor))
        return true
    }

    mutating func close(_ event: YAMLEvent) {
        guard let frame = frames.popLast() else { return }
        let (start, end) = place.bytes(event)
        document.nodes[frame.node].length = UInt32(
            place.firstLine(
                from: Int(document.nodes[frame.node].offset), to: end > start ? end : endOfLastChild(frame)))
        if document.nodes[frame.node].kind == .mapping { checkKeys(of: frame.node) }
        frames.indices.last.map { frames[$0].expanded += frame.expanded }
        if let anchor = frame.anchor {
            openAnchors.remove(anchor)
            declare(anchor, Anchor(node: frame.node, expanded: frame.expanded + 1), event)
        }
    }

    /// False when aliases would blow the file up.
    mutating func alias(_ event: YAMLEvent) -> Bool {
        let name = event.anchor ?? ""
        let (offset, end) = place.bytes(event)
        var node = Document.Node(kind: .alias, offset: UInt32(offset))
        node.length = UInt32(end - offset)
        guard let anchor = anchors[name], !openAnchors.contains(name) else {
            reportUnknownAlias(name, at: place.span(offset, end))
            node = Document.Node(kind: .plain, isDamaged: true, offset: UInt32(offset), length: UInt32(end - offset))
            append(node, expanded: 1)
            return true
        }
        aliased += anchor.expanded
        guard aliased <= FileLimits.aliasedNodes else {
            findings.report(
                Catalogue.aliasBomb, "aliases stand for more than \(FileLimits.aliasedNodes) values",
                at: place.span(offset, end), label: "this one goes beyond the limit")
            return false
        }
        node.start = UInt32(anchor.node)
        append(node, expanded: anchor.expanded)
        return true
    }

    @discardableResult
    private mutating func append(_ node: Document.Node, expanded: Int) -> NodeID {
        let id = document.nodes.count
        document.nodes.append(node)
        guard let top = frames.indices.last else { return id }
        if let last = frames[top].lastChild {
            document.nodes[last].next = UInt32(id)
        } else {
            document.nodes[frames[top].node].start = UInt32(id)
        }
        frames[top].lastChild = id
        frames[top].expanded += expanded
        document.nodes[frames[top].node].count += 1
        return id
    }

    private func endOfLastChild(_ frame: Frame) -> Int {
        let last = document.nodes[frame.lastChild ?? frame.node]
        return Int(last.offset) + Int(last.length)
    }

    private func refuseTag(_ event: YAMLEvent) -> Bool {
        guard let tag = event.tag else { return false }
        findings.report(
            Catalogue.tag, "the tag `\(place.shortTag(tag))` is not allowed", at: place.tagSpan(event),
            label: "the field decides the type of its value", help: ["remove the tag"])
        return true
    }

    private mutating func declare(_ name: String, _ anchor: Anchor, _ event: YAMLEvent) {
        if let first = anchors[name] {
            let node = document.nodes[anchor.node]
            let earlier = document.nodes[first.node]
            findings.report(
                Catalogue.anchorTwice, "the anchor `&\(name)` is declared twice",
                at: place.span(of: node), label: "declared again here",
                notes: [Diagnostic.Note("first declared here", at: place.span(of: earlier))],
                help: ["give one of them another name, so that each `*\(name)` has one meaning"])
        }
        anchors[name] = anchor
    }

    private func reportUnknownAlias(_ name: String, at span: SourceSpan) {
        if openAnchors.contains(name) {
            findings.report(
                Catalogue.aliasInItself, "`*\(name)` stands inside the value that it refers to", at: span,
                label: "this would never end")
            return
        }
        let near = findings.near(name, among: anchors.keys.sorted())
        findings.report(
            Catalogue.unknownAlias, "no anchor `&\(name)` before this alias", at: span,
            label: "not declared above in this file",
            help: near.map { ["did you mean `*\($0)`?"] } ?? ["an anchor holds in its own file only"])
    }
}
