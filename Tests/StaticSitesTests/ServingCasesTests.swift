import StaticSites
import Tenancy
import TestSupport
import Testing

@Suite("Cases of tenant resolution and static serving")
struct ServingCasesTests {
    @Test(
        "the table is complete",
        arguments: [
            ("host-syntax", 18), ("host-resolve", 16), ("path-tenant", 7), ("static-path", 19), ("html-handling", 9), ("canonical", 9), ("hsts", 5),
            ("swift-server", 7), ("open-redirect", 16), ("preview", 6),
        ])
    func isComplete(area: String, count: Int) {
        #expect(ServingCase.all.filter { $0.area == area }.count >= count)
    }

    @Test("what does not apply says why", arguments: ServingCase.all.filter { !$0.applies })
    func saysWhy(serving: ServingCase) {
        #expect(serving.checks.joined().count > 20)
    }

    @Test("the answer is the expected one", arguments: ServingCase.all.filter { $0.applies })
    func answers(serving: ServingCase) throws {
        let fixture = try ServingCase.sites.get()
        var configuration = try fixture.configuration()
        configuration.previewsDomain = try Hostname("preview.org")
        configuration.servePaths = true
        try serving.configure(&configuration)
        let response = StaticResponder(configuration: configuration).respond(to: serving.request)
        #expect(serving.failures(of: response).isEmpty)
    }

    @Test("every answer carries every security header", arguments: ServingCase.all.filter { $0.applies && $0.area != "path-tenant" })
    func carriesSecurityHeaders(serving: ServingCase) throws {
        let fixture = try ServingCase.sites.get()
        var configuration = try fixture.configuration()
        try serving.configure(&configuration)
        let response = StaticResponder(configuration: configuration).respond(to: serving.request)
        for field in SecurityHeaders.standard.fields(for: .site) {
            #expect(response.value(of: field.name) == field.value.text)
        }
    }
}
