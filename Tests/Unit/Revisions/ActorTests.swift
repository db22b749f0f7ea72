import Revisions
import TestSupport
import Testing

@Suite struct ActorTests {
    @Test func namesComeFromThePasswordFile() throws {
        let place = try TemporaryDirectory()
        try place.write("passwd", "root:x:0:0::/root:/bin/sh\nbroken\n:x:8:8\nalice:x:1000:1000::/home/alice:/bin/sh\n")
        #expect(Actor.name(uid: 1000, passwd: place["passwd"]) == "alice")
        #expect(Actor.name(uid: 0, passwd: place["passwd"]) == "root")
        #expect(Actor.name(uid: 8, passwd: place["passwd"]) == "uid 8")
        #expect(Actor.name(uid: 10, passwd: place["absent"]) == "uid 10")
    }
}
