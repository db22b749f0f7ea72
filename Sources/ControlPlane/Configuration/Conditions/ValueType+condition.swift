internal import Diagnostics
package import Model

extension ValueType where Value == Condition {
    static var ruleCondition: ValueType {
        ValueType(shape: .text(pattern: nil), noun: "a condition") { reader, id in
            guard let scalar = reader.scalar(id, "a condition") else { return nil }
            do throws(Refusal) {
                var parser = try ConditionParser(scalar.text)
                let root = try parser.parse()
                let mentions = parser.mentions.map { mention in
                    Condition.Mention(mention.kind, mention.name, at: reader.span(id, part: mention.part))
                }
                return Condition(text: scalar.text, root: root, mentions: mentions)
            } catch {
                reader.report(error, at: id)
                return nil
            }
        }
    }
}

extension Expression {
    /// The condition as a text has it; for tests and tools.
    package static func parse(_ text: String) -> Expression? {
        do throws(Refusal) {
            var parser = try ConditionParser(text)
            return try parser.parse()
        } catch {
            return nil
        }
    }
}
