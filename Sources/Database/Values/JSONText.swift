import FoundationEssentials

/// A value as JSON in a text column: keys sorted, so that equal values have equal texts.
package struct JSONText: Sendable, Hashable {
    package let text: String

    /// Throws `DatabaseError.value` when the value has no JSON form, such as a number that is not finite.
    package init(_ value: some Encodable) throws(DatabaseError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            text = String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw .value("\(type(of: value)) can't be written as JSON")
        }
    }

    /// Throws `DatabaseError.value` when the text is no JSON or not that of such a value.
    package func decode<Value: Decodable>(as type: Value.Type = Value.self) throws(DatabaseError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw .value("the stored JSON is not that of \(type)")
        }
    }
}

extension JSONText: SQLConvertible {
    package var sqlValue: SQLValue { .text(text) }

    /// Not parsed before it is decoded.
    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.text = text
    }
}
