/// The policy for memory that cannot be had at all. Clients are refused long before, by `max_buffer_memory`; what is left
/// are small pieces without which nothing goes on, so the process ends and its supervisor starts it anew.
package func outOfMemory(for purpose: StaticString) -> Never {
    fatalError("out of memory for \(purpose)")
}
