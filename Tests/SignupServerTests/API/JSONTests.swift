import SiteBuilder
import StructuredData
import TestSupport
import Testing

@testable import SignupServer

@Suite("JSON from programs")
struct JSONTests {
    /// RFC 7396, appendix A: original, patch, result.
    static let patches: [(String, String, String)] = [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#), (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#), (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#), (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
        ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ]

    @Test("the vectors of RFC 7396", arguments: patches)
    func mergePatch(original: String, patch: String, result: String) throws {
        let merged = try JSONReader.read(Array(original.utf8)).merging(try JSONReader.read(Array(patch.utf8)))
        #expect(merged.string == result)
        #expect(merged.isSame(as: try JSONReader.read(Array(result.utf8))))
    }

    static let texts: [(String, String)] = [
        (" { \"a\" : [ 1 , -2.50e+3 , true , false , null ] } ", #"{"a":[1,-2.50e+3,true,false,null]}"#),
        (#""\u0041\ud83d\ude00\n\"\\\/""#, "\"A😀\\n\\\"\\\\/\""), ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9223372036854775808"), ("-0", "-0"), ("[]", "[]"), ("{}", "{}"), (#""""#, #""""#),
        (
            String(repeating: "[", count: 20) + String(repeating: "]", count: 20),
            String(repeating: "[", count: 20) + String(repeating: "]", count: 20)
        ),
    ]

    @Test("JSON is read", arguments: texts)
    func read(text: String, written: String) throws {
        #expect(try JSONReader.read(Array(text.utf8)).string == written)
    }

    static let broken: [[UInt8]] =
        [
            "", " ", "{", "}", "[", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1,\"a\":2}", "01", "1.", ".5", "1e", "+1",
            "-", "tru",
            "nul", "True", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"", "1 2", "[1 2]", "'a'", "//",
            "NaN",
            "\u{FEFF}1", "[1],", String(repeating: "[", count: 21) + String(repeating: "]", count: 21), String(repeating: "[", count: 100_000),
            String(repeating: "{\"a\":", count: 50_000), "[" + String(repeating: "1,", count: 10_000) + "1]",
        ].map { Array($0.utf8) } + [[0xFF], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]]

    @Test("what is no JSON, or more than is asked for, is refused", arguments: broken)
    func refused(bytes: [UInt8]) {
        #expect(throws: JSONReader.Failure.self) { try JSONReader.read(bytes) }
    }

    @Test("random bytes and random changes never trap")
    func fuzz() throws {
        var random = SeededGenerator(seed: 7)
        let seed = Array(#"{"name":"A","list":[1,{"b":null}],"text":"\u00e9\ud83d\ude00","n":-1.5e3}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: position)
                default: bytes.remove(at: position)
                }
            }
            guard let value = try? JSONReader.read(bytes) else { continue }
            #expect(try JSONReader.read(value.bytes).isSame(as: value))
            var settings = try SettingsDocument(Array("name: A\nlist: [1]\n".utf8))
            _ = try? settings.apply(value)
        }
    }

    @Test("settings become JSON and back, as YAML means them")
    func settings() throws {
        var document = try SettingsDocument(
            Array("# mine\nname: A\nunit:\n  number: \"0123\"\nzip: 01234\nfull: yes\non: true\nn: 12\nnone: ~\n".utf8))
        #expect(document.json.string == #"{"name":"A","unit":{"number":"0123"},"zip":"01234","full":"yes","on":true,"n":12}"#)
        try document.apply(try JSONReader.read(Array(#"{"on":false,"n":13,"unit":{"number":"0124"},"new":{"a":["x",{"b":true}]},"zip":null}"#.utf8)))
        #expect(document.json.string.contains(#""unit":{"number":"0124"}"#))
        let text = String(decoding: document.bytes, as: UTF8.self)
        #expect(text.hasPrefix("# mine\nname: A\n") && !text.contains("zip"))
        #expect(document.json["new"]?.string == #"{"a":["x",{"b":true}]}"#)
        #expect(document.json["on"]?.string == "false" && document.json["n"]?.string == "13")
    }
}
