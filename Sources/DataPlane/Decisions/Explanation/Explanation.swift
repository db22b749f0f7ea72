// What would happen to one request and why, as data; the text and the JSON are views of it.

package import HTTP
package import Model

/// The decision for one request, told in full.
package struct Explanation: Sendable {
    /// The request in its normal form: what is compared and forwarded.
    package struct Request: Sendable {
        package let method: String
        package let host: String
        package let path: String
        /// The path before normalisation.
        package let pathAsSent: String
        package let query: String?
        package let client: String?

        package var isNormalised: Bool { path != pathAsSent }
    }

    /// An effective value and where it was said.
    package struct Sourced<Value: Sendable>: Sendable {
        package let value: Value
        package let provenance: Provenance
    }

    package struct Capture: Sendable {
        package let name: String
        package let value: String
    }

    /// The route that won.
    package struct RouteReport: Sendable {
        package let name: String
        package let provenance: Provenance
        /// The host pattern under which it won.
        package let host: Sourced<String>
        package let path: Sourced<String>
        package let methods: Sourced<String>
        package let timeout: Sourced<Duration>
        /// In the order of `LimitName`; a limit that listeners set differently is there for each of them.
        package let limits: [Limit]
        /// Those that the route or the defaults declare.
        package let policies: [Limit]
        package let captures: [Capture]
        /// Against the next candidate that matches; nil when there is none.
        package let decided: Precedence?
    }

    /// A limit on the request, as a configuration writes it.
    package struct Limit: Sendable {
        package let name: String
        /// Nil when all listeners agree.
        package let listener: String?
        package let value: Sourced<String>
    }

    /// Why one candidate comes before another.
    package struct Precedence: Sendable {
        package let rule: OrderRule
        /// What the winner and the other have to say to the rule, such as `/users/*` and `/*`.
        package let winner: String
        package let other: String
        package let otherRoute: String
    }

    /// One route that the lookup weighed.
    package struct Candidate: Sendable {
        package enum Verdict: Sendable {
            case wins
            /// It matches as well, and comes later in the order.
            case later(Precedence)
            case lacks(Lack)
        }

        package let route: String
        package let provenance: Provenance
        package let verdict: Verdict
    }

    /// What kept a route from matching.
    package struct Lack: Sendable {
        package enum Kind: String, Sendable {
            case host
            case path
            case method
            case header
            case query
        }

        package let kind: Kind
        /// Lower case, such as ``header `x-beta` must be `1`, but is absent``.
        package let reason: String
        package let provenance: Provenance
    }

    package enum Outcome: Sendable {
        case proxy(Upstream)
        case redirect(status: Int, location: String, provenance: Provenance)
        case respond(status: Int, contentType: String, body: String, provenance: Provenance)
        /// One of the gateway's own, by path.
        case endpoint(String)
        /// What a browser learns that asks whether a request would be allowed; nil when its origin may not.
        case preflight(origin: String?, provenance: Provenance)
        /// A policy keeps the request from what the route says.
        case refused(EnvelopeCode, policy: String, provenance: Provenance)
        /// `allow` lists the methods that some route takes somewhere.
        case server(allow: String)
        /// `allow` lists the methods that some route takes here.
        case methodNotAllowed(allow: String)
        case noRoute
        case badRequest(EnvelopeCode, message: String)
    }

    /// Number of the revision that was asked; nil for files.
    package let revision: Int?
    package let request: Request
    package let outcome: Outcome
    package let route: RouteReport?
    /// In the order of the routes. When nothing matched: the routes that came nearest.
    package let candidates: [Candidate]

    /// Whether a route, an endpoint or the gateway as a whole takes the request.
    package var isMatch: Bool {
        switch outcome {
        case .proxy, .redirect, .respond, .endpoint, .preflight, .refused, .server: true
        case .methodNotAllowed, .noRoute, .badRequest: false
        }
    }
}

extension Explanation.Upstream {
    /// When a request is tried again.
    package struct Retry: Sendable {
        package let limit: Explanation.Sourced<Int>
        package let conditions: Explanation.Sourced<[String]>
        package let methods: Explanation.Sourced<String>
        package let tryTimeout: Explanation.Sourced<Duration?>
        /// In percent.
        package let budget: Explanation.Sourced<Int>
        package let budgetFloor: Explanation.Sourced<Int>
        /// Whether the request of the question may be sent twice.
        package let appliesToMethod: Bool
    }

    /// What the service's connections are held to.
    package struct Pool: Sendable {
        package let maxConnections: Explanation.Sourced<Int?>
        package let maxQueue: Explanation.Sourced<Int>
        package let queueTimeout: Explanation.Sourced<Duration>
    }
}

extension Explanation.Upstream {
    /// How instances are watched; empty when they are not.
    package struct Watch: Sendable {
        package let check: Explanation.Sourced<String>?
        package let outliers: Explanation.Sourced<String>?
        package let slowStart: Explanation.Sourced<Duration?>
        /// In percent.
        package let panicThreshold: Explanation.Sourced<Int>
    }
}

extension Explanation {
    /// The service that gets a request, and what it sees of it.
    package struct Upstream: Sendable {
        package struct Share: Sendable {
            package let id: String
            package let provenance: Provenance
            /// `host:port`.
            package let address: String
            package let weight: Sourced<Int>
            /// From 0 to 1.
            package let share: Double
            package let isChosen: Bool
        }

        package let service: String
        package let provenance: Provenance
        package let balancing: Sourced<String>
        package let instances: [Share]
        /// `target_url` as written; nil when the path is passed on.
        package let template: Sourced<String>?
        /// The target that the instance sees.
        package let target: String
        package let hostHeader: Sourced<String>
        package let connectTimeout: Sourced<Duration>
        package let responseTimeout: Sourced<Duration>
        package let retry: Retry
        package let pool: Pool
        package let watch: Watch

        /// Nil when no instance takes traffic.
        package var url: String? {
            instances.first { $0.isChosen }.map { "http://\($0.address)\(target)" }
        }
    }
}
