import Tenancy

/// Finds a child's full name beside a grade: `Maria Lopez, grade 3`, `third grader Maria Lopez`, `María López, de tercer grado`.
///
/// A name with an initial, such as `Maria L., grade 3`, is what the advice asks for and so is no finding; neither is a teacher of a grade.
enum StudentNameFinder {
    static func names(in text: CheckedText, _ range: Range<Int>) -> [Range<Int>] {
        let tokens = text.tokens(in: range)
        var names: [Range<Int>] = []
        var index = 0
        while index < tokens.count {
            guard let end = name(tokens, index) else {
                index += 1
                continue
            }
            if !isOfAdult(tokens, index, end), followsGrade(tokens, index) || gradeFollows(tokens, end) {
                names.append(tokens[index].range.lowerBound..<tokens[end - 1].range.upperBound)
            }
            index = end
        }
        return names
    }

    /// Whether a heading or title announces grown-ups, such as “Teachers” or “Room parents by grade”.
    static func announcesAdults(_ tokens: [TextToken]) -> Bool {
        tokens.contains { adults.contains($0.text) }
    }

    // MARK: Names

    /// The end of two to four words with capitals that may be a first and a last name; nil when none begins here.
    private static func name(_ tokens: [TextToken], _ start: Int) -> Int? {
        var index = start
        var words = 0
        while words < 4, let end = nameWord(tokens, index) {
            words += 1
            index = end
            // `Maria A. Lopez`
            if isInitial(tokens, index), nameWord(tokens, index + 2) != nil { index += 2 }
        }
        guard words >= 2 else { return nil }
        let parts = tokens[start..<index].filter(\.isWord).map(\.text)
        return parts.contains { notNames.contains($0) || graders.contains($0) } ? nil : index
    }

    /// The end of one word of a name: `Maria`, `Lopez-Garcia`, `O'Brien`.
    private static func nameWord(_ tokens: [TextToken], _ start: Int) -> Int? {
        guard start < tokens.count, tokens[start].isWord, tokens[start].isCapitalized else { return nil }
        var end = start + 1
        while end + 1 < tokens.count, tokens[end].isSign("-", "'"), touches(tokens, end), touches(tokens, end + 1), tokens[end + 1].isCapitalized {
            end += 2
        }
        return end > start + 1 || tokens[start].range.count > 1 ? end : nil
    }

    private static func isInitial(_ tokens: [TextToken], _ index: Int) -> Bool {
        index + 1 < tokens.count && tokens[index].isCapitalized && tokens[index].range.count == 1 && tokens[index + 1].isSign(".")
    }

    private static func touches(_ tokens: [TextToken], _ index: Int) -> Bool { tokens[index].range.lowerBound == tokens[index - 1].range.upperBound }

    private static func isOfAdult(_ tokens: [TextToken], _ start: Int, _ end: Int) -> Bool {
        let before = tokens[max(0, start - 2)..<start].map(\.text)
        if before.contains(where: { honorifics.contains($0) }) || honorifics.contains(tokens[start].text) { return true }
        return tokens[end..<min(end + 9, tokens.count)].prefix { !$0.isSign(";", ")", "•") }.contains { adults.contains($0.text) }
    }

    // MARK: Grades

    /// `third grader Maria Lopez`, `kindergartner Maria Lopez`
    private static func followsGrade(_ tokens: [TextToken], _ start: Int) -> Bool {
        var index = start - 1
        if index >= 0, tokens[index].isSign(",") { index -= 1 }
        guard index >= 0 else { return false }
        if tokens[index].text == "grader" { return index >= 1 }
        if graders.contains(tokens[index].text) { return true }
        guard tokens[index].text == "student", index >= 2 else { return false }
        // `3rd grade student Maria Lopez`
        return tokens[index - 1].text == "grade" && isOrdinal(tokens, endingAt: index - 2)
    }

    /// `, grade 3`, `(3rd grade)`, `, a third grader`, `, de tercer grado`
    private static func gradeFollows(_ tokens: [TextToken], _ end: Int) -> Bool {
        var index = end
        var separated = false
        if index < tokens.count, tokens[index].isSign(",", "(", "–", "—", "-", ":") {
            index += 1
            separated = true
        }
        var article = false
        while index < tokens.count,
            ["a", "an", "our", "from", "in", "of", "is", "de", "del", "una", "un", "en", "alumna", "alumno", "estudiante", "who", "student"].contains(
                tokens[index].text)
        {
            article = true
            index += 1
        }
        guard separated || article, index < tokens.count else { return false }
        let word = tokens[index].text
        if ["kindergartner", "kindergartener", "kindergarten", "kínder", "kinder"].contains(word) { return true }
        if article, separated, graders.contains(word) { return true }
        let next = index + 1 < tokens.count ? tokens[index + 1] : nil
        if word == "grade" || word == "gr" || word == "grado" {
            guard let next else { return false }
            return next.number.map { $0 <= 12 } ?? (next.text == "k" || numberWords.contains(next.text) || next.isSign("."))
        }
        let after = afterOrdinal(tokens, index)
        return after.map { $0 < tokens.count && ["grade", "grader", "grado"].contains(tokens[$0].text) } ?? false
    }

