import Foundation
import TestSupport
import Testing

@testable import SignupServer

@Suite("Forms with files")
struct MultipartTests {
    private static let type = "multipart/form-data; boundary=b0"

    private static func read(_ body: String, _ type: String = type) throws -> FormData {
        try FormData(multipart: Array(body.utf8), contentType: type)
    }

    private static func part(_ head: String, _ content: String) -> String { "--b0\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(content)\r\n" }

    @Test("fields and files, as browsers send them")
    func read() throws {
        let data = try Self.read(
            Self.part("name=\"a\"", "1\r\n2") + Self.part("name=\"f\"; filename=\"x%22y.ics\"\r\nContent-Type: text/calendar", "BEGIN\r\n--b\r\n")
                + Self.part("name=\"g\"; filename=\"\"", "") + Self.part("name=a", "é") + "--b0--\r\n")
        #expect(data.all("a") == ["1\n2", "é"])
        #expect(data.files["f"]?.name == "x\"y.ics" && data.files["f"]?.bytes == Array("BEGIN\r\n--b\r\n".utf8))
        #expect(data.files["g"] == nil && data["f"] == nil)
        #expect(
            try Self.read("--q s\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--q s--", "multipart/form-data; boundary=\"q s\"")["a"]
                == "1")
    }

    @Test(
        "what is broken is refused, not repaired",
        arguments: [
            "", "--b0", "--b0\r\n", "x--b0\r\n", part("name=\"a\"", "1"), part("name=\"a\"", "1") + "--b0-", "--b0\r\n\r\n1\r\n--b0--",
            "--b0\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b0--", "--b0\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--b0--",
            "--b0\nContent-Disposition: form-data; name=a\n\n1\n--b0--",
        ])
    func broken(body: String) {
        #expect(throws: FormData.Failure.malformed) { try Self.read(body) }
        #expect(throws: FormData.Failure.malformed) { try Self.read(body, "multipart/form-data") }
    }

    @Test("parts and their values are bounded")
    func limits() throws {
        let many = String(repeating: Self.part("name=a", ""), count: FormData.maximumFields)
        _ = try Self.read(many + "--b0--")
        #expect(throws: FormData.Failure.tooLarge) { try Self.read(many + Self.part("name=a", "") + "--b0--") }
        let value = String(repeating: "v", count: FormData.longestValue + 1)
        #expect(throws: FormData.Failure.tooLarge) { try Self.read(Self.part("name=a", value) + "--b0--") }
        #expect(throws: FormData.Failure.malformed) { try Self.read(Self.part("name=a; x=" + String(repeating: "y", count: 3_000), "1") + "--b0--") }
        #expect(throws: FormData.Failure.malformed) {
            try FormData(
                multipart: Array("--b0\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8) + [0xFF] + Array("\r\n--b0--".utf8),
                contentType: Self.type)
        }
    }

    @Test("mutated forms are read or refused, and never more")
    func fuzz() {
        let seed = Array((Self.part("name=\"a\"", "1") + Self.part("name=\"f\"; filename=\"x\"", "\r\n--b") + "--b0--\r\n").utf8)
        var random = SeededGenerator(seed: 0x3A17)
        var read = 0
        for _ in 0..<5_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) { bytes.remove(at: index) } else { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            }
            if (try? FormData(multipart: bytes, contentType: Self.type)) != nil { read += 1 }
        }
        #expect(read > 500 && read < 5_000)
    }
}
