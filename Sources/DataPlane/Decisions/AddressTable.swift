// The numeric addresses behind the instances of a graph, in the order of `ServiceTable`.

internal import Bytes
package import Kernel

package final class AddressTable: Sendable {
    private let addresses: FrozenArray<SocketAddress>
    /// Where each instance's addresses start; one more than there are instances.
    private let starts: FrozenArray<UInt32>

    /// `found` has the addresses of each instance; an empty list for a name that does not resolve.
    package init(_ found: [[SocketAddress]]) {
        var starts: [UInt32] = [0]
        for list in found { starts.append(starts[starts.count - 1] + UInt32(list.count)) }
        self.starts = FrozenArray(starts)
        addresses = FrozenArray(found.flatMap { $0 })
    }

    /// The n-th address of an instance, or nil.
    package func address(of instance: Int, _ number: Int) -> SocketAddress? {
        let index = Int(starts[instance]) + number
        return index < Int(starts[instance + 1]) ? addresses[index] : nil
    }

    package func list(of instance: Int) -> [SocketAddress] {
        (Int(starts[instance])..<Int(starts[instance + 1])).map { addresses[$0] }
    }

    package func count(of instance: Int) -> Int { Int(starts[instance + 1] - starts[instance]) }

    /// How many instances have an address.
    package var resolvedCount: Int {
        (0..<starts.count - 1).reduce(0) { $0 + (count(of: $1) > 0 ? 1 : 0) }
    }
}
