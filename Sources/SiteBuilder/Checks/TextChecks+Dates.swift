import Tenancy

extension TextChecks {
    /// Days that have passed in sentences that speak of them as coming.
    ///
    /// A sentence that also names a day to come, or speaks of the past, is left alone.
    func passedDates(in text: CheckedText, _ reference: DateInText.Reference) -> [Finding] {
        var findings: [Finding] = []
        for block in text.blocks {
            let isUnderComing = block.heading.map { TimeWords.comingHeadings.contains(text, text.blocks[$0].range, language) } ?? false
            var previous: Range<Int>?
            for sentence in text.sentences(of: block) {
                let before = previous
                previous = sentence
                let dates = finder.dates(in: text, sentence)
                let days = dates.compactMap { $0.date(reference, today: today) }
                guard let first = dates.first, let day = days.first, days.count == dates.count, days.allSatisfy({ $0 < today }) else { continue }
                let word = comingWord(in: text, sentence) ?? before.flatMap { isCall($0, in: text) ? comingWord(in: text, $0) : nil }
                guard word != nil || isUnderComing, !TimeWords.past.contains(text, sentence, language) else { continue }
                if dates.contains(where: { $0.year == nil }), TimeWords.recurring.contains(text, sentence, language) { continue }
                findings.append(passed(first, day, word, in: text))
            }
        }
        return findings
    }

    private func passed(_ date: DateInText, _ day: CivilDate, _ word: Range<Int>?, in text: CheckedText) -> Finding {
        let written = text.string(date.range)
        let shown = date.year == nil ? "\(written) (\(day))" : written
        let reason = word.map { "the text says “\(text.string($0))”" } ?? "it stands under a heading about what is coming"
        return Finding(
            .passedDate, path: text.file.path, at: text.mark(of: date.range), "\(shown) has passed, and \(reason)",
            advice: "write what happened, put in the new date, or remove the sentence")
    }

    /// `Mark your calendars!` belongs to what follows.
    private func isCall(_ sentence: Range<Int>, in text: CheckedText) -> Bool {
        sentence.count <= 40 && ["!", "！"].contains(text.scalars[sentence.upperBound - 1])
    }

    private func comingWord(in text: CheckedText, _ sentence: Range<Int>) -> Range<Int>? {
        var start = sentence.lowerBound
        while let word = TimeWords.coming.first(in: text, start..<sentence.upperBound, language) {
            // Will is a name, too.
            let isName = text.scalars[word.lowerBound] == "W" && word.count == 4 && !isFirstWord(word, of: sentence, in: text)
            if !isName { return word }
            start = word.upperBound
        }
        return nil
    }

    private func isFirstWord(_ word: Range<Int>, of sentence: Range<Int>, in text: CheckedText) -> Bool {
        !text.folded[sentence.lowerBound..<word.lowerBound].contains { $0.properties.isAlphabetic }
    }

    // MARK: This Friday

    /// “This Friday” and the like in a text that was written on a known day, long enough ago.
    func relativeDates(in text: CheckedText, written: CivilDate) -> [Finding] {
        guard today.dayNumber - written.dayNumber > 10, let pairs = Self.relativePairs[language.code] else { return [] }
        let words = CalendarWords(language)
        var findings: [Finding] = []
        for block in text.blocks {
            for sentence in text.sentences(of: block) {
                let tokens = text.tokens(in: sentence)
                for index in tokens.indices.dropLast() {
                    let (first, second) = (tokens[index], tokens[index + 1])
                    let isDay = pairs.leading.contains(first.text) && (words.weekday(second) != nil || pairs.nouns.contains(second.text))
                    let isTrailing = pairs.trailing.contains(second.text) && words.weekday(first) != nil
                    guard isDay || isTrailing, !isQuoted(first, in: text), !hasDate(text, sentence),
                        !TimeWords.recurring.contains(text, sentence, language)
                    else { continue }
                    let range = first.range.lowerBound..<second.range.upperBound
                    findings.append(
                        Finding(
                            .relativeDate, path: text.file.path, at: text.mark(of: range),
                            "“\(text.string(range))” was written on \(written) or before",
                            advice: "write the date, such as “Friday, September 4”, or remove the sentence"))
                }
            }
        }
        return findings
    }

    private struct RelativePairs {
        var leading: Set<String> = []
        var trailing: Set<String> = []
        var nouns: Set<String> = []
    }

    private static let relativePairs: [String: RelativePairs] = [
        "en": RelativePairs(leading: ["this", "next", "coming"], nouns: ["weekend"]),
        "es": RelativePairs(leading: ["este", "próximo", "proximo"]),
        "fr": RelativePairs(leading: ["ce"], trailing: ["prochain"]),
    ]

    private func isQuoted(_ token: TextToken, in text: CheckedText) -> Bool {
        token.range.lowerBound > 0 && ["\"", "“", "«", "'", "‘"].contains(text.scalars[token.range.lowerBound - 1])
    }

    /// With its date beside it, “this Friday” is for `passedDates`.
    private func hasDate(_ text: CheckedText, _ sentence: Range<Int>) -> Bool { !finder.dates(in: text, sentence).isEmpty }
}
