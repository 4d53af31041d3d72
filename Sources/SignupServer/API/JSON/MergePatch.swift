import SiteBuilder

extension JSONValue {
    /// The value after a JSON Merge Patch (RFC 7396, 2).
    func merging(_ patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members: [(String, JSONValue)] = if case .object(let members) = self { members } else { [] }
        for (name, change) in changes {
            let index = members.firstIndex { $0.0 == name }
            if case .null = change {
                if let index { members.remove(at: index) }
            } else if let index {
                members[index].1 = members[index].1.merging(change)
            } else {
                members.append((name, JSONValue.null.merging(change)))
            }
        }
        return .object(members)
    }

    /// Whether both say the same: the order of an object's members is none.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.text(let mine), .text(let theirs)): mine.utf8.elementsEqual(theirs.utf8)
        case (.number(let mine), .number(let theirs)): mine == theirs
        case (.decimal(let mine), .decimal(let theirs)): mine == theirs
        case (.bool(let mine), .bool(let theirs)): mine == theirs
        case (.null, .null): true
        case (.list(let mine), .list(let theirs)): mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.isSame(as: $1) }
        case (.object(let mine), .object(let theirs)):
            mine.count == theirs.count
                && mine.allSatisfy { name, value in theirs.first { $0.0 == name }.map { value.isSame(as: $0.1) } ?? false }
        default: false
        }
    }

    /// A member of an object.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }
}
