import Glibc

/// Text for a person at a terminal, or for a file.
enum Console {
    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    /// Colours only for a terminal, and not where NO_COLOR asks for none (no-color.org).
    static let usesColor = isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
    static let isTerminal = isatty(STDERR_FILENO) == 1

    static func styled(_ text: String, _ style: Style) -> String {
        usesColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    static func standardError(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Without a buffer, so that progress shows at once.
    static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}
