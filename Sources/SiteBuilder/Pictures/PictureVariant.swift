/// One published form of a picture: a size and a format.
package struct PictureVariant: Sendable, Hashable {
    /// Pixels.
    package let width: Int
    package let height: Int
    package let format: PictureFormat
    /// The size of the file.
    package let bytes: Int
    /// Where the file is in the cache.
    package let path: String
    /// A hash of the content in 16 hexadecimal digits, for the URL.
    package let fingerprint: String
}
