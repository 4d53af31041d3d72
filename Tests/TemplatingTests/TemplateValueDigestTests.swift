import Templating
import TestSupport
import Testing

@Suite("Digests of values")
struct TemplateValueDigestTests {
    private struct Digest: Hashable {
        let high: UInt64
        let low: UInt64
    }

    /// FNV-1a in both halves, from two beginnings.
    private func digest(_ value: TemplateValue) -> Digest {
        let result = value.digest { bytes in
            var (high, low): (UInt64, UInt64) = (0xCBF2_9CE4_8422_2325, 0x8422_2325_CBF2_9CE4)
            for byte in bytes {
                high = (high ^ UInt64(byte)) &* 0x100_0000_01B3
                low = (low ^ UInt64(byte)) &* 0x100_0000_01B3
            }
            return (high, low)
        }
        return Digest(high: result.high, low: result.low)
    }

    @Test("Equal values have equal digests, in whatever order their members were added")
    func order() {
        let names = (0..<200).map { "name\($0)" }
        var forwards = TemplateObject()
        for name in names { forwards[TemplateName(name)] = .text("value of \(name)") }
        var backwards = TemplateObject()
        for name in names.reversed() { backwards[TemplateName(name)] = .text("value of \(name)") }
        #expect(digest(.object(forwards)) == digest(.object(backwards)))
        #expect(digest(["a": [.object(forwards), "x"]]) == digest(["a": [.object(backwards), "x"]]))
    }

    @Test("Every small change is another digest")
    func changes() {
        let values: [TemplateValue] = [
            .none, false, true, "", "a", "b", "ab", .html(""), .html("a"), .html("b"),
            [], [""], ["a"], ["a", "b"], ["b", "a"], ["ab"], [["a"], ["b"]], [["a", "b"]], [["a"], "b"], [.none], [.none, .none], [false], [[]],
            [[:]],
            [:], ["a": .none], ["a": false], ["a": true], ["a": ""], ["a": "a"], ["a": "b"], ["b": "a"], ["a": .html("a")],
            ["a": "b", "c": "d"], ["a": "d", "c": "b"], ["ab": "c"], ["a": "bc"], ["a": ["b": "c"]], ["a": ["b": ["c"]]], ["a": ["b", "c"]],
            ["a": "true"], ["a": [true]], ["x": ["a": "1"], "y": ["a": "2"]], ["x": ["a": "2"], "y": ["a": "1"]], ["x": ["b": "1"], "y": ["a": "2"]],
        ]
        for (index, value) in values.enumerated() {
            for other in values[(index + 1)...] { #expect(digest(value) != digest(other), "\(value) and \(other)") }
        }
    }

    @Test("Moving a text between two members or items changes the digest")
    func moves() {
        var random = SeededGenerator(seed: 5)
        var seen: [Digest: TemplateValue] = [:]
        for _ in 0..<20_000 {
            let value = Self.value(depth: 3, &random)
            let digest = digest(value)
            if let other = seen[digest] { #expect(other == value) }
            seen[digest] = value
        }
        #expect(seen.count > 3_000)
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> TemplateValue {
        let texts = ["", "a", "b", "ab", "c"]
        switch Int.random(in: 0..<(depth == 0 ? 4 : 6), using: &random) {
        case 0: return .none
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .text(texts[Int.random(in: 0..<texts.count, using: &random)])
        case 3: return .html(texts[Int.random(in: 0..<texts.count, using: &random)])
        case 4: return .list((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth - 1, &random) })
        default:
            var members = TemplateObject()
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                members[TemplateName(texts[Int.random(in: 0..<texts.count, using: &random)])] = value(depth: depth - 1, &random)
            }
            return .object(members)
        }
    }
}
