import CQREncode
import Glibc
import Templating

/// A QR code (ISO/IEC 18004) with error correction level M, which bears a fold or a coffee stain.
package struct QRCode: Sendable, Hashable {
    /// What fits into the largest code of level M.
    static let byteLimit = 2331
    /// The white border that readers need, in modules.
    static let quietZone = 4

    /// Modules on each side, without the quiet zone.
    let size: Int
    /// The modules row by row.
    let modules: [UInt8]

    static let dark: UInt8 = 1

    package init(_ text: String) throws(QRCodeError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.byteLimit else { throw .tooLong(bytes.count) }
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else {
            throw errno == ERANGE ? .tooLong(bytes.count) : .outOfMemory
        }
        defer { QRcode_free(code) }
        size = Int(code.pointee.width)
        // The lowest bit of each byte is the colour; the others tell what the module is for.
        modules = UnsafeBufferPointer(start: code.pointee.data, count: size * size).map { $0 & Self.dark }
    }

    /// The code as an SVG in the text colour on a transparent ground, to be scaled by CSS. Readers want it dark on light.
    /// - Parameter title: says where the code leads, for people who cannot see it.
    package func svg(title: String) -> String {
        let side = size + 2 * Self.quietZone
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(side) \(side)\" role=\"img\" shape-rendering=\"crispEdges\">"
            + "<title>\(title.escapedForHTML)</title><path stroke=\"currentColor\" d=\"\(String(decoding: path, as: UTF8.self))\"/></svg>"
    }

    /// Each run of dark modules in a row is one stroke, one unit thick, along the middle of the row.
    private var path: [UInt8] {
        var path: [UInt8] = []
        path.reserveCapacity(modules.count * 3)
        for row in 0..<size {
            let line = modules[row * size..<(row + 1) * size]
            var end: Int?
            while let start = line[(end ?? line.startIndex)...].firstIndex(of: Self.dark) {
                // The first run of a row begins at an absolute point, the others where the last one ended.
                if let end {
                    path.append("m", start - end, " 0")
                } else {
                    path.append("M", start - line.startIndex + Self.quietZone, " ")
                    path.append("", row + Self.quietZone, ".5")
                }
                let next = line[start...].firstIndex { $0 != Self.dark } ?? line.endIndex
                path.append("h", next - start, "")
                end = next
            }
        }
        return path
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ before: StaticString, _ number: Int, _ after: StaticString) {
        before.withUTF8Buffer { append(contentsOf: $0) }
        if number >= 100 { append(UInt8(ascii: "0") + UInt8(number / 100 % 10)) }
        if number >= 10 { append(UInt8(ascii: "0") + UInt8(number / 10 % 10)) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
        after.withUTF8Buffer { append(contentsOf: $0) }
    }
}
