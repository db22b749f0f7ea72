import TestSupport
import Testing

@Test func repositoryIsFound() {
    #expect(Repository.root.hasPrefix("/"))
}
