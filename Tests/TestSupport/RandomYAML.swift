package import StructuredData

/// Values to write, with the texts that YAML is known to mangle.
package enum RandomYAML {
    package static func value(_ random: inout SeededGenerator, depth: Int) -> YAMLValue {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<2 where depth > 0: .list((0...Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth - 1) })
        case 2..<5 where depth > 0: mapping(&random, depth: depth)
        case 5: .plain(["true", "false", "12", "0"].randomElement(using: &random) ?? "0")
        default: .text(text(&random))
        }
    }

    package static func mapping(_ random: inout SeededGenerator, depth: Int) -> YAMLValue {
        var pairs: [YAMLValue.Pair] = []
        for _ in 0...Int.random(in: 0...4, using: &random) {
            let key = ["title", "text", "url", "en", "es", "no", "a b", "x: y", "#", "- z"].randomElement(using: &random) ?? "title"
            if !pairs.contains(where: { $0.key == key }) { pairs.append(YAMLValue.Pair(key, value(&random, depth: depth - 1))) }
        }
        return .mapping(pairs)
    }

    package static func text(_ random: inout SeededGenerator) -> String {
        let parts = [
            "Join", "us", " ", "  ", "\n", "\r\n", "\t", ":", ": ", " #", "#", "- ", "-", "'", "\"", "\\", "{", "}", "[", "]", ",", "&", "*", "!",
            "|",
            ">", "%", "@", "`", "?", "~", "null", "true", "12", "1e3", "2026-09-02", "...", "---", "ñ", "学校", "🎒", "\u{0}", "\u{7F}", "\u{85}",
            "\u{A0}", "\u{2028}", "\u{FEFF}", "\u{FFFE}", "<<", "=", "https://x.example/?a=b#c",
        ]
        return (0...Int.random(in: 0...8, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
    }
}
