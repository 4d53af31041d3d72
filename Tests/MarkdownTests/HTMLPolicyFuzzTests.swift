import Markdown
import TestSupport
import Testing

@Suite("HTML that nobody would write")
struct HTMLPolicyFuzzTests {
    @Test("25,000 mixtures of attacks are cleaned to safe, balanced HTML, and cleaning twice changes nothing", arguments: [1, 2] as [UInt64])
    func mixtures(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let policy = HTMLPolicy()
        let attacks = HTMLAttacks.all.map { Array($0.utf8) }
        for _ in 0..<12_500 {
            let input = Self.mixture(of: attacks, &random)
            let clean = policy.clean(fragment: input).html
            let violations = HTMLJudge.violations(in: clean)
            let again = policy.clean(fragment: clean).html
            guard violations.isEmpty, again == clean else {
                Issue.record("\(violations), from \(input), to \(String(decoding: clean, as: UTF8.self))")
                return
            }
        }
    }

    @Test("any bytes are accepted, by both profiles", arguments: [3] as [UInt64])
    func bytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let markup = Array("<>/=\"'&#;!- \n\u{0}ap".utf8)
        let policies = [HTMLPolicy(), HTMLPolicy(profile: .theme(formOrigins: []))]
        for _ in 0..<5_000 {
            let input = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                Bool.random(using: &random) ? markup.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            for policy in policies {
                let clean = policy.clean(fragment: input).html
                #expect(String(validating: clean, as: UTF8.self) != nil)
                #expect(policy.clean(fragment: clean).html == clean)
            }
        }
    }

    /// Up to four attacks, each cut, repeated or with some of its bytes changed.
    private static func mixture(of attacks: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
        var input: [UInt8] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            var part = attacks.randomElement(using: &random) ?? []
            switch Int.random(in: 0...5, using: &random) {
            case 0: part = Array(part.prefix(Int.random(in: 0...part.count, using: &random)))
            case 1: part = Array(part.suffix(Int.random(in: 0...part.count, using: &random)))
            case 2: part += part
            case 3: input.insert(contentsOf: part, at: Int.random(in: 0...input.count, using: &random))
            default: break
            }
            for _ in 0..<Int.random(in: 0...3, using: &random) where !part.isEmpty {
                let index = Int.random(in: 0..<part.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: part.remove(at: index)
                case 1: part[index] = UInt8.random(in: 0...255, using: &random)
                default: part.insert(Array("<>\"'&/ =-".utf8).randomElement(using: &random) ?? 0x3C, at: index)
                }
            }
            input += part
        }
        return input
    }
}
