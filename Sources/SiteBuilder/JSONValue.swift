/// JSON that keeps the order it was written in, so that the same site gives the same bytes.
package indirect enum JSONValue: Sendable {
    case text(String)
    /// A text as its UTF-8.
    case utf8([UInt8])
    case number(Int)
    /// A number that is no `Int`, as JSON writes it: `2.5`, `1e400`.
    case decimal(String)
    case bool(Bool)
    case null
    case list([JSONValue])
    case object([(String, JSONValue)])

    /// The text, safe inside an HTML `<script>` as well: `<` is written as an escape.
    package func write(into output: inout [UInt8]) {
        switch self {
        case .text(let text): Self.write(text, into: &output)
        case .utf8(let bytes): bytes.withUnsafeBufferPointer { Self.write($0, into: &output) }
        case .number(let number): output.append(contentsOf: String(number).utf8)
        case .decimal(let text): output.append(contentsOf: text.utf8)
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .list(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                item.write(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.write(member.0, into: &output)
                output.append(UInt8(ascii: ":"))
                member.1.write(into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    package var bytes: [UInt8] {
        var output: [UInt8] = []
        write(into: &output)
        return output
    }

    package var string: String { String(decoding: bytes, as: UTF8.self) }

    private static func write(_ text: String, into output: inout [UInt8]) {
        var text = text
        text.withUTF8 { write($0, into: &output) }
    }

    private static func write(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var written = 0
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "<") else { continue }
            output.append(contentsOf: bytes[written..<index])
            written = index + 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x0A: output.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "<"): output.append(contentsOf: "\\u003c".utf8)
            default:
                output.append(contentsOf: "\\u00".utf8)
                output.append(contentsOf: [UInt8(ascii: byte < 16 ? "0" : "1"), Array("0123456789abcdef".utf8)[Int(byte & 15)]])
            }
        }
        output.append(contentsOf: bytes[written...])
        output.append(UInt8(ascii: "\""))
    }
}

extension JSONValue: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self = .text(text) }
}

extension [(String, JSONValue)] {
    /// Adds a member when there is something to say.
    package mutating func add(_ key: String, _ text: String?) {
        if let text, !text.isEmpty { append((key, .text(text))) }
    }
}
