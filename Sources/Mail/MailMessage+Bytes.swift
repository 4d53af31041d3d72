import FoundationEssentials
import Tenancy

extension MailMessage {
    /// The mail as it goes over the wire (RFC 5322 with MIME): ASCII, CRLF at the end of each line. The same message has the same bytes.
    package var bytes: [UInt8] {
        var head = HeaderText.line("Date", MailDate.text(date))
        head += HeaderText.line("From", HeaderText.mailbox(sender))
        head += HeaderText.line("To", HeaderText.mailbox(recipient))
        if let replyTo = options.replyTo { head += HeaderText.line("Reply-To", HeaderText.mailbox(replyTo)) }
        head += HeaderText.line("Subject", HeaderText.unstructured(subject))
        head += HeaderText.line("Message-ID", id.description)
        if options.isAutomatic { head += HeaderText.line("Auto-Submitted", "auto-generated") }
        if let unsubscribe = options.unsubscribe {
            head += HeaderText.line("List-Unsubscribe", "<\(unsubscribe)>")
            head += HeaderText.line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
        }
        head += HeaderText.line("MIME-Version", "1.0")
        guard let html else { return Array(head.utf8) + MailPart(type: "text/plain", text: text).bytes }
        // The last part is the one that is preferred (RFC 2046, 5.1.4).
        var output = Array((head + HeaderText.line("Content-Type", ["multipart/alternative;", "boundary=\"\(Self.boundary)\""]) + "\r\n").utf8)
        for part in [MailPart(type: "text/plain", text: text), MailPart(type: "text/html", text: html)] {
            output += "--\(Self.boundary)\r\n".utf8
            // The line break in front of the mark belongs to the mark (RFC 2046, 5.1.1).
            output += part.bytes + [0x0D, 0x0A]
        }
        output += "--\(Self.boundary)--\r\n".utf8
        return output
    }

    /// No line of an encoded part can be this: quoted-printable never has `=_`, and Base64 no `_` (RFC 2045, 6.7).
    static let boundary = "=_alternative_="
}

/// One part with its headers.
private struct MailPart {
    let type: String
    let text: String

    /// In the encoding that is shorter: readable for texts in most of our languages, Base64 for the others.
    var bytes: [UInt8] {
        let lines = lines
        let quoted = QuotedPrintable.encode(lines)
        let encoded = Data(lines.flatMap { $0 + [0x0D, 0x0A] }).base64EncodedData(
            options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
        let isQuoted = quoted.count <= encoded.count
        let head =
            HeaderText.line("Content-Type", "\(type); charset=utf-8")
            + HeaderText.line("Content-Transfer-Encoding", isQuoted ? "quoted-printable" : "base64") + "\r\n"
        return Array(head.utf8) + (isQuoted ? quoted : encoded + [0x0D, 0x0A])
    }

    /// Without their ends. A last line without any is a line, too.
    private var lines: [ArraySlice<UInt8>] {
        let bytes = Array(text.utf8)
        var lines: [ArraySlice<UInt8>] = []
        var (start, index) = (0, 0)
        while index < bytes.count {
            let isPair = bytes[index] == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
            if bytes[index] == 0x0A || bytes[index] == 0x0D {
                lines.append(bytes[start..<index])
                start = index + (isPair ? 2 : 1)
            }
            index += isPair ? 2 : 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }
}

/// `Tue, 24 Nov 2026 04:02:25 +0000` (RFC 5322, 3.3).
enum MailDate {
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ instant: Instant) -> String {
        let time = instant.local(offset: 0)
        let date = time.date
        return "\(days[date.weekday.rawValue - 1]), \(date.day) \(months[date.month - 1]) \(padded(date.year, 4)) "
            + "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2)) +0000"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
