// What was read from disk, apart from how it is understood.

package import Cryptography
package import Diagnostics

/// The files of a configuration directory as they were at one moment, sorted by path.
package struct FileSet: Sendable {
    package struct File: Sendable {
        /// Relative to the directory, with `/` between names.
        package let path: String
        package let bytes: [UInt8]
        package let digest: Digest

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
            self.digest = SHA256.digest(bytes)
        }
    }

    package let files: [File]
    /// Over paths and contents.
    package let digest: Digest

    package init(files: [File]) {
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        var hash = SHA256()
        for file in self.files {
            hash.update(file.path)
            // No path holds a NUL, and digests are all of one length, so no two sets make the same text.
            hash.update("\u{0}")
            hash.update(file.digest.bytes.span)
        }
        self.digest = hash.finish()
    }
}

/// Why a directory could not be read.
package struct FileSetFailure: Error {
    /// Never empty.
    package let diagnostics: [Diagnostic]
}
