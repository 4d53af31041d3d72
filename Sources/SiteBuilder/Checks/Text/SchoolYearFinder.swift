import Tenancy

/// Finds school years in running text: `2025–26`, `2025-2026`, `2025/26`.
enum SchoolYearFinder {
    struct Found: Sendable, Equatable {
        let range: Range<Int>
        let year: SchoolYear
    }

    static func years(in text: CheckedText, _ range: Range<Int>) -> [Found] {
        guard text.hasDigit(in: range) else { return [] }
        let tokens = text.tokens(in: range)
        var found: [Found] = []
        for index in tokens.indices.dropLast(2) {
            guard let first = tokens[index].number, tokens[index].range.count == 4, (1990...2100).contains(first),
                tokens[index + 1].isSign("-", "–", "—", "/"),
                let second = tokens[index + 2].number, isNext(second, digits: tokens[index + 2].range.count, after: first),
                !isPartOfMore(tokens, index), tokens[index + 2].range.lowerBound - tokens[index].range.upperBound <= 3
            else { continue }
            found.append(Found(range: tokens[index].range.lowerBound..<tokens[index + 2].range.upperBound, year: SchoolYear(firstYear: first)))
        }
        return found
    }

    private static func isNext(_ second: Int, digits: Int, after first: Int) -> Bool {
        digits == 4 ? second == first + 1 : digits == 2 && second == (first + 1) % 100
    }

    /// `2011-12-05` is a day and `14-2011-12` a number of something.
    private static func isPartOfMore(_ tokens: [TextToken], _ index: Int) -> Bool {
        let touchesBefore =
            index > 0 && tokens[index - 1].range.upperBound == tokens[index].range.lowerBound && tokens[index - 1].isSign("-", "/", ".")
        let last = index + 2
        let touchesAfter =
            last + 2 < tokens.count && tokens[last + 1].isSign("-", "/") && tokens[last + 2].number != nil
            && tokens[last + 1].range.lowerBound == tokens[last].range.upperBound
            && tokens[last + 2].range.lowerBound == tokens[last + 1].range.upperBound
        return touchesBefore || touchesAfter
    }
}
