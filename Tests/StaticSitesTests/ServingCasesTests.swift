import StaticSites
import Tenancy
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
        let fixture = try Self.shared.get()
        var configuration = try fixture.configuration()
        configuration.previewsDomain = try Hostname("preview.org")
        configuration.servePaths = true
        try serving.configure(&configuration)
        let response = StaticResponder(configuration: configuration).respond(to: serving.request)
        #expect(serving.failures(of: response).isEmpty)
    }

    @Test("every answer carries every security header", arguments: ServingCase.all.filter { $0.applies && $0.area != "path-tenant" })
    func carriesSecurityHeaders(serving: ServingCase) throws {
        let fixture = try Self.shared.get()
        var configuration = try fixture.configuration()
        try serving.configure(&configuration)
        let response = StaticResponder(configuration: configuration).respond(to: serving.request)
        for field in SecurityHeaders.standard.fields(for: .site) {
            #expect(response.value(of: field.name) == field.value.text)
        }
    }

    /// The cases only read.
    private static let shared = Result { try makeFixture() }

    private static func makeFixture() throws -> SiteFixture {
        let fixture = try SiteFixture()
        try fixture.write(schoolFiles, slug: "school")
        try fixture.write(
            ["ten.bin": Array(repeating: 65, count: 10_000), "hundred.bin": Array(repeating: 66, count: 100)], slug: "school")
        try fixture.write(["index.html": "other home", "secret.html": "other secret"], slug: "other")
        try fixture.write(
            ["index.html": "<a href=\"/news/\">foo</a>", "news/index.html": "news", "2014/04/23/hello-world/index.html": "hello of foo"], slug: "foo")
        for slug in ["school", "other", "foo"] {
            try fixture.publish(slug)
            try fixture.connect("\(slug).platform.org", to: slug)
        }
        for host in ["example.com", "www.schoolptsa.org", "xn--4ca9at.com", "school.foo.bar.platform.org"] {
            try fixture.connect(host, to: "school")
        }
        try fixture.link(fixture.releasePath("school") + "/neighbour", to: "../../other/r1")
        try fixture.link(fixture.releasePath("school") + "/neighbour.html", to: "../../other/r1/secret.html")
        return fixture
    }

    private static let schoolFiles = [
        "index.html": "<p>school home\n\n",
        "404.html": "site not found",
        "blog/404.html": "blog not found",
        "blog/index.html": "blog",
        "folder/index.html": "folder",
        "two words?/index.html": "words",
        "empty/nothing.txt": "nothing",
        "data.unknown": "data",
        "file.html": "a file",
        "both.html": "both page",
        "both/index.html": "both folder",
        "file-bin": "bin",
        "file-bin.html": "bin page",
        "%5Bboop%5D.html": "boop",
        "evil.com/index.html": "evil",
        "a..b.txt": "two dots",
        ".git/config": "secret",
        "foo/.git/bar": "secret",
        "foo/.well-known/x": "secret",
        ".well-known/security.txt": "Contact: mailto:security@example.org",
        "api/python/index.html": "the page for hosts without redirects",
        "_redirects": """
        # Old addresses
        /api/python /programs/python/ 301
        /loop /loop
        /loop2 /loop2/ 308
        /away https://evil.com/
        /away2 //evil.com/
        /away3 /\\evil.com
        /away4 first
        /twice /first/
        /twice /second/

        """,
    ]
}
