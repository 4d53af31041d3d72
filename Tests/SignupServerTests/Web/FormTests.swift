import Foundation
import HTTPTypes
import Hummingbird
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Forms")
struct FormTests {
    @Test("a body is decoded as browsers encode it", arguments: bodies)
    func decoding(body: String, name: String, values: [String]) throws {
        #expect(try FormData(Array(body.utf8)).all(name) == values)
    }

    private static let bodies: [(String, String, [String])] = [
        ("", "a", []), ("a", "a", [""]), ("a=", "a", [""]), ("a=b", "a", ["b"]), ("a=b=c", "a", ["b=c"]), ("=b", "", ["b"]), ("&&a=1&", "a", ["1"]),
        ("a=1&a=2&b=3", "a", ["1", "2"]), ("a=Peña+y+M%c3%a1s", "a", ["Peña y Más"]), ("a=%2B%26%3D%25", "a", ["+&=%"]),
        ("a=%F0%9F%90%88", "a", ["🐈"]), ("a=1%0D%0A2%0D3%0A4%09", "a", ["1\n2\n3\n4\t"]), ("a=%00x%1By%7F%C2%85z", "a", ["xyz"]),
        ("a[b][c]=1", "a[b][c]", ["1"]), ("a%5Bb%5D=1", "a[b]", ["1"]), ("a=\u{202E}x", "a", ["\u{202E}x"]),
    ]

    @Test(
        "what is broken is refused, not repaired",
        arguments: ["a=%", "a=%4", "a=%zz", "%=a", "a=%ff", "a=%c3", "a=%ed%a0%80", "a=%C0%AF", "a=%F4%90%80%80"])
    func malformed(body: String) {
        #expect(throws: FormData.Failure.malformed) { try FormData(Array(body.utf8)) }
    }

    @Test("fields, names and values are bounded, and a name with 800 brackets is a name")
    func limits() throws {
        let many = (1...FormData.maximumFields).map { "a\($0)=1" }.joined(separator: "&")
        _ = try FormData(Array(many.utf8))
        #expect(throws: FormData.Failure.tooLarge) { try FormData(Array((many + "&b=1").utf8)) }
        let name = String(repeating: "n", count: FormData.longestName)
        _ = try FormData(Array("\(name)=1".utf8))
        #expect(throws: FormData.Failure.tooLarge) { try FormData(Array("\(name)n=1".utf8)) }
        #expect(throws: FormData.Failure.tooLarge) { try FormData(Array("a\(String(repeating: "[x]", count: 800))=1".utf8)) }
        let value = String(repeating: "v", count: FormData.longestValue)
        _ = try FormData(Array("a=\(value)".utf8))
        #expect(throws: FormData.Failure.tooLarge) { try FormData(Array("a=\(value)v".utf8)) }
    }

