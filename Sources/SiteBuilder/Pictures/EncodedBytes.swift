import CVips

/// Takes over what the picture library wrote.
enum EncodedBytes {
    /// The bytes that `encode` left in the buffer, or nil if it failed.
    static func make(_ encode: (inout cvips_buffer) -> Bool) -> [UInt8]? {
        var buffer = cvips_buffer()
        defer { cvips_free_buffer(&buffer) }
        guard encode(&buffer), let start = buffer.bytes else { return nil }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: buffer.count))
    }
}
