/// The old addresses of a release, read from its `_redirects` file. The file has one rule a line:
///
///     /old/path /new/path 301
///
/// The status may be left out; `#` begins a comment. A rule fits its whole path only (a slash at the end does not matter), the first
/// rule for a path wins, and a target must be on the same site. Lines that are none of this are passed over: the generator writes the
/// file, and a wrong line must not take the site down.
struct RedirectRules: Sendable {
    struct Rule: Equatable, Sendable {
        /// Path and, if there is one, query; encoded, beginning with exactly one slash.
        let target: String
        /// 301, 302, 307 or 308.
        let status: Int
    }

    static let fileName = "_redirects"
    /// Bytes. A larger file is not read at all.
    static let maximumSize = 4 << 20

    private var rules: [[UInt8]: Rule] = [:]

    init() {}

    init(_ file: [UInt8]) {
        for line in file.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard let source = words.first, source.first != UInt8(ascii: "#"), (2...3).contains(words.count) else { continue }
            let status = words.count == 3 ? Int(String(decoding: words[2], as: UTF8.self)) : 301
            guard let status, [301, 302, 307, 308].contains(status) else { continue }
            guard let from = try? SitePath(encoded: source), let target = Self.target(words[1]), target.path.fileName != from.fileName else {
                continue
            }
            let key = from.fileName
            if rules[key] == nil { rules[key] = Rule(target: target.text, status: status) }
        }
    }

    /// The rule for a path, nil if there is none.
    func rule(for path: SitePath) -> Rule? {
        rules.isEmpty ? nil : rules[path.fileName]
    }

    /// A target is written anew from its decoded parts, so it cannot lead to another host.
    private static func target(_ word: ArraySlice<UInt8>) -> (path: SitePath, text: String)? {
        guard let target = try? RequestTarget(String(decoding: word, as: UTF8.self)), target.authority == nil,
            let path = try? SitePath(encoded: target.path), !path.hadEmptySegments
        else { return nil }
        let query = target.query.map { [UInt8(ascii: "?")] + SitePath.encoded(query: $0) } ?? []
        return (path, String(decoding: path.encoded + query, as: UTF8.self))
    }
}
