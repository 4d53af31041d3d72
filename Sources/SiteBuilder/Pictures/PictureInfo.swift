/// What is known of a picture file without decoding it.
package struct PictureInfo: Sendable, Hashable {
    /// Pixels as a person sees them: after the turn that a phone noted in the file.
    package let width: Int
    package let height: Int
    package let format: PictureFormat
    /// The file tells where it was taken. It is never published, but it is in the content folder and its history.
    package let hasLocation: Bool
    let hasAlpha: Bool
    /// More than 1 for animations.
    let frames: Int
}
