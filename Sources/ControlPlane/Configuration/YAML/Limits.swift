/// Bounds on one configuration file.
enum FileLimits {
    static let bytes = 16 * 1024 * 1024
    /// Collections inside collections.
    static let depth = 64
    /// Nodes that aliases add to what is written.
    static let aliasedNodes = 100_000
}
