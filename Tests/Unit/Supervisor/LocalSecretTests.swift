import Kernel
import Supervisor
import Synchronization
import TestSupport
import Testing

struct LocalSecretTests {
    @Test func isMadeOnceAndForItsOwnerAlone() throws {
        let directory = try TemporaryDirectory()
        let state = directory.path + "/deep/state"
        #expect(throws: LocalSecret.Failure.missing("\(state)/secret")) { try LocalSecret.read(stateDirectory: state) }
        let made = try LocalSecret.readOrMake(stateDirectory: state)
        #expect(made.bytes.count == 32)
        #expect(try LocalSecret.readOrMake(stateDirectory: state).bytes == made.bytes)
        #expect(try LocalSecret.read(stateDirectory: state).bytes == made.bytes)
        #expect(try Files.status(of: "\(state)/secret").permissions == 0o600)
        #expect(try Files.entries(of: state).map(\.name) == ["secret"])
    }

    @Test func ofManyThatMakeItAtOnceAllHaveTheSame() throws {
        let directory = try TemporaryDirectory()
        let state = directory.path
        let found = Mutex<[[UInt8]]>([])
        let count = 8
        for _ in 0..<count {
            try PlatformThread.start("maker") {
                let secret = try? LocalSecret.readOrMake(stateDirectory: state)
                found.withLock { $0.append(secret?.bytes ?? []) }
            }
        }
        while found.withLock({ $0.count }) < count { Duration.pause(milliseconds: 1) }
        let secrets = found.withLock { $0 }
        #expect(Set(secrets).count == 1)
        #expect(secrets.first?.count == 32)
        #expect(try Files.entries(of: state).map(\.name) == ["secret"])
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o610] as [UInt32])
    func whatOthersMayUseIsRefused(_ permissions: UInt32) throws {
        let directory = try TemporaryDirectory()
        _ = try LocalSecret.readOrMake(stateDirectory: directory.path)
        let path = LocalSecret.path(in: directory.path)
        try Files.setPermissions(permissions, of: path)
        let failure = LocalSecret.Failure.open(path, permissions: permissions)
        #expect(throws: failure) { try LocalSecret.read(stateDirectory: directory.path) }
        #expect(throws: failure) { try LocalSecret.readOrMake(stateDirectory: directory.path) }
        #expect(failure.help.contains("chmod 600"))
    }

    @Test(arguments: ["", "\n", "00", String(repeating: "g", count: 64), String(repeating: "0", count: 66)])
    func whatIsNoSecretIsRefused(_ text: String) throws {
        let directory = try TemporaryDirectory()
        let path = LocalSecret.path(in: directory.path)
        try Files.replace(path, with: Array(text.utf8), permissions: 0o600)
        #expect(throws: LocalSecret.Failure.malformed(path)) { try LocalSecret.read(stateDirectory: directory.path) }
    }
}
