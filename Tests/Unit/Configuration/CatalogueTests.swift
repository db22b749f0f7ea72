import Diagnostics
import Testing

@testable import Configuration

@Suite struct CatalogueTests {
    @Test func codesAreDistinctAndInOrder() {
        let ids = Catalogue.all.map(\.id)
        #expect(ids == Set(ids).sorted())
        #expect(ids.count >= 45)
    }

    @Test(arguments: Catalogue.all.map(\.id))
    func storyHasAnExampleAndAWayOut(_ id: String) throws {
        let code = try #require(Catalogue.code(id))
        #expect(id.utf8.count == 6 && id.hasPrefix("GW1"))
        #expect(code.title.first?.isUppercase == false || code.title.hasPrefix("YAML"))
        #expect(!code.title.hasSuffix("."))
        #expect(code.story.split(separator: "\n").contains { $0.hasPrefix("    ") }, "an indented example")
        #expect(code.story.split(separator: "\n").count >= 3)
    }

    @Test func codesAreFoundInAnyCase() {
        #expect(Catalogue.code("gw1203")?.id == "GW1203")
        #expect(Catalogue.code("GW9999") == nil)
    }
}
