import Foundation
package import StaticSites
import Tenancy

/// One row of `Fixtures/serving_cases.tsv`.
///
/// - `hosts`: Host headers between `|`; `-` for none.
/// - `extra`: `version=1.0`, `base=<sites domain>`, `apphosts=none`, `servepaths=no`, or one header.
/// - `status`: `-` for a case that does not apply; `checks` then says why.
/// - `checks` between `;;`: `Header=value`, `Header~part`, `!Header`, `body~part`, `!body~part`, `body=text`.
package struct ServingCase: Sendable, CustomStringConvertible {
    package let area: String
    package let name: String
    package let method: String
    package let hosts: [String]
    package let target: String
    package let extra: String
    package let status: String
    package let checks: [String]

    package var description: String { "\(area): \(name)" }
    package var applies: Bool { status != "-" }

    package static let all: [ServingCase] = {
        guard let file = Bundle.module.url(forResource: "serving_cases", withExtension: "tsv", subdirectory: "Fixtures"),
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").dropFirst().map { ServingCase(row: String($0)) }
    }()

    private init(row: String) {
        let columns = row.components(separatedBy: "\t") + Array(repeating: "", count: 8)
        area = columns[0]
        name = columns[1]
        method = columns[2]
        hosts = columns[3] == "-" ? [] : columns[3].components(separatedBy: "|")
        target = columns[4]
        extra = columns[5]
        status = columns[6]
        checks = columns[7].components(separatedBy: ";;").filter { !$0.isEmpty }
    }

    package var request: SiteRequest {
        let header = extra.components(separatedBy: ": ")
        return SiteRequest(
            method: method, target: target, hosts: hosts, version: extra == "version=1.0" ? .http10 : .http11,
            headers: header.count == 2 ? [(header[0], header[1])] : [])
    }

    package func configure(_ configuration: inout StaticSitesConfiguration) throws {
        let option = extra.components(separatedBy: "=")
        switch option.first {
        case "base": configuration.sitesDomain = try Hostname(option[1])
        case "apphosts": configuration.appHosts = []
        case "servepaths": configuration.servePaths = false
        default: break
        }
    }

    /// What is wrong with an answer.
    package func failures(of response: SiteResponse) -> [String] {
        failures(status: response.status, headers: response.headers.map { ($0.name, $0.value.text) }, body: response.text)
    }

    /// What is wrong with an answer, from whatever server.
    package func failures(status: Int, headers: [(name: String, value: String)], body: String) -> [String] {
        let values = Dictionary(headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        var failures = String(status) == self.status ? [] : ["status \(status), not \(self.status)"]
        for check in checks where !holds(check, values, body) { failures.append("\(check) does not hold: \(headers) \(body)") }
        return failures
    }

    private func holds(_ check: String, _ headers: [String: String], _ body: String) -> Bool {
        if check.hasPrefix("!body~") { return !body.contains(check.dropFirst(6)) }
        if check.hasPrefix("!") { return headers[String(check.dropFirst())] == nil }
        guard let sign = check.firstIndex(where: { $0 == "=" || $0 == "~" }) else { return false }
        let wanted = String(check[check.index(after: sign)...])
        let name = String(check[..<sign])
        let value = name == "body" ? body : headers[name]
        return check[sign] == "=" ? value == wanted : value?.contains(wanted) ?? false
    }
}

extension ServingCase {
    /// The sites that the cases are about. They only read.
    package static let sites = Result { try makeFixture() }

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
