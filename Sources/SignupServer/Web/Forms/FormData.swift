import HTTPTypes
import Hummingbird
import NIOCore

/// What a form has sent: names and texts, flat. A name with brackets is a name with brackets (deeply nested ones have brought down servers
/// that made trees of them: hummingbird d37aadb8).
struct FormData: Sendable {
    /// Why a body is no form of ours. No page of ours sends such a thing.
    enum Failure: Error, Equatable {
        case notAForm
        case tooLarge
        case malformed
    }

    private let pairs: [(name: String, value: String)]
    /// What was sent as files, by the names of their fields: of each the first that isn't empty.
    private(set) var files: [String: UploadedFile] = [:]

    struct UploadedFile: Sendable {
        /// As the browser names it: only its ending may mean something.
        let name: String
        let bytes: [UInt8]
    }

    static let maximumFields = 300
    static let longestName = 100
    /// Bytes.
    static let longestValue = 64 << 10

    /// Reads `application/x-www-form-urlencoded` (WHATWG URL, 5.1), strictly: broken encodings and broken UTF-8 are refused, not repaired.
    /// Line breaks become `\n`, and control characters other than it and the tab are left out.
    init(_ body: [UInt8]) throws(Failure) {
        var pairs: [(name: String, value: String)] = []
        for part in body.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < Self.maximumFields else { throw .tooLarge }
            let sign = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = try Self.decode(part[..<sign])
            let value = try Self.decode(part[min(sign + 1, part.endIndex)...])
            guard name.utf8.count <= Self.longestName, value.utf8.count <= Self.longestValue else { throw .tooLarge }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    /// Reads `multipart/form-data`, for forms that send files.
    init(multipart body: [UInt8], contentType: String) throws(Failure) {
        var pairs: [(name: String, value: String)] = []
        for part in try MultipartBody(body, contentType: contentType).parts {
            if let name = part.fileName {
                if !part.bytes.isEmpty, files[part.name] == nil { files[part.name] = UploadedFile(name: name, bytes: part.bytes) }
            } else {
                guard part.bytes.count <= Self.longestValue else { throw .tooLarge }
                pairs.append((part.name, try Self.text(part.bytes)))
            }
        }
        self.pairs = pairs
    }

    /// The whole form of a request. Throws `HTTPError`: 415 for another type or a compressed body, 413 for too much, 400 for what is broken.
    /// - Parameter takesFiles: whether it may be `multipart/form-data` too.
    static func read(_ request: Request, takesFiles: Bool = false) async throws -> FormData {
        let header = request.headers[.contentType] ?? ""
        let type = header.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
        let isMultipart = takesFiles && type == "multipart/form-data"
        guard isMultipart || type == "application/x-www-form-urlencoded", request.headers[.contentEncoding] == nil else {
            throw HTTPError(.unsupportedMediaType)
        }
        // The connection has it already, and has held it to the setting's size.
        let body = try await request.body.collect(upTo: .max)
        do {
            let bytes = Array(body.readableBytesView)
            return isMultipart ? try FormData(multipart: bytes, contentType: header) : try FormData(bytes)
        } catch Failure.tooLarge {
            throw HTTPError(.contentTooLarge)
        } catch {
            throw HTTPError(.badRequest)
        }
    }

    /// The value of a field that stands once; nil if there is none or several.
    subscript(name: String) -> String? {
        let values = all(name)
        return values.count == 1 ? values[0] : nil
    }

    /// The values of a field that may stand several times, in their order.
    func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    /// Everything but these, in its order.
    func without(_ names: [String]) -> [(name: String, value: String)] {
        pairs.filter { !names.contains($0.name) }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(Failure) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            } else if byte == UInt8(ascii: "%") {
                guard index + 1 < bytes.endIndex, let high = digit(bytes[index]), let low = digit(bytes[index + 1]) else { throw .malformed }
                byte = high << 4 | low
                index += 2
            }
            output.append(byte)
        }
        return try text(output)
    }

    private static func text(_ bytes: [UInt8]) throws(Failure) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte == 0x0A, output.last == 0x0D { output.removeLast() }
            output.append(byte)
        }
        guard let text = String(validating: output, as: UTF8.self) else { throw .malformed }
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value == 0x0D {
                cleaned.append("\n")
            } else if scalar.value >= 0xA0 || (0x20..<0x7F).contains(scalar.value) || scalar.value == 0x0A || scalar.value == 0x09 {
                cleaned.append(scalar)
            }
        }
        return String(cleaned)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
