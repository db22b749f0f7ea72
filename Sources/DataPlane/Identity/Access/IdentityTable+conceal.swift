// What instances do not see of a credential, and what they do see of the caller.

package import Bytes
package import HTTP

extension IdentityTable {
    /// Whether clients may send fields that only the gateway writes.
    package var hasForwardedFields: Bool { !forwardedFields.isEmpty }

    /// Lets no field pass that would be taken for the gateway's word.
    package func concealForwarded(_ head: inout RequestHead, _ buffer: borrowing Buffer) {
        for field in forwardedFields { head.hide(named: field, buffer) }
    }

    /// The same behind a body.
    package func concealForwarded(_ trailers: inout FieldTable, _ buffer: borrowing Buffer) {
        for field in forwardedFields { trailers.hide(named: field, buffer) }
    }

    /// Takes credentials out of the request: those of each scheme that the route asks, but for the caller's own when
    /// its scheme forwards it.
    package func concealCredentials(
        _ route: Int, of principal: Principal?, _ head: inout RequestHead, _ buffer: inout Buffer
    ) {
        let kept = principal.map { schemes[$0.scheme] }.flatMap { $0.forward.token ? $0 : nil }
        for index in schemeIndices(of: route) {
            for source in schemes[index].sources {
                if let kept, kept.sources.contains(where: source.isPlace) { continue }
                switch source {
                case .authorization, .basic: head.hide(.authorization)
                case .header(let name): head.hide(named: name, buffer)
                case .cookie(let name): head.cutCookie(name, &buffer)
                case .query(let name): head.cutParameter(name, &buffer)
                }
            }
        }
    }

    /// Appends the caller's claims as field lines.
    package func appendClaims(of principal: Principal, to out: inout Buffer) {
        for claim in schemes[principal.scheme].forward.claims {
            guard let place = principal.claims.find(claim.path) else { continue }
            principal.claims.appendField(claim.field, place, to: &out)
        }
    }
}

extension Claims {
    /// A field line: a text as it is, a number or a boolean as JSON has it, a list with commas between its values. A
    /// value with a control character or beyond ASCII is left out as a whole: no instance could read it safely.
    fileprivate func appendField(_ name: [UInt8], _ place: Int, to out: inout Buffer) {
        let value = fieldValue(place)
        guard let value, value.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return }
        out.append(name)
        out.append(": ")
        out.append(value)
        out.append("\r\n")
    }

    private func fieldValue(_ place: Int) -> [UInt8]? {
        let node = nodes[place]
        switch node.kind {
        case .null, .object: return nil
        case .bool: return Array((node.bits == 1 ? "true" : "false").utf8)
        case .integer: return Array("\(node.bits)".utf8)
        case .double: return node.double.map { Array("\($0)".utf8) }
        case .string: return string(place)
        case .array:
            var list: [UInt8] = []
            var element = first(in: place)
            while element < end(of: place) {
                guard nodes[element].kind != .array, let text = fieldValue(element), !text.contains(UInt8(ascii: ","))
                else { return nil }
                if !list.isEmpty { list.append(UInt8(ascii: ",")) }
                list += text
                element = next(after: element)
            }
            return list
        }
    }
}
