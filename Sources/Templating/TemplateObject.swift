/// The members of a value, by name.
///
/// They are made once for a page, looked up a few times and thrown away, so they are an array in the order of their names' hashes: one
/// allocation, and no name is hashed where it is looked up.
package struct TemplateObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    struct Member: Sendable, Hashable {
        let name: TemplateName
        var value: TemplateValue
    }

    private(set) var members: [Member] = []

    package init() {}

    /// The last of several members of one name counts.
    package init(dictionaryLiteral elements: (TemplateName, TemplateValue)...) {
        add(elements)
    }

    mutating func add(_ elements: [(TemplateName, TemplateValue)]) {
        members.reserveCapacity(members.count + elements.count)
        for (name, value) in elements { self[name] = value }
    }

    package init(_ members: [String: TemplateValue]) {
        self.members = members.map { Member(name: TemplateName($0.key), value: $0.value) }.sorted { $0.name < $1.name }
    }

    package subscript(name: TemplateName) -> TemplateValue? {
        get {
            let position = position(of: name)
            return position < members.count && members[position].name == name ? members[position].value : nil
        }
        set {
            let position = position(of: name)
            let isThere = position < members.count && members[position].name == name
            switch (newValue, isThere) {
            case (let value?, true): members[position].value = value
            case (let value?, false): members.insert(Member(name: name, value: value), at: position)
            case (nil, true): members.remove(at: position)
            case (nil, false): break
            }
        }
    }

    /// Where the name is or would be.
    private func position(of name: TemplateName) -> Int {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) >> 1
            if members[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A name in a template or of a member: only its hash, which is the same in every run. Among the few hundred names of a theme, two with the same
/// 64 bits are not to be expected, and a tenant who made them would mix up nothing but the tenant's own pages.
package struct TemplateName: Sendable, Hashable, Comparable, ExpressibleByStringLiteral {
    let hash: UInt64

    package init(stringLiteral text: StaticString) {
        hash = text.withUTF8Buffer(Self.hash)
    }

    package init(_ text: String) {
        var text = text
        hash = text.withUTF8(Self.hash)
    }

    package static func < (left: TemplateName, right: TemplateName) -> Bool { left.hash < right.hash }

    /// Eight bytes at a time, mixed by the multiplier of SplitMix64.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var index = 0
        while index < bytes.count {
            var part: UInt64 = 0
            for offset in index..<min(index + 8, bytes.count) { part = part << 8 | UInt64(bytes[offset]) }
            hash = (hash ^ part) &* 0xBF58_476D_1CE4_E5B9
            hash ^= hash >> 29
            index += 8
        }
        return hash
    }
}
