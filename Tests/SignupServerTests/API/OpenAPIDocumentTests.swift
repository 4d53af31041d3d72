import HTTPTypes
import Hummingbird
import SiteBuilder
import Tenancy
import Testing

@testable import SignupServer

@Suite("The OpenAPI document")
struct OpenAPIDocumentTests {
    @Test("every route below /api/ is in the document, and everything in the document is a route")
    func complete() async throws {
        try await withServer { server in
            let routes = server.server.routes.routes.filter { $0.path.description.hasPrefix("/api") }.map { "\($0.method) \($0.path)" }
            let document = try #require(await server.get("/api/v1/openapi.json")?.json)
            let paths = try #require(document["paths"] as? [String: [String: Any]])
            let described = paths.flatMap { path, operations in operations.keys.map { "\($0.uppercased()) \(path)" } }
            #expect(Set(routes) == Set(described))
            #expect(routes.count == described.count)
        }
    }

    @Test("every reference leads to a schema, and every operation for programs names a scope")
    func references() throws {
        let text = OpenAPIDocument.json(server: "https://app.example").string
        let used = Set(text.matches(of: /#\/components\/schemas\/(\w+)/).map { String($0.1) })
        let document = try JSONReader.read(Array(text.utf8))
        guard case .object(let schemas)? = document["components"]?["schemas"] else {
            Issue.record("no schemas")
            return
        }
        #expect(used == Set(schemas.map(\.0)))
        let scopes = Set(APIOperation.all.compactMap(\.scope))
        #expect(scopes == Set(APIScope.allCases))
        #expect(APIOperation.all.filter { $0.scope == nil }.map(\.id) == ["readDocument"])
    }
}
