// The one place that talks to libyaml.

internal import Bytes
internal import CYAML

/// What libyaml sees next in a file. Positions count characters, as libyaml does.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case mappingStart
        case mappingEnd
        case sequenceStart
        case sequenceEnd
        case plainScalar
        case quotedScalar
        case blockScalar
        case alias
    }

    let kind: Kind
    let start: Int
    let end: Int
    var anchor: String?
    var tag: String?
    /// `%YAML` or `%TAG` stands before the document.
    var hasDirectives = false
}

/// What libyaml did not understand, in its own words.
struct YAMLSyntaxFailure: Error {
    let problem: String
    let position: Int
    /// Where the thing began that could not be finished.
    let contextPosition: Int?
}

/// The events of one file. The bytes must outlive the stream.
@safe
struct EventStream: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    init(_ input: UnsafeBufferPointer<UInt8>) {
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else { outOfMemory(for: "a YAML parser") }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    /// The next event; the value of a scalar is appended to `text`.
    mutating func next(text: inout [UInt8]) throws(YAMLSyntaxFailure) -> YAMLEvent {
        var raw = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &raw) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&raw) }
        return unsafe EventStream.event(raw, text: &text)
    }

    private func failure() -> YAMLSyntaxFailure {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "unreadable"
        let hasContext = unsafe parser.pointee.context != nil
        return YAMLSyntaxFailure(
            problem: problem, position: unsafe parser.pointee.problem_mark.index,
            contextPosition: hasContext ? unsafe parser.pointee.context_mark.index : nil)
    }

    private static func event(_ raw: yaml_event_t, text: inout [UInt8]) -> YAMLEvent {
        func make(_ kind: YAMLEvent.Kind) -> YAMLEvent {
            unsafe YAMLEvent(kind: kind, start: raw.start_mark.index, end: raw.end_mark.index)
        }
        func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
            unsafe pointer.map { unsafe String(cString: $0) }
        }
        switch unsafe raw.type {
        case YAML_STREAM_START_EVENT: return make(.streamStart)
        case YAML_DOCUMENT_START_EVENT:
            var event = make(.documentStart)
            unsafe event.hasDirectives =
                raw.data.document_start.version_directive != nil
                || raw.data.document_start.tag_directives.start != raw.data.document_start.tag_directives.end
            return event
        case YAML_DOCUMENT_END_EVENT: return make(.documentEnd)
        case YAML_ALIAS_EVENT:
            var event = make(.alias)
            event.anchor = unsafe string(raw.data.alias.anchor)
            return event
        case YAML_SCALAR_EVENT:
            return unsafe scalar(raw, text: &text)
        case YAML_SEQUENCE_START_EVENT:
            var event = make(.sequenceStart)
            event.anchor = unsafe string(raw.data.sequence_start.anchor)
            event.tag = unsafe string(raw.data.sequence_start.tag)
            return event
        case YAML_SEQUENCE_END_EVENT: return make(.sequenceEnd)
        case YAML_MAPPING_START_EVENT:
            var event = make(.mappingStart)
            event.anchor = unsafe string(raw.data.mapping_start.anchor)
            event.tag = unsafe string(raw.data.mapping_start.tag)
            return event
        case YAML_MAPPING_END_EVENT: return make(.mappingEnd)
        default: return make(.streamEnd)
        }
    }

    private static func scalar(_ raw: yaml_event_t, text: inout [UInt8]) -> YAMLEvent {
        let scalar = unsafe raw.data.scalar
        let kind: YAMLEvent.Kind =
            switch unsafe scalar.style {
            case YAML_PLAIN_SCALAR_STYLE: .plainScalar
            case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .blockScalar
            default: .quotedScalar
            }
        unsafe text.append(contentsOf: UnsafeBufferPointer(start: scalar.value, count: scalar.length))
        var event = unsafe YAMLEvent(kind: kind, start: raw.start_mark.index, end: raw.end_mark.index)
        if let anchor = unsafe scalar.anchor { event.anchor = unsafe String(cString: anchor) }
        if let tag = unsafe scalar.tag { event.tag = unsafe String(cString: tag) }
        return event
    }
}
