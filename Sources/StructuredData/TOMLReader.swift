import TOMLKit

/// Reads TOML front matter (between `+++` lines), as Hugo sites have it.
package enum TOMLReader {
    /// Marks are those of the whole block, because the parser tells places for errors only.
    package static func read(_ text: String, lineOffset: Int = 0) throws(StructuredDataError) -> Node {
        let mark = Mark(line: lineOffset + 1, column: 1)
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw StructuredDataError(
                at: Mark(line: lineOffset + max(1, Int(error.source.begin.line)), column: max(1, Int(error.source.begin.column))),
                "this is not readable as TOML", advice: "write `name = \"value\"`; texts need quotes")
        } catch {
            throw StructuredDataError(at: mark, "this is not readable as TOML", advice: "write `name = \"value\"`; texts need quotes")
        }
        return try node(table, at: mark, depth: 0)
    }

    private static func node(_ table: TOMLTable, at mark: Mark, depth: Int) throws(StructuredDataError) -> Node {
        guard depth < YAMLReader.maximumDepth else {
            throw StructuredDataError(at: mark, "tables are nested too deeply", advice: "use at most \(YAMLReader.maximumDepth) levels")
        }
        var pairs: [Node.Pair] = []
        for key in table.keys.sorted() {
            guard let value = table[key] else { continue }
            pairs.append(Node.Pair(key: key, keyMark: mark, value: try node(value.tomlValue, at: mark, depth: depth + 1)))
        }
        return Node(.mapping(pairs), at: mark)
    }

    private static func node(_ value: TOMLValue, at mark: Mark, depth: Int) throws(StructuredDataError) -> Node {
        switch value.type {
        case .table:
            guard let table = value.table else { break }
            return try node(table, at: mark, depth: depth)
        case .array:
            guard depth < YAMLReader.maximumDepth, let array = value.array else { break }
            var items: [Node] = []
            for item in array { items.append(try node(item.tomlValue, at: mark, depth: depth + 1)) }
            return Node(.sequence(items), at: mark)
        case .string: return Node(.scalar(value.string ?? "", plain: false), at: mark)
        case .int: return Node(.scalar(String(value.int ?? 0), plain: true), at: mark)
        case .double: return Node(.scalar(String(value.double ?? 0), plain: true), at: mark)
        case .bool: return Node(.scalar(value.bool == true ? "true" : "false", plain: true), at: mark)
        case .date, .time, .dateTime: return Node(.scalar(value.debugDescription, plain: true), at: mark)
        }
        return Node(.scalar("", plain: true), at: mark)
    }
}
