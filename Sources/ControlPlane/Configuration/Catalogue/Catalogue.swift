// Every code that a configuration can be reported under. 10xx files and YAML, 11xx shapes and scalars,
// 12xx names and links, 13xx the order of routes, 14xx the environment.

package import Diagnostics

/// The codes of all diagnostics, in order.
package enum Catalogue {
    /// All codes, lowest first.
    package static let all: [DiagnosticCode] =
        (files + yaml + shape + scalars + paths + routes + auth + credentials + conditions + permissions + names + links
        + authLinks + permissionLinks + upstreams + watching + policies + routeOrder + environment).sorted {
            $0.id < $1.id
        }

    /// The code with this id, written in any case.
    package static func code(_ id: String) -> DiagnosticCode? {
        let wanted = id.uppercased()
        return all.first { $0.id == wanted }
    }
}
