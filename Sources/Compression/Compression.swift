import CBrotli
import CZlib

/// The compressions that browsers understand, through the libraries that everybody uses for them.
package enum Compression {
    /// RFC 7932. Quality 0 (fast) to 11 (small). Nil when it can't be compressed.
    package static func brotli(_ bytes: [UInt8], quality: Int32) -> [UInt8]? {
        let capacity = BrotliEncoderMaxCompressedSize(bytes.count)
        guard capacity > 0 else { return nil }
        var succeeded = false
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var size = capacity
            let result = BrotliEncoderCompress(quality, 22, BROTLI_MODE_TEXT, bytes.count, bytes, &size, buffer.baseAddress)
            succeeded = result != 0
            count = succeeded ? size : 0
        }
        return succeeded ? output : nil
    }

    /// RFC 1952, without a time in the header. Level 1 (fast) to 9 (small). Nil when it can't be compressed.
    package static func gzip(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        // 15 bits of window, and 16 for the gzip wrapper.
        deflated(bytes, level: level, windowBits: 15 + 16)
    }

    /// RFC 1950, as PNG has it inside. Level 1 (fast) to 9 (small). Nil when it can't be compressed.
    package static func zlib(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        deflated(bytes, level: level, windowBits: 15)
    }

    /// The checksum of gzip and PNG (ISO 3309).
    package static func crc32(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_z(0, bytes, bytes.count))
    }

    private static func deflated(_ bytes: [UInt8], level: Int32, windowBits: Int32) -> [UInt8]? {
        var stream = z_stream()
        // Memory level 8 is zlib's own choice.
        guard deflateInit2_(&stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK,
            let inputCount = UInt32(exactly: bytes.count)
        else { return nil }
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, uLong(bytes.count)))
        guard let outputCapacity = UInt32(exactly: capacity) else { return nil }
        var succeeded = false
        var input = bytes
        let output = input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                stream.next_in = input.baseAddress
                stream.avail_in = inputCount
                stream.next_out = buffer.baseAddress
                stream.avail_out = outputCapacity
                succeeded = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = succeeded ? Int(stream.total_out) : 0
            }
        }
        return succeeded ? output : nil
    }
}
