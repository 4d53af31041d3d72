package import Tenancy

/// One row of a result. Values are asked for by column name and type; what does not fit is an error and never a trap.
package struct Row: Sendable {
    let columns: [String]
    let values: [SQLValue]
    let organization: OrganizationID?

    /// Throws `DatabaseError.value` when there is no such column or its value is of another form.
    package subscript<Value: SQLConvertible>(column: String) -> Value {
        get throws(DatabaseError) {
            guard let value = Value(sqlValue: try stored(column)) else { throw .value("column \(column) is not a \(Value.self)") }
            return value
        }
    }

    /// The id in a column, as one of the organization whose file the row comes from.
    package func record(_ column: String) throws(DatabaseError) -> RecordID {
        guard let organization else { throw .value("column \(column): a platform row has no records of an organization") }
        return RecordID(try self[column], of: organization)
    }

    private func stored(_ column: String) throws(DatabaseError) -> SQLValue {
        guard let index = columns.firstIndex(of: column) else { throw .value("the result has no column \(column)") }
        return values[index]
    }
}
