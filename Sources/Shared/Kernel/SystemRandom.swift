internal import CLinux

/// Random bits from the kernel, for seeds.
package enum SystemRandom {
    package static var word: UInt64 { UInt64(clinux_random()) }
}
