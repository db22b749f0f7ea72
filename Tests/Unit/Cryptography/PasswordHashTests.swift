import Cryptography
import Testing

struct PasswordHashTests {
    private func verifies(_ hash: String, _ password: String) -> Bool? {
        PasswordHash(hash)?.verifies(Array(password.utf8))
    }

    /// Made by other programs.
    @Test(arguments: [
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"),
        ("$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", "U*U*U"),
        ("$pbkdf2-sha256$i=10000$MDEyMzQ1Njc4OWFiY2RlZg$TI2grtvV1HW5nz2rBY4tctlrmOj5bZs0dw9j8NHpRRc", "correct horse"),
        ("$pbkdf2-sha256$12345$c2FsdHNhbHQ$V6vPimHVY1cAs46XdbMkIBXia0ad1kFvCei1nJ++0D0", "größe"),
    ])
    func isVerified(_ hash: String, _ password: String) {
        #expect(verifies(hash, password) == true)
        #expect(verifies(hash, password + "x") == false)
        #expect(verifies(hash, "") == false)
        #expect(verifies(hash, "\0" + password) == false)
    }

    @Test func aNewHashIsOfItsPasswordAlone() throws {
        let salt = (0..<16).map { UInt8($0) }
        for method in [PasswordHash.Method.bcrypt(cost: 4), .pbkdf2(iterations: 10_000)] {
            let hash = try #require(PasswordHash.make(Array("secret".utf8), method, salt: salt))
            #expect(hash.method == method)
            #expect(PasswordHash(hash.text) == hash)
            #expect(hash.verifies(Array("secret".utf8)))
            #expect(!hash.verifies(Array("Secret".utf8)))
            let other = try #require(PasswordHash.make(Array("secret".utf8), method, salt: salt.reversed()))
            #expect(other.text != hash.text)
            #expect(PasswordHash.make([1, 0, 2], method, salt: salt) == nil)
        }
        let long = [UInt8](repeating: 0x61, count: 73)
        #expect(PasswordHash.make(long, .bcrypt(cost: 4), salt: salt) == nil)
        #expect(PasswordHash.make(long, .pbkdf2(iterations: 10_000), salt: salt)?.verifies(long) == true)
    }

    @Test func aDecoyCostsTheSameAndIsOfNobody() throws {
        let salt = [UInt8](repeating: 1, count: 16)
        for method in [PasswordHash.Method.bcrypt(cost: 5), .bcrypt(cost: 11), .pbkdf2(iterations: 10_000)] {
            let hash = try #require(PasswordHash.make(Array("x".utf8), method, salt: salt))
            #expect(hash.decoy.method == method)
            #expect(hash.decoy != hash)
            #expect(!hash.decoy.verifies(Array("x".utf8)))
        }
    }

    @Test(arguments: [
        "", "secret", "$2b$", "$2b$12$short", "$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$17$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWx",
        "$2b$05$CCCCCCCCCCCCCCCCCCCCC*E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$1$salt$hash", "$6$salt$hash", "$apr1$a$b", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
        "$pbkdf2-sha256$i=9999$MDEyMzQ1Njc4OWFiY2RlZg$TI2grtvV1HW5nz2rBY4tctlrmOj5bZs0dw9j8NHpRRc",
        "$pbkdf2-sha256$i=10000001$MDEyMzQ1Njc4OWFiY2RlZg$TI2grtvV1HW5nz2rBY4tctlrmOj5bZs0dw9j8NHpRRc",
        "$pbkdf2-sha256$i=10000$c2FsdA$TI2grtvV1HW5nz2rBY4tctlrmOj5bZs0dw9j8NHpRRc",
        "$pbkdf2-sha256$i=10000$MDEyMzQ1Njc4OWFiY2RlZg$c2hvcnQ",
        "$pbkdf2-sha512$i=10000$MDEyMzQ1Njc4OWFiY2RlZg$TI2grtvV1HW5nz2rBY4tctlrmOj5bZs0dw9j8NHpRRc",
        "$pbkdf2-sha256$i=10000$MDEyMzQ1Njc4OWFiY2RlZg$TI2grtvV1HW5nz2rBY4tctlrmOj5bZs0dw9j8NHpRRc$",
    ])
    func isNoHash(_ text: String) { #expect(PasswordHash(text) == nil) }
}
