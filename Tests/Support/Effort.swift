import Glibc

/// How much a test does of what it repeats.
package enum Effort {
    /// So many rounds, or a tenth of them in a build whose every step takes longer (`GATEWAY_TEST_PATIENCE` is set).
    package static func rounds(_ usual: Int) -> Int {
        unsafe getenv("GATEWAY_TEST_PATIENCE") == nil ? usual : max(1, usual / 10)
    }
}
