import Foundation
import StaticSites
import TestSupport
import Testing

@testable import struct StaticSites.EntityTag
@testable import struct StaticSites.FileIdentity

@Suite("Conditional requests")
struct ConditionalRequestTests {
    private let fixture: SiteFixture
    private let responder: StaticResponder

    init() throws {
        fixture = try .school(["index.html": String(repeating: "<p>hello</p>", count: 100), "a.bin": "a", "b.bin": "b", "c.bin": "a"])
        responder = try fixture.responder()
    }

    @Test("the tag depends on the content and on nothing else")
    func tagIsOfContent() throws {
        let first = responder.get("/a.bin").value(of: "ETag")
        #expect(first != nil)
        #expect(first != responder.get("/b.bin").value(of: "ETag"))
        #expect(first == responder.get("/c.bin").value(of: "ETag"))
    }

    @Test("content that changes in place, with its size and date kept, changes the tag")
    func tagFollowsContent() throws {
        let path = fixture.releasePath("school") + "/a.bin"
        let date = Date(timeIntervalSince1970: 1_000_000_000)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        let before = responder.get("/a.bin").value(of: "ETag")
        try Data("z".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        #expect(responder.get("/a.bin").value(of: "ETag") != before)
    }

    @Test("tags of large files keep their numbers apart")
    func tagsDoNotCollide() {
        func tag(_ size: Int, _ modified: Int64) -> EntityTag {
            EntityTag(identity: FileIdentity(device: 1, inode: 7, size: size, modified: modified, changed: 0), variant: "")
        }
        #expect(tag(75, 2_000_000_000) != tag(3, 72_000_000_002))
        #expect(tag(0x12, 0x3) != tag(0x1, 0x23))
    }

    @Test("each encoding has its own tag")
    func tagPerEncoding() {
        let tags = ["br", "gzip", "identity"].map { responder.get("/", [("Accept-Encoding", $0)]).value(of: "ETag") }
        #expect(Set(tags).count == 3)
    }

    @Test(
        "If-None-Match",
        arguments: [
            ("TAG", 304), ("W/TAG", 304), ("\"x\", TAG", 304), ("\"x\",W/TAG , \"y\"", 304), ("*", 304), ("\"x\"", 200), ("", 200), ("TAG-br", 200),
        ])
    func ifNoneMatch(list: String, status: Int) throws {
        let tag = try #require(responder.get("/").value(of: "ETag"))
        let response = responder.get("/", [("If-None-Match", list.replacingOccurrences(of: "TAG", with: tag))])
        #expect(response.status == status)
    }

    @Test("a 304 has no content and no length, but what the cached copy needs")
    func notModified() throws {
        let response = responder.get("/", [("If-None-Match", "*"), ("Accept-Encoding", "br")])
        #expect(response.status == 304)
        #expect(response.body.count == 0)
        #expect(response.value(of: "Content-Length") == nil)
        #expect(response.value(of: "ETag") != nil)
        #expect(response.value(of: "Vary") == "Accept-Encoding")
        #expect(response.value(of: "Cache-Control") == "public, max-age=0, must-revalidate")
        #expect(response.value(of: "Content-Security-Policy") != nil)
    }

    @Test("If-Modified-Since fits the very date only")
    func ifModifiedSince() throws {
        let date = try #require(responder.get("/").value(of: "Last-Modified"))
        #expect(responder.get("/", [("If-Modified-Since", date)]).status == 304)
        #expect(responder.get("/", [("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")]).status == 200)
        #expect(responder.get("/", [("If-Modified-Since", "Fri, 31 Dec 9999 23:59:59 GMT")]).status == 200)
        #expect(responder.get("/", [("If-Modified-Since", "yesterday")]).status == 200)
    }

    @Test("If-None-Match is stronger than If-Modified-Since")
    func precedence() throws {
        let date = try #require(responder.get("/").value(of: "Last-Modified"))
        #expect(responder.get("/", [("If-Modified-Since", date), ("If-None-Match", "\"x\"")]).status == 200)
    }

    @Test("a file from the year 1970 has no date")
    func epoch() throws {
        let path = fixture.releasePath("school") + "/a.bin"
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
        #expect(responder.get("/a.bin").value(of: "Last-Modified") == nil)
        #expect(responder.get("/a.bin", [("If-Modified-Since", "Thu, 01 Jan 1970 00:00:01 GMT")]).status == 200)
    }

    @Test(
        "If-Match and If-Unmodified-Since",
        arguments: [
            ("If-Match", "*", 200), ("If-Match", "\"x\"", 412), ("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT", 412),
            ("If-Unmodified-Since", "Fri, 31 Dec 9999 23:59:59 GMT", 200), ("If-Unmodified-Since", "nonsense", 200),
        ])
    func preconditionFails(name: String, value: String, status: Int) {
        #expect(responder.get("/", [(name, value)]).status == status)
    }

    @Test("names of headers are not case-sensitive, also when they come twice")
    func repeatedHeaders() throws {
        let tag = try #require(responder.get("/").value(of: "ETag"))
        #expect(responder.get("/", [("if-NONE-match", "\"x\""), ("IF-none-MATCH", tag)]).status == 304)
    }
}
