import CBrotli
import CZlib
import StaticSites
import TestSupport
import Testing

@testable import enum StaticSites.ContentCoding

@Suite("Compression")
struct CompressionTests {
    private static let text = String(repeating: "All work and no play makes Jack a dull boy.\n", count: 100)

    @Test(
        "what Accept-Encoding prefers",
        arguments: [
            ("gzip, deflate, br, zstd", [ContentCoding.brotli, .gzip]),
            ("br", [.brotli]),
            ("gzip", [.gzip]),
            ("x-gzip", [.gzip]),
            ("GZIP", [.gzip]),
            ("gzip;q=1.0, br;q=0.5", [.gzip, .brotli]),
            ("gzip; q=0.5 , br ;q=0.8", [.brotli, .gzip]),
            ("br;q=0, gzip", [.gzip]),
            ("br;q=0.000", []),
            ("*", [.brotli, .gzip]),
            ("*;q=0", []),
            ("br;q=0, *", [.gzip]),
            ("identity", []),
            ("identity;q=1, gzip;q=0.5", []),
            ("identity;q=0.5, gzip", [.gzip]),
            ("gzip;q=nan", []),
            ("gzip;q=", []),
            ("gzip;q=7", []),
            ("deflate", []),
            ("bro, gzipped", []),
            ("", []),
            (",,;;q=", []),
        ])
    func preferred(header: String, expected: [ContentCoding]) {
        #expect(ContentCoding.preferred(by: header) == expected)
    }

    @Test("the compressed bytes are smaller and give the file again", arguments: ["gzip", "br"])
    func roundTrip(coding: String) throws {
        let fixture = try SiteFixture.school(["a.txt": Self.text])
        let answer = try fixture.responder().get("/a.txt", [("Accept-Encoding", coding)])
        #expect(answer.value(of: "Content-Encoding") == coding)
        #expect(answer.body.count < Self.text.utf8.count / 4)
        #expect(answer.value(of: "Content-Length") == String(answer.body.count))
        let bytes = try #require(answer.body.collected())
        let original = coding == "gzip" ? Self.gunzip(bytes) : Self.brotliDecompress(bytes)
        #expect(String(decoding: original, as: UTF8.self) == Self.text)
    }

    private static func brotliDecompress(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 100_000) { buffer, count in
            count = 100_000
            if BrotliDecoderDecompress(bytes.count, bytes, &count, buffer.baseAddress) != BROTLI_DECODER_RESULT_SUCCESS { count = 0 }
        }
    }

    private static func gunzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return [] }
        defer { inflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: 100_000) { buffer, count in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = 100_000
                count = inflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : 0
            }
        }
    }

    @Test(
        "only text from 512 bytes on is compressed",
        arguments: [
            ("a.txt", 512, true), ("a.txt", 511, false), ("a.html", 5000, true), ("a.svg", 5000, true), ("a.json", 5000, true), ("a.ics", 5000, true),
            ("a.png", 5000, false), ("a.pdf", 5000, false), ("a.bin", 5000, false), ("big.txt", 2_000_000, false),
        ])
    func onlyText(name: String, size: Int, isCompressed: Bool) throws {
        let fixture = try SiteFixture.school([name: String(repeating: "a", count: size)])
        let target = name == "a.html" ? "/a" : "/" + name
        let answer = try fixture.responder().get(target, [("Accept-Encoding", "br")])
        #expect(answer.status == 200)
        #expect((answer.value(of: "Content-Encoding") == "br") == isCompressed)
    }

    @Test("every text says that it depends on Accept-Encoding, other files do not")
    func vary() throws {
        let fixture = try SiteFixture.school(["a.txt": "a", "a.png": "a"])
        let responder = try fixture.responder()
        #expect(responder.get("/a.txt").value(of: "Vary") == "Accept-Encoding")
        #expect(responder.get("/a.png").value(of: "Vary") == nil)
    }

    @Test(
        "files compressed beforehand are sent as they are, by preference", arguments: [("br, gzip", "br", "ready br"), ("gzip", "gzip", "ready gz")])
    func ready(header: String, coding: String, content: String) throws {
        let fixture = try SiteFixture.school(["a.txt": Self.text, "a.txt.br": "ready br", "a.txt.gz": "ready gz"])
        let answer = try fixture.responder().get("/a.txt", [("Accept-Encoding", header)])
        #expect(answer.value(of: "Content-Encoding") == coding)
        #expect(answer.value(of: "Content-Type") == "text/plain; charset=utf-8")
        #expect(answer.text == content)
    }

    @Test("a linked file beside the text is not taken for its compressed form")
    func linkedSibling() throws {
        let fixture = try SiteFixture.school(["a.txt": Self.text])
        try fixture.write(["secret": "secret"], slug: "other")
        try fixture.link(fixture.releasePath("school") + "/a.txt.br", to: "../../other/r1/secret")
        let answer = try fixture.responder().get("/a.txt", [("Accept-Encoding", "br")])
        #expect(answer.value(of: "Content-Encoding") == "br")
        #expect(answer.text != "secret")
    }

    @Test("a page not found is compressed too, and carries no tag")
    func notFound() throws {
        let fixture = try SiteFixture.school(["404.html": Self.text])
        let answer = try fixture.responder().get("/nothing", [("Accept-Encoding", "gzip")])
        #expect(answer.status == 404)
        #expect(answer.value(of: "Content-Encoding") == "gzip")
        #expect(answer.value(of: "ETag") == nil)
    }

    @Test("HEAD tells the length of the compressed form")
    func head() throws {
        let fixture = try SiteFixture.school(["a.txt": Self.text])
        let responder = try fixture.responder()
        let get = responder.get("/a.txt", [("Accept-Encoding", "br")])
        let head = responder.get("/a.txt", [("Accept-Encoding", "br")], method: "HEAD")
        #expect(head.headers == get.headers)
        #expect(head.body.count == 0)
    }
}
