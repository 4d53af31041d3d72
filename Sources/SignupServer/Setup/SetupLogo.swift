import Markdown
import Repositories

/// A logo that was sent with a form, as a file of the content. The generator makes it small and takes out what doesn't belong into it.
enum SetupLogo {
    /// Nil for what is no picture that sites can show.
    static func file(_ upload: FormData.UploadedFile) -> (path: ContentPath, bytes: [UInt8])? {
        guard let ending = ending(upload.bytes), let path = try? ContentPath("media/logo.\(ending)") else { return nil }
        return (path, upload.bytes)
    }

    /// By what the file is, whatever it is called.
    private static func ending(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "jpg" }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "webp" }
        return (try? SVGPolicy.clean(bytes)) == nil ? nil : "svg"
    }
}
