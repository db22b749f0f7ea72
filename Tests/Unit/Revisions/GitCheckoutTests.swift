import Revisions
import TestSupport
import Testing

@Suite struct GitCheckoutTests {
    private let one = String(repeating: "1", count: 40)
    private let two = String(repeating: "2", count: 64)

    @Test func noRepositoryAround() throws {
        let place = try TemporaryDirectory()
        #expect(GitCheckout(around: place.path) == nil)
        #expect(GitCheckout(around: place["absent"]) == nil)
    }

    @Test func detachedHead() throws {
        let place = try TemporaryDirectory()
        try place.write(".git/HEAD", "\(one)\n")
        try place.makeDirectory("deep/gateway.d")
        #expect(GitCheckout(around: place["deep/gateway.d"])?.commit == one)
    }

    @Test func branchAndPackedRefs() throws {
        let place = try TemporaryDirectory()
        try place.write(".git/HEAD", "ref: refs/heads/main\n")
        let checkout = try #require(GitCheckout(around: place.path))
        #expect(checkout.commit == nil)
        try place.write(
            ".git/packed-refs",
            "# pack-refs with: peeled\n\(one) refs/heads/x/refs/heads/main\n\(two) refs/heads/main\n^\(one)\n")
        #expect(checkout.commit == two)
        try place.write(".git/refs/heads/main", "\(one)\n")
        #expect(checkout.commit == one)
    }

    @Test func linkedWorkTree() throws {
        let place = try TemporaryDirectory()
        try place.write("main/.git/refs/heads/feature", "\(one)\n")
        try place.write("main/.git/worktrees/tree/HEAD", "ref: refs/heads/feature\n")
        try place.write("main/.git/worktrees/tree/commondir", "../..\n")
        try place.write("tree/.git", "gitdir: ../main/.git/worktrees/tree\n")
        try place.link("current", to: "tree")
        #expect(GitCheckout(around: place["current"])?.commit == one)
    }

    @Test(arguments: ["ref: ../../etc/passwd", "ref: refs/heads/../../x", "ref: refs/heads/loop", "", "not a commit"])
    func hostileHeadIsNoCommit(head: String) throws {
        let place = try TemporaryDirectory()
        try place.write(".git/HEAD", head)
        try place.write(".git/refs/heads/loop", "ref: refs/heads/loop\n")
        #expect(GitCheckout(around: place.path)?.commit == nil)
    }

    @Test func indexLockMeansBusy() throws {
        let place = try TemporaryDirectory()
        try place.write(".git/HEAD", "\(one)\n")
        let checkout = try #require(GitCheckout(around: place.path))
        #expect(!checkout.isBusy)
        try place.write(".git/index.lock", "")
        #expect(checkout.isBusy)
    }
}
