// What a route asks of its requests before they go anywhere.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Policies

extension Worker where Network: ~Copyable {
    /// Whether a client may call a route by its address and with so large a head; otherwise it has been answered. Keeps what the answer will say
    /// to a page of another origin.
    mutating func passesPolicies(
        _ client: Client, route: Int, _ caller: SocketAddress, headEnd: Int
    ) -> Bool {
        guard !client.connection.isAdmin, let policy = client.snapshot.policies.entry(of: route) else { return true }
        let policies = client.snapshot.policies
        client.exchange.policy = Int32(policy)
        if let origin = policies.allowedOrigin(policy, request, scratch) { keepOrigin(client, origin) }
        let isAdmitted = policies.admits(policy, caller)
        if isAdmitted, policies.takesHead(policy, bytes: headEnd) { return true }
        skipBody(client, headEnd: headEnd)
        answer(client, isAdmitted ? .headTooLarge : .addressRefused)
        return false
    }

    /// The origin stands between the record and the head for the instance.
    private mutating func keepOrigin(_ client: Client, _ origin: ByteRange) {
        let memory = client.exchange.memory
        let start = pool[memory].count
        pool[memory].append(scratch, origin.range)
        client.exchange.origin = ByteRange(from: start, to: pool[memory].count)
        client.exchange.headStart = Int32(pool[memory].count)
    }

    /// Answers a preflight (Fetch Standard §3.2.2).
    mutating func answerPreflight(_ client: Client, _ policies: PolicyTable, headEnd: Int) {
        guard !client.exchange.origin.isEmpty else {
            skipBody(client, headEnd: headEnd)
            return answer(client, .originRefused)
        }
        outbox.clear()
        startAnswer(client, status: 204)
        policies.appendPreflight(Int(client.exchange.policy), request, scratch, to: &outbox)
        skipBody(client, headEnd: headEnd)
        // The fields that are asked for can be long.
        guard outbox.count <= Bounds.upstreamHeadBytes(room) else { return answer(client, .headTooLarge) }
        endAnswer(client, contentType: nil, body: [])
    }

    /// What the route of an exchange asks, if anything.
    func policy(of client: Client) -> (PolicyTable, Int)? {
        guard client.exchange.policy >= 0 else { return nil }
        return (client.snapshot.policies, Int(client.exchange.policy))
    }

    /// Copies the fields of an answer that pass.
    mutating func copyAnswerFields(_ client: Client, except dropped: FieldNames) {
        let policy = Int(client.exchange.policy)
        guard policy >= 0, client.snapshot.policies.changesAnswer(policy) else {
            return response.fields.copyLines(of: scratch, except: dropped, response.connection, to: &outbox)
        }
        let policies = client.snapshot.policies
        response.fields.copyLines(of: scratch, except: dropped, response.connection, to: &outbox) { name in
            policies.drops(policy, answerField: name)
        }
    }

    /// Appends what the route adds to the answer of an instance.
    mutating func appendPolicyFields(_ client: Client) {
        let policy = Int(client.exchange.policy)
        guard policy >= 0 else { return }
        let policies = client.snapshot.policies
        pool.appendOrigin(policies, policy, client.exchange.memory, client.exchange.origin, to: &outbox)
        policies.appendAnswerFields(policy, response, scratch, to: &outbox)
    }

    /// The same for an answer of the gateway's own.
    mutating func appendOwnPolicyFields(_ client: Client) {
        let policy = Int(client.exchange.policy)
        guard policy >= 0 else { return }
        let policies = client.snapshot.policies
        pool.appendOrigin(policies, policy, client.exchange.memory, client.exchange.origin, to: &outbox)
        policies.appendAnswerFields(policy, to: &outbox)
    }
}

extension BufferPool {
    func appendOrigin(
        _ policies: PolicyTable, _ policy: Int, _ memory: BufferID, _ origin: ByteRange, to out: inout Buffer
    ) {
        policies.appendAnswer(policy, origin: origin, self[memory], to: &out)
    }
}

// Over `scratch`, lent as a whole.
extension PolicyTable {
    fileprivate func allowedOrigin(
        _ policy: Int, _ head: borrowing RequestHead, _ buffer: borrowing Buffer
    ) -> ByteRange? {
        allowedOrigin(policy, head, buffer.bytes)
    }
}
