// Regular expressions of the operator, run over bytes of the client: bounded in time, stack and heap.

internal import Bytes
internal import CPCRE2
internal import Synchronization

/// What one match may cost. A subject that needs more does not match.
private enum Limits {
    /// Calls of the matcher: a few milliseconds of backtracking.
    static let steps: UInt32 = 100_000
    static let depth: UInt32 = 10_000
    static let heapKibibytes: UInt32 = 1_024
    /// Bytes of a pattern's source.
    static let source = 16_384
}

/// A compiled regular expression (PCRE2, bytes). Immutable, shared by all threads.
@safe
package final class Pattern: Sendable {
    package let source: String
    /// Named groups, in the order of their numbers.
    package let captureNames: [String]

    private let captureNumbers: [Int]
    // PCRE2 only reads the code and the context while it matches, so threads may share both.
    private nonisolated(unsafe) let code: OpaquePointer
    private nonisolated(unsafe) let context: OpaquePointer
    /// Address of the match data for the next match; a thread that finds 0 makes its own.
    private let spare: Atomic<UInt>

    package init(_ source: String) throws(PatternFailure) {
        guard source.utf8.count <= Limits.source else {
            throw PatternFailure(message: "longer than \(Limits.source) bytes", offset: Limits.source)
        }
        guard let context = unsafe pcre2_match_context_create_8(nil) else { outOfMemory(for: "a pattern") }
        unsafe pcre2_set_match_limit_8(context, Limits.steps)
        unsafe pcre2_set_depth_limit_8(context, Limits.depth)
        unsafe pcre2_set_heap_limit_8(context, Limits.heapKibibytes)
        let code: OpaquePointer
        do {
            unsafe code = try Pattern.compile(source)
        } catch {
            unsafe pcre2_match_context_free_8(context)
            throw error
        }
        let groups = unsafe Pattern.namedGroups(of: code)
        self.source = source
        self.captureNames = groups.map(\.name)
        self.captureNumbers = groups.map(\.number)
        unsafe self.code = code
        unsafe self.context = context
        self.spare = Atomic(0)
    }

    deinit {
        unsafe pcre2_match_data_free_8(exchangeSpare(nil))
        unsafe pcre2_match_context_free_8(context)
        unsafe pcre2_code_free_8(code)
    }

    /// Whether the whole subject matches; `captures` then has one range (or nil) for each of `captureNames`.
    package func matchesWhole(_ subject: RawSpan, captures: inout [Range<Int>?]) -> Bool {
        captures.removeAll(keepingCapacity: true)
        return unsafe match(subject) { found in
            for number in captureNumbers { captures.append(unsafe Pattern.range(of: number, in: found)) }
        }
    }

    /// Whether the whole subject matches.
    package func matchesWhole(_ subject: RawSpan) -> Bool {
        unsafe match(subject) { _ in }
    }

    private func match(_ subject: RawSpan, _ onMatch: (OpaquePointer) -> Void) -> Bool {
        let taken = unsafe exchangeSpare(nil)
        guard let data = unsafe taken ?? pcre2_match_data_create_from_pattern_8(code, nil) else { return false }
        defer { unsafe pcre2_match_data_free_8(exchangeSpare(data)) }

        let result = unsafe subject.withUnsafeBytes { bytes in
            // An empty span has no address; PCRE2 wants one.
            let start = unsafe bytes.assumingMemoryBound(to: UInt8.self).baseAddress ?? Pattern.nothing
            let result = unsafe pcre2_match_8(code, start, bytes.count, 0, 0, data, context)
            guard result == PCRE2_ERROR_JIT_STACKLIMIT else { return result }
            return unsafe pcre2_match_8(code, start, bytes.count, 0, PCRE2_NO_JIT, data, context)
        }
        guard result > 0 else { return false }
        unsafe onMatch(data)
        return true
    }

    private func exchangeSpare(_ data: OpaquePointer?) -> OpaquePointer? {
        let address = UInt(bitPattern: data)
        return unsafe OpaquePointer(bitPattern: spare.exchange(address, ordering: .acquiringAndReleasing))
    }

    private nonisolated(unsafe) static let nothing = unsafe UnsafePointer(
        UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
}

/// Why a source is no regular expression.
package struct PatternFailure: Error, Sendable, Hashable {
    /// Lower case, without a period.
    package let message: String
    /// Bytes from the start of the source.
    package let offset: Int
}
