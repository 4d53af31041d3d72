/// One response header. Names come from the code, never from a request.
package struct HeaderField: Hashable, Sendable {
    package let name: String
    package let value: HeaderValue

    package init(_ name: StaticString, _ value: HeaderValue) {
        self.name = name.description
        self.value = value
    }
}
