import Tenancy

/// Finds the homes of private persons: words such as “at our house” beside a street and number.
enum HomeAddressFinder {
    private static let homes = Phrases([
        "en": [
            "our house", "our home", "my house", "my home", "her house", "her home", "his house", "his home", "their house", "their home", "'s house",
            "'s home", "s' house", "s' home", "family home", "family residence", "private home", "private residence", "residence of", "'s residence",
            "'s backyard", "our backyard", "'s place", "'s living room",
        ],
        "es": ["nuestra casa", "mi casa", "su casa", "casa de la familia", "en casa de", "en la casa de", "domicilio de", "hogar de la familia"],
        "zh-Hans": ["我家", "我们家", "家中", "的家"],
        "vi": ["nhà của", "tại nhà", "nhà chúng tôi", "tư gia"],
        "ko": ["우리 집", "저희 집", "댁에서", "자택", "집에서"],
        "ru": ["у нас дома", "в доме у", "в нашем доме", "на квартире", "дома у"],
        "ar": ["منزلنا", "بيتنا", "منزل عائلة", "بيت عائلة", "منزل السيد"],
        "fr": ["chez nous", "chez moi", "notre maison", "ma maison", "maison de la famille", "domicile de", "au domicile"],
    ])

    private static let streetTypes: Set<String> = [
        "street", "st", "avenue", "ave", "av", "road", "rd", "drive", "dr", "lane", "ln", "court", "ct", "boulevard", "blvd", "way", "place", "pl",
        "circle", "cir", "terrace", "ter", "trail", "trl", "parkway", "pkwy", "loop", "crescent",
    ]
    private static let streetStarts: Set<String> = ["calle", "avenida", "camino", "paseo", "via", "rue", "chemin"]

    /// The street of somebody's home, in the sentence `range`.
    static func address(in text: CheckedText, _ range: Range<Int>, _ language: Language) -> Range<Int>? {
        guard let street = street(in: text, range), isHome(text, range, language) else { return nil }
        return street
    }

    /// Whether the words are those of a home.
    static func isHome(_ text: CheckedText, _ range: Range<Int>, _ language: Language) -> Bool {
        homes.contains(text, range, language) || homes.contains(text, range, .english) || namesHome(text, range)
    }

    /// `12 Oak Street`, `1200 NE 45th St`, `200 Calle del Sol`
    static func street(in text: CheckedText, _ range: Range<Int>) -> Range<Int>? {
        guard text.hasDigit(in: range) else { return nil }
        let tokens = text.tokens(in: range)
        for index in tokens.indices {
            guard let number = tokens[index].number, number > 0, tokens[index].range.count <= 5, index + 1 < tokens.count else { continue }
            if streetStarts.contains(tokens[index + 1].text), index + 2 < tokens.count, tokens[index + 2].isWord {
                return tokens[index].range.lowerBound..<tokens[index + 2].range.upperBound
            }
            var place = index + 1
            var words = 0
            while place < tokens.count, words < 5, isStreetWord(tokens[place]) {
                if words > 0, streetTypes.contains(tokens[place].text) { return tokens[index].range.lowerBound..<tokens[place].range.upperBound }
                words += 1
                place += 1
            }
        }
        return nil
    }

    private static func isStreetWord(_ token: TextToken) -> Bool {
        token.isCapitalized || token.isSign(".") || (token.number ?? 1000) < 1000 || ["st", "nd", "rd", "th", "de", "del", "la"].contains(token.text)
    }

    /// `the home of Maria Lopez` and `home of the Lopez family`, but not “home of the Lions”. `the Lopez home`, but not “Lincoln Home”.
    private static func namesHome(_ text: CheckedText, _ range: Range<Int>) -> Bool {
        let tokens = text.tokens(in: range)
        for index in tokens.indices
        where ["home", "house", "residence"].contains(tokens[index].text) && index + 2 < tokens.count && tokens[index + 1].text == "of" {
            if tokens[index + 2].text != "the", tokens[index + 2].isCapitalized { return true }
            if index + 4 < tokens.count, tokens[index + 3].isCapitalized, tokens[index + 4].text == "family" { return true }
        }
        for index in tokens.indices.dropFirst(2) where ["home", "residence"].contains(tokens[index].text) && !tokens[index].isCapitalized {
            if tokens[index - 1].isCapitalized, tokens[index - 2].text == "the" { return true }
        }
        return false
    }
}
