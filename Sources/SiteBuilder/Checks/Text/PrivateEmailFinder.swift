/// Finds addresses of mailboxes that belong to a person and not to the association.
struct PrivateEmailFinder: Sendable {
    /// The first label of the domains at which anybody gets a mailbox: `yahoo` for yahoo.com and yahoo.es.
    private static let families: Set<Substring> = [
        "gmail", "googlemail", "yahoo", "ymail", "hotmail", "outlook", "live", "msn", "icloud", "aol", "gmx",
    ]
    private static let domains: Set<String> = [
        "me.com", "mac.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "charter.net", "cox.net", "bellsouth.net", "earthlink.net",
        "rocketmail.com", "protonmail.com", "proton.me", "mail.com", "zoho.com", "qq.com", "163.com", "126.com", "sina.com", "foxmail.com",
        "naver.com", "hanmail.net", "daum.net", "mail.ru", "yandex.ru", "yandex.com", "rambler.ru", "orange.fr", "laposte.net", "free.fr",
    ]
    /// A mailbox with such a name is the association's, wherever it is kept.
    private static let organizations = ["pta", "ptsa", "ptso", "pto", "school", "elementary", "booster", "escuela"]

    /// The site's slug, which often is the name of the association's mailbox.
    let slug: String

    func addresses(in text: CheckedText, _ range: Range<Int>) -> [(range: Range<Int>, address: String)] {
        var found: [(Range<Int>, String)] = []
        for index in range where text.folded[index] == "@" {
            var start = index
            while start > range.lowerBound, isPart(text.folded[start - 1]) { start -= 1 }
            var end = index + 1
            while end < range.upperBound, isPart(text.folded[end]) { end += 1 }
            while end > index + 1, text.folded[end - 1] == "." { end -= 1 }
            let address = String(String.UnicodeScalarView(text.folded[start..<end]))
            if isPrivate(address) { found.append((start..<end, address)) }
        }
        return found
    }

    func isPrivate(_ address: String) -> Bool {
        let parts = address.lowercased().split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let family = parts[1].split(separator: ".").first, parts[1].contains(".") else { return false }
        let isFamily = Self.families.contains(family) && parts[1].split(separator: ".").count <= 3
        guard isFamily || Self.domains.contains(String(parts[1])) else { return false }
        return !Self.organizations.contains { parts[0].contains($0) } && (slug.count < 3 || !parts[0].contains(slug.lowercased()))
    }

    private func isPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || [".", "-", "_", "+", "%"].contains(scalar))
    }
}
