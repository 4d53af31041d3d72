/// Why there is no QR code for a text.
package enum QRCodeError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    /// In bytes.
    case tooLong(Int)
    case outOfMemory

    package var description: String {
        switch self {
        case .empty: "There is nothing to put into the QR code: write an address."
        case .tooLong(let count): "The text is too long for a QR code: \(count) bytes, at most \(QRCode.byteLimit) fit. Use a shorter address."
        case .outOfMemory: "There was not enough memory to make the QR code."
        }
    }
}
