/// Why a picture cannot be used. The description is meant for the person who added it.
package enum PictureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason completes "The picture cannot be read: ".
    case unreadable(String)
    case unsupported(String)
    /// Pixels, and the limit in pixels altogether.
    case tooLarge(width: Int, height: Int, frames: Int, limit: Int)
    /// Bytes.
    case fileTooLarge(bytes: Int, limit: Int)
    /// The cache folder, not the picture, is at fault.
    case notStored(String)

    package var description: String {
        switch self {
        case .unreadable(let reason): "The picture cannot be read: \(reason)"
        case .unsupported(let reason): "The picture cannot be used: \(reason)"
        case .tooLarge(let width, let height, let frames, let limit):
            "The picture is too large: \(width) × \(height) pixels\(frames > 1 ? " in \(frames) frames" : "") are more than"
                + " \(limit / 1_000_000) megapixels. Make it smaller, for example 3000 pixels wide."
        case .fileTooLarge(let bytes, let limit):
            "The picture's file is too large: \(bytes / 1_000_000) MB are more than \(limit / 1_000_000) MB. Save it as JPEG, 3000 pixels wide."
        case .notStored(let reason): "The picture's smaller copies cannot be stored: \(reason)"
        }
    }

    static let damaged = unreadable("the file is damaged or incomplete. Upload it again from the original.")
}
