// Numbers for names, so that what a worker counts and keeps survives a reload.

package import Model

/// Gives each service, instance and route name a number of its own for the life of the process. Owned by the control
/// plane; numbers are never given twice, so tables indexed by them grow with the names ever seen.
package struct Identities: Sendable {
    private var services: [String: UInt32] = [:]
    private var instances: [String: UInt32] = [:]
    private var routes: [String: UInt32] = [:]
    /// Names by the number of the route or service, for metrics.
    package private(set) var routeNames: [String] = []
    package private(set) var serviceNames: [String] = []
    /// By the numbers.
    private var serviceWords: [SharedWords] = []
    private var instanceWords: [SharedWords] = []

    package init() {}

    package var instanceCount: Int { instances.count }

    package mutating func service(_ name: String) -> UInt32 {
        if let known = services[name] { return known }
        let number = UInt32(serviceNames.count)
        services[name] = number
        serviceNames.append(name)
        serviceWords.append(SharedWords(count: ServiceCondition.words))
        return number
    }

    /// An instance that moves to another address is another instance.
    package mutating func instance(_ instance: Instance, of service: String) -> UInt32 {
        let key = "\(service)\u{0}\(instance.id)\u{0}\(instance.host.value):\(instance.port.value)"
        if let known = instances[key] { return known }
        let number = UInt32(instances.count)
        instances[key] = number
        instanceWords.append(SharedWords(count: InstanceCondition.words))
        return number
    }

    /// What all workers share of a service, by its number.
    func words(ofService number: UInt32) -> SharedWords { serviceWords[Int(number)] }
    func words(ofInstance number: UInt32) -> SharedWords { instanceWords[Int(number)] }

    package mutating func route(_ name: String) -> UInt32 {
        if let known = routes[name] { return known }
        let number = UInt32(routeNames.count)
        routes[name] = number
        routeNames.append(name)
        return number
    }
}
