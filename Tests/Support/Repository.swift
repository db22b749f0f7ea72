/// Where the checkout lies, for tests that read its files.
package enum Repository {
    /// The top folder, without a slash at the end.
    package static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()
}
