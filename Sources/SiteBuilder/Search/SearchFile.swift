/// A file of the search index.
package struct SearchFile: Sendable, Hashable {
    /// Relative to the folder of the index, `/search/<language>/`. All but `index.json` (`index.js`) carry their fingerprint, so that they
    /// may be cached for ever.
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
