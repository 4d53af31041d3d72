import StructuredData

/// A file's text with its lines, so that every place in it can be named.
struct TextFile: Sendable {
    let path: String
    let scalars: [Unicode.Scalar]
    /// The offset of each line's first scalar.
    private let lineStarts: [Int]

    /// Bytes that are not UTF-8 become U+FFFD.
    init(path: String, bytes: some Sequence<UInt8>) {
        self.path = path
        var scalars = Array(String(decoding: Array(bytes), as: UTF8.self).unicodeScalars)
        // Columns are counted without the byte-order mark, as editors do.
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        self.scalars = scalars
        var starts = [0]
        for (index, scalar) in scalars.enumerated() where scalar == "\n" { starts.append(index + 1) }
        lineStarts = starts
    }

    /// Line and column, from 1, of an offset.
    func mark(at offset: Int) -> Mark {
        var low = 0
        var high = lineStarts.count
        while low + 1 < high {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return Mark(line: low + 1, column: offset - lineStarts[low] + 1)
    }

    /// The offset of a place; of the nearest one where there is no such place.
    func offset(of mark: Mark) -> Int {
        let line = min(max(mark.line, 1), lineStarts.count)
        let end = line < lineStarts.count ? lineStarts[line] : scalars.count
        return min(lineStarts[line - 1] + max(mark.column - 1, 0), end)
    }
}
