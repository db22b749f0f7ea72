internal import Bytes

/// Random bits that need not be secret: request ids and choices. Seeded by its owner, so a simulation repeats.
struct RandomSource: BitwiseCopyable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0xA076_1D64_78BD_642F
        return mix(state)
    }
}
