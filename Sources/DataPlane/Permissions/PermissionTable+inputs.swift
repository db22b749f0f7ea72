// The inputs of conditions, read from a head, a path and claims.

internal import Bytes
internal import HTTP
internal import Identity
internal import Routing

/// What an operand turned out to be; text is in one of the buffers.
enum Loaded: BitwiseCopyable {
    /// Not there, there more than once, or of a type that nothing is compared with.
    case missing
    case text
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    case address(ClientBits)
}

extension PermissionTable {
    /// `asks`: only whether it is there; what is there twice, or of any type, is there.
    func load(
        _ index: Int32, _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ match: borrowing MatchScratch, _ principal: Principal?, into scratch: inout JudgeScratch, isLeft: Bool,
        asks: Bool = false
    ) -> Loaded {
        switch operands[Int(index)] {
        case .number(let number), .clock(let number): return .integer(number)
        case .boolean(let value): return .boolean(value)
        case .address(let index):
            let network = networks[Int(index)]
            return .address(ClientBits(high: network.high, low: network.low))
        case .client: return .address(facts.client)
        case .time: return .integer(facts.minuteOfDay)
        case .hour: return .integer(facts.minuteOfDay / 60)
        case .query(let name):
            if isLeft { return query(name, head, bytes, &scratch.query, into: &scratch.left, asks) }
            return query(name, head, bytes, &scratch.query, into: &scratch.right, asks)
        case .claim, .capture, .header, .method, .host, .path, .subject, .scheme, .weekday, .text:
            if isLeft {
                return text(operands[Int(index)], facts, head, bytes, match, principal, into: &scratch.left, asks)
            }
            return text(operands[Int(index)], facts, head, bytes, match, principal, into: &scratch.right, asks)
        }
    }

    private func text(
        _ operand: CompiledOperand, _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ match: borrowing MatchScratch, _ principal: Principal?, into out: inout Buffer, _ asks: Bool
    ) -> Loaded {
        out.clear()
        switch operand {
        case .claim(let index):
            guard let principal else { return .missing }
            return claim(claims[Int(index)], principal.claims, into: &out, asks)
        case .capture(let name):
            let number = Int(captureIndices[facts.route * captureNames + Int(name)])
            guard number >= 0, let range = match.capture(at: number) else { return .missing }
            PermissionTable.decode(match.path.bytes.slice(range), into: &out)
        case .header(let name): return header(name, head, bytes, into: &out, asks)
        case .method: out.append(bytes.slice(head.methodToken.range))
        case .host: out.append(match.host.bytes)
        case .path: out.append(match.path.bytes)
        case .subject:
            guard let principal, !principal.subject.isEmpty else { return .missing }
            out.append(principal.subject)
        case .scheme:
            guard let principal, principal.scheme < schemeNames.count else { return .missing }
            out.append(schemeNames[principal.scheme])
        case .weekday: PermissionTable.append(weekday: facts.weekday, to: &out)
        case .text(let range): arena.append(range, to: &out)
        case .query, .client, .time, .hour, .number, .boolean, .address, .clock:
            preconditionFailure("these are no text")
        }
        return out.overflowed ? .missing : .text
    }

    private func claim(
        _ path: CompiledClaimPath, _ claims: Claims, into out: inout Buffer, _ asks: Bool
    ) -> Loaded {
        guard let place = claims.find(path) else { return .missing }
        let node = claims.nodes[place]
        switch node.kind {
        case .null: return .missing
        case .bool: return .boolean(node.bits == 1)
        case .integer: return .integer(node.bits)
        case .double: return .double(node.double ?? 0)
        case .string:
            claims.text.append(node.text, to: &out)
            return out.overflowed ? .missing : .text
        case .array, .object: return asks ? .text : .missing
        }
    }

    /// A field that is there twice says nothing that one could rely on.
    private func header(
        _ name: ByteRange, _ head: borrowing RequestHead, _ bytes: RawSpan, into out: inout Buffer, _ asks: Bool
    ) -> Loaded {
        var found = 0
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            guard arena.equals(name, folding: bytes.slice(field.name.range)) else { continue }
            found += 1
            if found == 1 { out.append(bytes.slice(field.value.range)) }
        }
        return found == 1 && !out.overflowed || asks && found > 0 ? .text : .missing
    }

    /// The same for a query parameter, in its decoded form.
    private func query(
        _ name: ByteRange, _ head: borrowing RequestHead, _ bytes: RawSpan, _ decoded: inout Buffer,
        into out: inout Buffer, _ asks: Bool
    ) -> Loaded {
        out.clear()
        var found = 0
        let query = bytes.slice(head.query.range)
        var start = 0
        while start < query.byteCount {
            let end = query.firstIndex(of: UInt8(ascii: "&"), from: start)
            let equals = min(end, query.firstIndex(of: UInt8(ascii: "="), from: start))
            decoded.clear()
            RouteTable.decode(query.slice(start..<equals), into: &decoded)
            if arena.equals(name, decoded.bytes) {
                found += 1
                if found == 1, equals < end { RouteTable.decode(query.slice(equals + 1..<end), into: &out) }
            }
            start = end + 1
        }
        return found == 1 && !out.overflowed || asks && found > 0 ? .text : .missing
    }

    /// The characters of a normal path, without their percent-encoding.
    private static func decode(_ path: RawSpan, into out: inout Buffer) {
        var index = 0
        while index < path.byteCount {
            let byte = path.byte(at: index)
            if byte == UInt8(ascii: "%"), index + 2 < path.byteCount,
                let high = ASCII.hexValue(path.byte(at: index + 1)), let low = ASCII.hexValue(path.byte(at: index + 2))
            {
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(byte)
                index += 1
            }
        }
    }

    private static func append(weekday: Int64, to out: inout Buffer) {
        switch weekday {
        case 0: out.append("mon")
        case 1: out.append("tue")
        case 2: out.append("wed")
        case 3: out.append("thu")
        case 4: out.append("fri")
        case 5: out.append("sat")
        default: out.append("sun")
        }
    }
}

extension Loaded {
    var isMissing: Bool { if case .missing = self { true } else { false } }

    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .missing, .text, .boolean, .address: nil
        }
    }
}
