internal import Bytes
internal import CLinux

/// Bytes that are zero and take no memory until they are written, page by page.
@safe
package struct ZeroedMemory: ~Copyable, @unchecked Sendable {
    // Invariant: a mapping of `byteCount` bytes, owned by this value.
    package let base: UnsafeMutableRawPointer
    private let byteCount: Int

    package init(byteCount: Int) {
        self.byteCount = max(1, byteCount)
        guard let base = unsafe clinux_map(self.byteCount) else { outOfMemory(for: "counters") }
        unsafe self.base = base
    }

    deinit {
        unsafe clinux_unmap(base, byteCount)
    }
}
