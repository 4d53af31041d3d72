import CVips

/// libvips, started when the first picture needs it: that takes longer than a build without pictures may.
enum PictureLibrary {
    /// False if libvips could not start.
    static let isReady = cvips_init()

    /// Another version may encode the same picture to other bytes.
    static var version: String { String(cString: cvips_version()) }
}