    @Test("random bytes are read or refused, and never more")
    func fuzz() {
        var generator = SeededGenerator(seed: 11)
        let pieces = ["%", "=", "&", "+", "%00", "a", "%E2%82", "%0", ";", "[", "\u{0}", "é"]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard let data = try? FormData(Array(text.utf8)) else { continue }
            for name in ["a", ""] { for value in data.all(name) { #expect(!value.unicodeScalars.contains { $0.value < 9 || $0.value == 0x7F }) } }
        }
    }

    @Test("the server reads forms of one type only", arguments: contentTypes)
    func types(type: String, status: Int) async throws {
        let form = Route(.post, "/form", surface: .app, permission: .anyone) { request, _ in .text(try await FormData.read(request)["a"] ?? "none") }
        try await withServer(routes: [form]) { server in
            let head = "POST /form HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 3\r\nConnection: close\r\n"
            let answer = await server.exchange(head + (type.isEmpty ? "" : "Content-Type: \(type)\r\n") + "\r\na=b").responses.first
            #expect(answer?.status == status)
            #expect(await server.post("/form", "a=%")?.status == 400)
            #expect(await server.post("/form", (0...FormData.maximumFields).map { "a\($0)=1" }.joined(separator: "&"))?.status == 413)
        }
    }

    private static let contentTypes = [
        ("application/x-www-form-urlencoded", 200), ("Application/X-WWW-Form-Urlencoded; charset=UTF-8", 200),
        ("multipart/form-data; boundary=x", 415),
        ("application/json", 415), ("text/plain", 415), ("", 415),
    ]

    // MARK: Answers

    private static let form = Form(
        "test", submit: .verbatim("Send"),
        [
            FormField("name", label: .verbatim("Name"), maximumLength: 10),
            FormField("note", .paragraph(rows: 3), label: .verbatim("Note"), isRequired: false),
            FormField("kind", .select([.init("pta", .verbatim("PTA")), .init("ptsa", .verbatim("PTSA"))]), label: .verbatim("Kind")),
            FormField(
                "days", .checkboxes([.init("mon", .verbatim("Mon")), .init("tue", .verbatim("Tue"))]), label: .verbatim("Days"), isRequired: false),
            FormField("agree", .checkbox, label: .verbatim("I agree")),
        ])

    @Test("every field says what is wrong with it, and keeps what was typed", arguments: entries)
    func entry(body: String, problems: [String]) throws {
        let entry = Self.form.entry(try FormData(Array(body.utf8)))
        let found = entry.problems.map { problem in
            if case .string(let key, _) = problem.words { "\(problem.field ?? "") \(key.split(separator: ".").last ?? "")" } else { "" }
        }
        #expect(found == problems)
        #expect(entry.isAccepted == problems.isEmpty)
    }

    private static let entries: [(String, [String])] = [
        ("name=Ana&kind=pta&agree=yes", []), ("name=+Ana%0A+B++&note=+a%0Ab+&kind=ptsa&days=mon&days=tue&agree=yes", []),
        ("", ["name missing", "kind not_chosen", "agree not_ticked"]),
        ("name=++&kind=&agree=", ["name missing", "kind not_chosen", "agree not_ticked"]),
        ("name=12345678901&kind=pta&agree=yes", ["name too_long"]), ("name=ééééééééé🐈&kind=pta&agree=yes", []),
        ("name=a&name=b&kind=pta&agree=yes", ["name twice"]), ("name=a&kind=club&agree=yes&days=sun", ["kind not_an_option", "days not_an_option"]),
        ("name=a&kind=pta&agree=no", ["agree not_an_option"]), ("name=a&kind=pta&agree=yes&days=mon&days=sun", ["days not_an_option"]),
    ]

    @Test("white space around answers goes, lines of a paragraph stay, and only the first problem of a field is told")
    func values() throws {
        var entry = Self.form.entry(try FormData(Array("name=+Ana%0A+B++&note=+a%0Ab+&days=mon&days=tue".utf8)))
        #expect(entry["name"] == "Ana B" && entry["note"] == "a\nb" && entry.all("days") == ["mon", "tue"])
        entry.reject("name", "first")
        entry.reject("name", "second")
        entry.reject(nil, "whole")
        #expect(entry.problems.filter { $0.field == "name" }.map(\.words) == ["first"])
        #expect(entry.problems.last?.words == "whole")
    }

    // MARK: The page

    @Test("every kind of question has a label, its problem beside it, and its place in the list of problems")
    func page() async throws {
        let kinds = Form(
            "kinds", submit: "continue",
            [
                FormField("name", label: .verbatim("Name <of> the PTSA"), hint: .verbatim("As on the letterhead"), autocomplete: "organization"),
                FormField("slug", label: .verbatim("Address"), prefix: "https://", suffix: ".sites.example"),
                FormField("note", .paragraph(rows: 4), label: .verbatim("Note"), isRequired: false, maximumLength: 500),
                FormField(
                    "state", .select([.init("WA", .verbatim("Washington")), .init("OR", .verbatim("Oregon"))]), label: .verbatim("State"),
                    isShort: true),
                FormField(
                    "kind", .radios([.init("pta", .verbatim("PTA"), hint: .verbatim("Parents and teachers")), .init("ptsa", .verbatim("PTSA"))]),
                    label: .verbatim("Kind"), hint: .verbatim("See your charter")),
                FormField(
                    "days", .checkboxes([.init("mon", .verbatim("Mondays")), .init("tue", .verbatim("Tuesdays"))]), label: .verbatim("Days"),
                    isRequired: false),
                FormField("color", .color, label: .verbatim("Colour")), FormField("agree", .checkbox, label: .verbatim("I may speak for the PTSA")),
            ])
        let server = Shared<Web?>(nil)
        let route = Route(.post, "/kinds", surface: .app, permission: .anyone) { request, context in
            let data = try await FormData.read(request)
            guard let web = server.value else { throw HTTPError(.notFound) }
            var entry = kinds.entry(data)
            entry.reject(nil, .verbatim("Something about the whole"))
            return web.pages.response(
                Page("sign-in", title: "sign_in.title", form: web.guarded(kinds, entry, action: "/kinds", after: data)), context)
        }
        try await withServer(routes: [route]) { running in
            server.change { $0 = running.server.web }
            let fields = [("name", "\"<b>\""), ("note", "\nfirst\n</textarea><script>"), ("state", "OR"), ("days", "tue"), ("kind", "x")]
            let body = try #require(await running.post("/kinds", fields)?.body)
            #expect(body.contains("Name &lt;of&gt; the PTSA") && body.contains("value=\"&quot;&lt;b&gt;&quot;\"") && !body.contains("<script>"))
            #expect(body.contains("<option value=\"OR\" selected>") && body.contains("value=\"tue\" checked>"))
            for name in ["slug", "kind", "color", "agree"] { #expect(body.contains("id=\"field-\(name)-problem\""), "\(name)") }
            for name in ["name", "note", "state", "days"] { #expect(!body.contains("id=\"field-\(name)-problem\""), "\(name)") }
            for target in ["field-slug", "field-kind-1", "field-color", "field-agree"] {
                #expect(body.contains("<a href=\"#\(target)\">"), "\(target)")
            }
            #expect(body.contains("<li>Something about the whole</li>"))
            #expect(body.contains("5 answers need another look"))
            // Every label and every description names something that is there, and no name is given twice.
            let ids = body.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) }
            #expect(Set(ids).count == ids.count)
            for match in body.matches(of: /(?:for|aria-describedby|aria-labelledby)="([^"]+)"/) {
                for id in match.output.1.split(separator: " ") { #expect(ids.contains(String(id)), "\(id)") }
            }
        }
    }
}
