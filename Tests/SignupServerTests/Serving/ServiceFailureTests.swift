import Database
import Foundation
import HTTPTypes
import Hummingbird
import Repositories
import SiteBuilder
import Testing

@testable import SignupServer

@Suite("What goes wrong behind a route")
struct ServiceFailureTests {
    private static let table: [(error: any Error & Sendable, status: Int, words: String, retryAfter: String?)] = [
        (DatabaseError.full(file: "tenant.sqlite"), 503, "Our disk is full", "60"),
        (RepositoryError.diskFull, 503, "Our disk is full", "60"),
        (CocoaError(.fileWriteOutOfSpace), 503, "Our disk is full", "60"),
        (DatabaseError.locked(file: "tenant.sqlite"), 503, "try again in a minute", "5"),
        (DatabaseError.crowded(limit: 50), 503, "try again in a minute", "5"),
        (RepositoryError.busy, 503, "try again in a minute", "5"),
        (BuildError.busy(tenant: "oak"), 503, "try again in a minute", "5"),
        (DatabaseError.damaged(file: "tenant.sqlite", reason: "secret"), 503, "Your public site stays up", nil),
        (RepositoryError.notFound("repository.git"), 503, "Your public site stays up", nil),
        (DatabaseError.statement("secret"), 500, "It is not your fault", nil),
        (CocoaError(.fileNoSuchFile), 500, "It is not your fault", nil),
    ]

    @Test("a page says what it is and whether to try again, and nothing of the inside", arguments: table.indices)
    func pages(index: Int) async throws {
        let (error, status, words, retryAfter) = Self.table[index]
        let route = Route(.get, "/failing", surface: .app, permission: .anyone) { _, _ in throw error }
        try await withServer(routes: [route]) { server in
            let answer = await server.get("/failing")
            #expect(answer?.status == status)
            #expect(answer?.body.contains(words) == true)
            #expect(answer?.value(of: "Retry-After") == retryAfter)
            for inside in ["tenant.sqlite", "repository.git", "secret"] { #expect(answer?.body.contains(inside) == false) }
            #expect(server.log.text.contains("a route has failed"))
        }
    }
}
