internal import Kernel

/// How the descriptors that the process may have are shared out. The kernel gives the lowest number that is free, so a
/// number says how many are in use, and nobody has to count.
struct DescriptorShares: Sendable {
    let all: Int
    /// Clients get numbers below this one. The rest is for instances and the control plane: a gateway that is full of
    /// clients can still serve them.
    let clients: Int

    init(all: Int = CurrentProcess.raiseFileLimit()) {
        self.all = all
        clients = all - min(max(all / 8, 32), 1_024, all / 2)
    }
}
