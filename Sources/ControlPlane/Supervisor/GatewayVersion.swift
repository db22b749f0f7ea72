/// The version of this build, as `--version`, `/metrics` and `gateway status` show it.
package enum GatewayVersion {
    package static let current = "0.1.0"
}
