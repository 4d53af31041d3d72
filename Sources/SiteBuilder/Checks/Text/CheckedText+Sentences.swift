extension CheckedText {
    /// The sentences of a block. A table row and a heading are one each: their parts belong together.
    func sentences(of block: Block) -> [Range<Int>] {
        guard block.kind == .paragraph else { return [block.range] }
        var sentences: [Range<Int>] = []
        var start = block.range.lowerBound
        for index in block.range where endsSentence(index, in: block.range) {
            sentences.append(start..<(index + 1))
            start = index + 1
        }
        if start < block.range.upperBound { sentences.append(start..<block.range.upperBound) }
        return sentences
    }

    private func endsSentence(_ index: Int, in range: Range<Int>) -> Bool {
        switch scalars[index] {
        case "。", "！", "？": return true
        case ".", "!", "?", "؟", "…", ";": break
        default: return false
        }
        var next = index + 1
        while next < range.upperBound, Self.closings.contains(scalars[next]) { next += 1 }
        guard next < range.upperBound else { return true }
        guard scalars[next].properties.isWhitespace else { return false }
        while next < range.upperBound, scalars[next].properties.isWhitespace { next += 1 }
        guard next < range.upperBound, scalars[index] == "." else { return true }
        return !scalars[next].properties.isLowercase && !isAbbreviation(endingAt: index, in: range)
    }

    private func isAbbreviation(endingAt index: Int, in range: Range<Int>) -> Bool {
        var start = index
        while start > range.lowerBound, folded[start - 1].properties.isAlphabetic { start -= 1 }
        if index - start == 1 {
            // `6 p.m.` may end a sentence; the initial of a name doesn't.
            return !(folded[start] == "m" && start > range.lowerBound && folded[start - 1] == ".")
        }
        return Self.abbreviations.contains(String(String.UnicodeScalarView(folded[start..<index])))
    }

    private static let closings: Set<Unicode.Scalar> = ["\"", "'", "”", "’", ")", "»"]

    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "sr", "sra", "srta", "st", "ave", "blvd", "rd", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
        "oct", "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "no", "vs", "ext", "approx", "janv", "févr",
        "juil", "déc",
    ]
}
