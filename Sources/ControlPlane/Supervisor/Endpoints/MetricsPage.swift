/// A page in Prometheus' text format 0.0.4, family by family.
struct MetricsPage {
    enum Kind: String {
        case counter
        case gauge
        case summary
        case histogram
    }

    private(set) var text = ""
    private var name = ""

    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: UInt64) {
        begin(name, kind, help)
        add([], value)
    }

    mutating func add(_ labels: [(String, String)], _ value: UInt64, suffix: String = "") {
        write(labels, "\(value)", suffix)
    }

    mutating func add(_ labels: [(String, String)], milliseconds microseconds: UInt64, suffix: String) {
        write(labels, "\(Double(microseconds) / 1_000)", suffix)
    }

    mutating func add(_ labels: [(String, String)], seconds microseconds: UInt64, suffix: String) {
        write(labels, MetricsPage.seconds(microseconds), suffix)
    }

    static func seconds(_ microseconds: UInt64) -> String { "\(Double(microseconds) / 1_000_000)" }

    private mutating func write(_ labels: [(String, String)], _ value: String, _ suffix: String) {
        text += name + suffix
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.0)=\"\(MetricsPage.escape($0.1))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    private static func escape(_ value: String) -> String {
        var out = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            default: out.unicodeScalars.append(character)
            }
        }
        return out
    }
}
