package import Kernel
package import Model

/// Some blocks of addresses, to ask outside of a table.
package struct AddressRules: ~Copyable {
    private let sets: AddressSets
    private let isEmpty: Bool

    package init(_ prefixes: [AddressPrefix]) {
        var builder = AddressSetsBuilder()
        isEmpty = builder.add(prefixes) < 0
        sets = AddressSets(builder)
    }

    package func contains(_ address: SocketAddress) -> Bool { !isEmpty && sets.contains(address, in: 0) }
}
