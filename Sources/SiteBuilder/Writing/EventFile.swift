package import Tenancy

/// An event as a file of `events/`, in the form that the starter's have.
package struct EventFile: Sendable, Hashable {
    package var title: String
    /// In the site's own time zone.
    package var start: CivilDateTime
    package var end: CivilDateTime?
    /// Then `start` and `end` are its first and its last day.
    package var isAllDay = false
    package var location: String?
    package var recurrence: Recurrence?
    package var excluded: [CivilDate] = []
    package var status = EventStatus.confirmed
    package var category: String?
    /// Plain text: it stands on the page as it was typed.
    package var text = ""

    package init(title: String, start: CivilDateTime) {
        self.title = title
        self.start = start
    }

    package var bytes: [UInt8] {
        var lines = ["---", "title: \(quoted(title))"]
        lines.append("start: \(isAllDay ? "\(start.date)" : "\(start)")")
        if let end { lines.append("end: \(isAllDay ? "\(end.date)" : "\(end)")") }
        if isAllDay { lines.append("all_day: true") }
        if let location, !location.isEmpty { lines.append("location: \(quoted(location))") }
        if let category { lines.append("category: \(quoted(category))") }
        if let recurrence { lines.append("rrule: \(quoted(recurrence.description))") }
        if !excluded.isEmpty { lines.append("exdate: [\(excluded.map { "\"\($0)\"" }.joined(separator: ", "))]") }
        if status != .confirmed { lines.append("status: \(status.rawValue)") }
        lines.append("---")
        let body = PlainText.markdown(text)
        return Array((lines.joined(separator: "\n") + "\n" + (body.isEmpty ? "" : body + "\n")).utf8)
    }

    /// The name of a file for a title, without folder and ending: `book-fair`.
    package static func name(for title: String, adding part: String) -> String {
        var name = PathSegment.make(title.lowercased())
        while name.utf8.count > 60 { name.removeLast() }
        while name.hasSuffix("-") || name.hasSuffix(".") { name.removeLast() }
        return (name.isEmpty ? "event" : name) + "-" + part
    }

    private func quoted(_ text: String) -> String { JSONValue.text(text).string }
}

/// Text without markup, as Markdown that shows it like that.
enum PlainText {
    static func markdown(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line($0) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private static func line(_ line: Substring) -> String {
        // What is indented would be code, and white space at the end a break.
        let words = line.split(whereSeparator: \.isWhitespace).map { word in
            isAddress(word) ? "<\(word)>" : escaped(word)
        }
        guard var first = words.first else { return "" }
        if first.hasPrefix("-") || first.hasPrefix("+") || first.hasPrefix("=") { first = "\\" + first }
        let digits = first.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, let sign = first.dropFirst(digits.count).first, sign == "." || sign == ")" {
            first = digits + "\\" + first.dropFirst(digits.count)
        }
        return ([first] + words.dropFirst()).joined(separator: " ")
    }

    private static func isAddress(_ word: Substring) -> Bool {
        (word.hasPrefix("https://") || word.hasPrefix("http://")) && !word.contains { "<>\\`".contains($0) }
    }

    private static func escaped(_ word: Substring) -> String {
        var result = ""
        for character in word {
            if "\\`*_[]<>#&|~".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
