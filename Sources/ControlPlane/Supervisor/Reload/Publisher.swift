package import Model

/// Why a valid graph cannot serve on this machine: an address in use, a port that needs a privilege.
package struct PublishFailure: Error, Sendable, Equatable {
    /// Lower case, without a period.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}

/// Hands graphs to those who serve them. Called on the reloader's thread.
package struct Publisher {
    /// Takes what a graph needs and the present one does not have (listening sockets), so that a failure is known
    /// before the revision is recorded. May be called again for the same graph, and for another one without a
    /// `publish`.
    package let prepare: (Graph) throws(PublishFailure) -> Void
    /// Makes the graph the one that serves, under its revision; 0 is one that is not recorded. Called again for the
    /// same graph when its revision becomes known.
    package let publish: (Graph, Int) throws(PublishFailure) -> Void

    package init(
        prepare: @escaping (Graph) throws(PublishFailure) -> Void = { (_: Graph) throws(PublishFailure) in },
        publish: @escaping (Graph, Int) throws(PublishFailure) -> Void
    ) {
        self.prepare = prepare
        self.publish = publish
    }
}
