/// The parts of a `multipart/form-data` body (RFC 7578), read strictly: browsers write it in one way, and nothing else is repaired.
struct MultipartBody: Sendable {
    struct Part: Sendable {
        let name: String
        /// As the browser names it; nil for a field that isn't a file.
        let fileName: String?
        let bytes: [UInt8]
    }

    private(set) var parts: [Part] = []

    private static let longestHeader = 2_000
    private static let lineEnd: [UInt8] = [0x0D, 0x0A]

    /// - Parameter contentType: of the request, with the boundary. Throws `malformed` and `tooLarge`.
    init(_ body: [UInt8], contentType: String) throws(FormData.Failure) {
        guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else { throw .malformed }
        let delimiter = Array("--\(boundary)".utf8)
        guard body.starts(with: delimiter) else { throw .malformed }
        var rest = body[delimiter.count...]
        while true {
            if rest.starts(with: "--".utf8) { return }
            guard rest.starts(with: Self.lineEnd) else { throw .malformed }
            rest = rest.dropFirst(2)
            guard parts.count < FormData.maximumFields else { throw .tooLarge }
            guard let head = rest.prefix(Self.longestHeader).firstRange(of: Self.lineEnd + Self.lineEnd) else { throw .malformed }
            let content = rest[head.upperBound...]
            guard let end = content.firstRange(of: Self.lineEnd + delimiter) else { throw .malformed }
            parts.append(try Self.part(head: rest[..<head.lowerBound], bytes: content[..<end.lowerBound]))
            rest = content[end.upperBound...]
        }
    }

    private static func part(head: ArraySlice<UInt8>, bytes: ArraySlice<UInt8>) throws(FormData.Failure) -> Part {
        guard let head = String(validating: head, as: UTF8.self) else { throw .malformed }
        let disposition = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-disposition:") }.map(String.init)
        guard let disposition, disposition.lowercased().contains("form-data"), let name = parameter("name", of: disposition),
            name.utf8.count <= FormData.longestName
        else { throw .malformed }
        return Part(name: name, fileName: parameter("filename", of: disposition), bytes: Array(bytes))
    }

    /// The value of `; name="value"` or `; name=value`. In quotes browsers write `%22` for a quotation mark.
    private static func parameter(_ name: String, of header: String) -> String? {
        var rest = header.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first ?? ""
        while !rest.isEmpty {
            rest = rest.drop { $0 == " " || $0 == ";" }
            let key = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(key.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            let value: Substring
            if rest.first == "\"" {
                value = rest.dropFirst().prefix { $0 != "\"" }
                rest = rest.dropFirst(value.count + 2)
            } else {
                value = rest.prefix { $0 != ";" && $0 != " " }
                rest = rest.dropFirst(value.count)
            }
            if key.lowercased() == name { return String(value.replacing("%22", with: "\"")) }
        }
        return nil
    }
}
