import Testing
import TestSupport

@Test func repositoryIsFound() {
    #expect(Repository.root.hasPrefix("/"))
}
