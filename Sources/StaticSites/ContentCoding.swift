import Compression

/// The compressions that browsers understand (RFC 9110 8.4.1, RFC 7932).
package enum ContentCoding: String, Sendable, CaseIterable {
    case brotli = "br"
    case gzip

    var value: HeaderValue { HeaderValue(rawValue) }

    /// The end of the name of a file that was compressed beforehand: `page.html.br`.
    package var fileEnding: String { self == .brotli ? ".br" : ".gz" }

    /// What an Accept-Encoding header prefers (RFC 9110 12.5.3), best first; brotli before gzip where it leaves the choice. Empty if
    /// the content is to be sent as it is.
    static func preferred(by acceptEncoding: String) -> [ContentCoding] {
        var weights: [ContentCoding: Int] = [:]
        var anyWeight = 0
        var identityWeight: Int?
        for element in acceptEncoding.split(separator: ",").prefix(32) {
            let parts = element.split(separator: ";", omittingEmptySubsequences: false)
            let weight = weight(ofParameters: parts.dropFirst())
            switch parts[0].trimmingSpaces().lowercased() {
            case "br": weights[.brotli] = weight
            case "gzip", "x-gzip": weights[.gzip] = weight
            case "identity": identityWeight = weight
            case "*": anyWeight = weight
            default: break
            }
        }
        let weighted = allCases.map { (coding: $0, weight: weights[$0] ?? anyWeight) }
        return weighted.filter { $0.weight > 0 && $0.weight >= identityWeight ?? 0 }.sorted { $0.weight > $1.weight }.map(\.coding)
    }

    /// The `q` parameter in thousandths; 1,000 if there is none, 0 if it is not a number.
    private static func weight(ofParameters parameters: ArraySlice<Substring>) -> Int {
        for parameter in parameters {
            let pair = parameter.trimmingSpaces()
            guard pair.hasPrefix("q=") || pair.hasPrefix("Q=") else { continue }
            guard let number = Double(pair.dropFirst(2)), (0...1).contains(number) else { return 0 }
            return Int(number * 1000)
        }
        return 1000
    }

    /// Compresses with a setting for content that a reader waits for: most of the gain for little time.
    /// - Returns: nil if the content does not get smaller.
    func compress(_ bytes: [UInt8]) -> [UInt8]? {
        let compressed = self == .brotli ? Compression.brotli(bytes, quality: 5) : Compression.gzip(bytes, level: 6)
        guard let compressed, compressed.count < bytes.count else { return nil }
        return compressed
    }
}
