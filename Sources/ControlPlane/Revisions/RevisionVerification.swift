// Looks at everything that a state directory holds, and changes nothing.

internal import Cryptography
internal import Kernel

package enum RevisionVerification {
    /// What is wrong with one record.
    package enum Fault: Sendable, Equatable, CustomStringConvertible {
        /// The last record has no end; the next start cuts it.
        case unfinished(bytes: Int)
        /// The hash does not fit the text and the record before it.
        case brokenChain
        /// The text fits its hash and is still no record with this number.
        case notARecord
        case body(BodyFailure)

        package var description: String {
            switch self {
            case .unfinished(let bytes): "\(bytes) bytes of an unfinished record"
            case .brokenChain: "the hash does not fit"
            case .notARecord: "not a record of this number"
            case .body(let failure): "\(failure)"
            }
        }
    }

    package struct BadPlace: Sendable, Equatable {
        /// The number that the record has, or would have.
        package let revision: Int
        /// Bytes from the start of the log to its line.
        package let offset: Int
        package let fault: Fault
    }

    package struct Report: Sendable, Equatable {
        /// Records whose chain holds, from the first on.
        package fileprivate(set) var records = 0
        /// Distinct bodies that were read and fit their digest.
        package fileprivate(set) var bodies = 0
        package fileprivate(set) var firstBad: BadPlace?

        package var isSound: Bool { firstBad == nil }
    }

    /// Checks the chain, the text of each record and each body, until the first bad place. A state directory without a
    /// log is sound and empty.
    package static func verify(directory: String) throws(RevisionLogFailure) -> Report {
        let path = "\(directory)/revisions/log"
        do {
            let file = try DurableFile.open(path, writable: false)
            return try check(file, BodyStore(directory: RevisionHistory.bodiesPath(directory)))
        } catch {
            if error == .notFound { return Report() }
            throw .unusable(path: path, error)
        }
    }

    private static func check(_ file: borrowing DurableFile, _ bodies: BodyStore) throws(Errno) -> Report {
        let scan = try LogScan(file)
        var report = Report()
        var seen: Set<Digest> = []
        for (index, line) in scan.lines.enumerated() {
            let bytes = try file.read(at: line.offset, count: line.length)
            guard let revision = RevisionHistory.decode(bytes), revision.number == index + 1 else {
                report.firstBad = BadPlace(revision: index + 1, offset: line.offset, fault: .notARecord)
                return report
            }
            for entry in revision.files where !seen.contains(entry.digest) {
                do { _ = try bodies.body(of: entry) } catch {
                    report.firstBad = BadPlace(revision: index + 1, offset: line.offset, fault: .body(error))
                    return report
                }
                seen.insert(entry.digest)
                report.bodies += 1
            }
            report.records += 1
        }
        let fault: Fault? =
            switch scan.ending {
            case .clean: nil
            case .torn(let bytes): .unfinished(bytes: bytes)
            case .damaged: .brokenChain
            }
        report.firstBad = fault.map { BadPlace(revision: scan.lines.count + 1, offset: scan.length, fault: $0) }
        return report
    }
}