    /// The index after `3rd`, `third`, `3.º`, `tercer` and a hyphen; nil when there is no such thing.
    private static func afterOrdinal(_ tokens: [TextToken], _ index: Int) -> Int? {
        var place = index
        if let number = tokens[index].number, (1...12).contains(number) {
            place += 1
            while place < tokens.count, touches(tokens, place),
                tokens[place].isSign(".", "º", "°") || ["st", "nd", "rd", "th", "er", "ero", "o", "do", "to"].contains(tokens[place].text)
            {
                place += 1
            }
        } else if ordinals.contains(tokens[index].text) {
            place += 1
        } else {
            return nil
        }
        if place < tokens.count, tokens[place].isSign("-") { place += 1 }
        return place
    }

    private static func isOrdinal(_ tokens: [TextToken], endingAt index: Int) -> Bool {
        ordinals.contains(tokens[index].text) || ["st", "nd", "rd", "th"].contains(tokens[index].text)
    }

    /// What a child is called by the grade.
    private static let graders: Set<String> = ["grader", "kindergartner", "kindergartener", "freshman", "sophomore"]
    private static let ordinals: Set<String> = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "primer", "primero",
        "segundo", "tercer", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo",
    ]
    private static let numberWords: Set<String> = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "uno", "dos", "tres", "cuatro", "cinco",
        "seis",
    ]
    private static let honorifics: Set<String> = [
        "mr", "mrs", "ms", "mx", "miss", "dr", "principal", "coach", "teacher", "professor", "señor", "señora", "sr", "sra", "srta", "maestra",
        "maestro", "director", "directora", "sister", "pastor", "officer", "mayor", "superintendent",
    ]
    private static let adults: Set<String> = [
        "teacher", "teachers", "parent", "parents", "room", "team", "classroom", "classrooms", "rep", "representative", "chair", "docent", "lead",
        "level", "coordinator", "counselor", "aide", "mom", "dad", "mother", "father", "grandmother", "grandfather", "staff", "liaison", "volunteer",
        "maestra", "maestro", "profesora", "profesor", "mamá", "papá", "faculty", "directory", "docents", "coordinators", "reps", "representatives",
        "chairs", "leads", "aides", "counselors", "volunteers", "maestros", "maestras", "profesores", "personal", "taught", "teaches", "class",
        "classes", "committee", "hall",
    ]
    /// Words with capitals that are no part of a child's name: places, events, days, the first words of sentences.
    private static let notNames: Set<String> = [
        "elementary", "school", "middle", "high", "academy", "pta", "ptsa", "district", "county", "city", "street", "avenue", "room", "library",
        "gym", "field", "park", "center", "hall", "night", "day", "week", "month", "year", "fair", "festival", "carnival", "concert", "show",
        "contest", "program", "project", "club", "team", "committee", "board", "meeting", "party", "picnic", "workshop", "class", "grade", "grades",
        "kindergarten", "reading", "math", "science", "art", "arts", "music", "book", "books", "literature", "visual", "photography", "film", "dance",
        "choreography", "composition", "production", "division", "primary", "intermediate", "reflections", "field", "trip", "spring", "summer",
        "fall", "winter", "welcome", "congratulations", "thank", "thanks", "dear", "the", "our", "all", "for", "and", "new", "first", "second",
        "third", "fourth", "fifth", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
        "april", "june", "july", "august", "september", "october", "november", "december", "award", "awards", "winner", "winners", "state",
        "national", "washington", "choir", "band", "orchestra", "garden", "lunch", "recess", "homework", "supply", "supplies", "list", "schedule",
        "calendar", "form", "schoolwide", "escuela", "primaria", "feria", "noche", "día", "fiesta", "comité", "mesa", "huerto", "biblioteca",
        "honorable", "mention", "outstanding", "merit", "excellence", "place", "outdoor", "education", "camp",
    ]
}
