extension Substring {
    /// Without spaces and tabs at both ends: the optional white space of HTTP lists (RFC 9110 5.6.3).
    func trimmingSpaces() -> Substring {
        var rest = self
        while let first = rest.utf8.first, first == 0x20 || first == 0x09 { rest = rest.dropFirst() }
        while let last = rest.utf8.last, last == 0x20 || last == 0x09 { rest = rest.dropLast() }
        return rest
    }
}
