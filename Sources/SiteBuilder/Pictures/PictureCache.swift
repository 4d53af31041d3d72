import CXXHash
import Glibc

/// Finished variants on disk, one folder for each picture and recipe.
///
/// A folder appears by being renamed, so it is complete or absent; several processes may share a cache.
struct PictureCache {
    let directory: String

    /// A variant that is not stored yet.
    struct NewVariant {
        let width: Int
        let height: Int
        let format: PictureFormat
        let content: [UInt8]
    }

    /// Names the folder for anything that decides about the bytes in it.
    static func key(_ parts: [String]) -> String {
        let hash = Array(parts.joined(separator: "\n").utf8).withUnsafeBytes { XXH3_128bits($0.baseAddress, $0.count) }
        return hexadecimal(hash.high64) + hexadecimal(hash.low64)
    }

    /// What was stored under the key; nil if nothing was, or if it is not whole any more.
    func variants(key: String) -> [PictureVariant]? {
        let folder = "\(directory)/\(key)"
        guard let list = PictureFile.read("\(folder)/\(Self.listName)", limit: 10_000) else { return nil }
        let variants = String(decoding: list, as: UTF8.self).split(separator: "\n").map { Self.variant(line: $0, folder: folder) }
        let whole = variants.compactMap(\.self)
        guard !whole.isEmpty, whole.count == variants.count else { return nil }
        return whole.allSatisfy { PictureFile.size($0.path) == $0.bytes } ? whole : nil
    }

    func store(_ news: [NewVariant], key: String) throws(PictureError) -> [PictureVariant] {
        let folder = "\(directory)/\(key)"
        let temporary = "\(directory)/.\(key).\(getpid()).\(UInt32.random(in: 0 ... .max))"
        guard mkdir(directory, 0o755) == 0 || errno == EEXIST, mkdir(temporary, 0o755) == 0 else { throw Self.notStored() }

        let variants = news.map { Self.variant($0, folder: folder) }
        for (new, variant) in zip(news, variants) where !PictureFile.write(new.content, to: "\(temporary)/\(Self.fileName(variant))") {
            throw failure(removing: temporary)
        }
        let list = variants.map(Self.line).joined(separator: "\n")
        guard PictureFile.write(Array(list.utf8), to: "\(temporary)/\(Self.listName)") else { throw failure(removing: temporary) }

        if rename(temporary, folder) == 0 { return variants }
        // Another process was faster, or what lay there is not whole.
        if let stored = self.variants(key: key) {
            remove(temporary)
            return stored
        }
        remove(folder)
        guard rename(temporary, folder) == 0 else { throw failure(removing: temporary) }
        return variants
    }

    // MARK: The list of a folder

    private static let listName = "variants"

    private static func line(_ variant: PictureVariant) -> String {
        "\(variant.width) \(variant.height) \(variant.format.rawValue) \(variant.bytes) \(variant.fingerprint)"
    }

    private static func variant(line: Substring, folder: String) -> PictureVariant? {
        let words = line.split(separator: " ")
        guard words.count == 5, let width = Int(words[0]), let height = Int(words[1]), let bytes = Int(words[3]) else { return nil }
        guard let format = PictureFormat(rawValue: String(words[2])) else { return nil }
        let path = "\(folder)/\(width).\(format.fileExtension)"
        return PictureVariant(width: width, height: height, format: format, bytes: bytes, path: path, fingerprint: String(words[4]))
    }

    private static func variant(_ new: NewVariant, folder: String) -> PictureVariant {
        let hash = new.content.withUnsafeBytes { XXH3_64bits($0.baseAddress, $0.count) }
        return PictureVariant(
            width: new.width, height: new.height, format: new.format, bytes: new.content.count,
            path: "\(folder)/\(new.width).\(new.format.fileExtension)", fingerprint: hexadecimal(hash))
    }

    private static func fileName(_ variant: PictureVariant) -> String {
        "\(variant.width).\(variant.format.fileExtension)"
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    // MARK: Failures

    private static func notStored() -> PictureError {
        .notStored(String(cString: strerror(errno)))
    }

    private func failure(removing folder: String) -> PictureError {
        let error = Self.notStored()
        remove(folder)
        return error
    }

    /// Removes a folder of ours: files only, no folders within.
    private func remove(_ folder: String) {
        guard let entries = opendir(folder) else { return }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) { String(cString: $0) }
            }
            unlink("\(folder)/\(name)")
        }
        closedir(entries)
        rmdir(folder)
    }
}
