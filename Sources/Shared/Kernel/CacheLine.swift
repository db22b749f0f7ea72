internal import CLinux

package enum CacheLine {
    /// Has the processor fetch the line of memory at an address that will be needed soon, and does not wait for it.
    package static func fetch(_ address: UnsafeRawPointer) {
        unsafe clinux_prefetch(address)
    }
}
