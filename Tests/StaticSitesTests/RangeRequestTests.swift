import StaticSites
import TestSupport
import Testing

@testable import enum StaticSites.ByteRange

@Suite("Range requests")
struct RangeRequestTests {
    @Test(
        "what a Range header asks for",
        arguments: [
            ("bytes=0-0", ByteRange.part(offset: 0, count: 1)),
            ("bytes=0-", .part(offset: 0, count: 100)),
            ("bytes=99-", .part(offset: 99, count: 1)),
            ("bytes=10-19", .part(offset: 10, count: 10)),
            ("bytes=10-1000", .part(offset: 10, count: 90)),
            ("BYTES=10-19", .part(offset: 10, count: 10)),
            ("bytes= 10 - 19 ", .part(offset: 10, count: 10)),
            ("bytes=-1", .part(offset: 99, count: 1)),
            ("bytes=-100", .part(offset: 0, count: 100)),
            ("bytes=-500", .part(offset: 0, count: 100)),
            ("bytes=0-99999999999999999999999", .part(offset: 0, count: 100)),
            ("bytes=-99999999999999999999999", .part(offset: 0, count: 100)),
            ("bytes=100-", .unsatisfiable),
            ("bytes=500-600", .unsatisfiable),
            ("bytes=99999999999999999999999-", .unsatisfiable),
            ("bytes=-0", .unsatisfiable),
            ("bytes=19-10", .whole),
            ("bytes=0-1,5-6", .whole),
            ("bytes=", .whole),
            ("bytes=-", .whole),
            ("bytes=--5", .whole),
            ("bytes=a-b", .whole),
            ("bytes=+1-2", .whole),
            ("bytes=1-2-3", .whole),
            ("bytes", .whole),
            ("lines=0-1", .whole),
            ("", .whole),
        ])
    func parse(header: String, expected: ByteRange) {
        #expect(ByteRange(header, size: 100) == expected)
    }

    @Test("nothing of an empty file can be asked for", arguments: ["bytes=0-", "bytes=-5", "bytes=0-0"])
    func emptyFile(header: String) {
        #expect(ByteRange(header, size: 0) == .unsatisfiable)
    }

    @Test("the bytes are the right ones")
    func bytes() throws {
        let fixture = try SiteFixture.school(["data.bin": "0123456789"])
        let answer = try fixture.responder().get("/data.bin", [("Range", "bytes=-3")])
        #expect(answer.status == 206)
        #expect(answer.text == "789")
        #expect(answer.value(of: "Content-Range") == "bytes 7-9/10")
        #expect(answer.value(of: "Content-Length") == "3")
    }

    @Test("a range is one of the uncompressed file")
    func notCompressed() throws {
        let text = String(repeating: "all work and no play ", count: 100)
        let fixture = try SiteFixture.school(["a.txt": text])
        let answer = try fixture.responder().get("/a.txt", [("Range", "bytes=4-7"), ("Accept-Encoding", "br, gzip")])
        #expect(answer.status == 206)
        #expect(answer.text == "work")
        #expect(answer.value(of: "Content-Encoding") == nil)
    }

    @Test("a range of a page below a path is one of the page with its links rewritten")
    func rewritten() throws {
        let fixture = try SiteFixture.school(["index.html": "<a href=\"/news/\">"])
        var configuration = try fixture.configuration()
        configuration.servePaths = true
        let request = SiteRequest(method: "GET", target: "/org/school/", hosts: ["localhost"], headers: [("Range", "bytes=9-20")])
        let answer = StaticResponder(configuration: configuration).respond(to: request)
        #expect(answer.status == 206)
        #expect(answer.text == "/org/school/")
    }

    @Test(
        "If-Range must name the very file",
        arguments: [("TAG", 206), ("DATE", 206), ("W/TAG", 200), ("\"x\"", 200), ("Sun, 06 Nov 1994 08:49:37 GMT", 200)])
    func ifRange(condition: String, status: Int) throws {
        let fixture = try SiteFixture.school(["data.bin": "0123456789"])
        let responder = try fixture.responder()
        let whole = responder.get("/data.bin")
        let condition = condition.replacing("TAG", with: whole.value(of: "ETag") ?? "").replacing(
            "DATE", with: whole.value(of: "Last-Modified") ?? "")
        #expect(responder.get("/data.bin", [("Range", "bytes=0-1"), ("If-Range", condition)]).status == status)
    }

    @Test("HEAD with a range says what GET would")
    func head() throws {
        let fixture = try SiteFixture.school(["data.bin": "0123456789"])
        let answer = try fixture.responder().get("/data.bin", [("Range", "bytes=0-1")], method: "HEAD")
        #expect(answer.status == 206)
        #expect(answer.value(of: "Content-Length") == "2")
        #expect(answer.body.count == 0)
    }
}
