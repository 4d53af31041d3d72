import Tenancy

/// Finds phone numbers of the United States and Canada in running text: `(206) 555-0123`, `206.555.0123`, `+1 206 555 0123`.
enum PhoneNumberFinder {
    /// Numbers that are free to call belong to organizations.
    private static let tollFree: Set<Int> = [800, 833, 844, 855, 866, 877, 888]

    /// Words beside the number of an office, a service or a place.
    private static let institutions = Phrases([
        "en": [
            "office", "district", "attendance", "police", "fire department", "hotline", "helpline", "lifeline", "poison", "crisis", "extension",
            "ext", "nurse", "fax", "city of", "county", "clinic", "hospital", "front desk", "reception", "library", "box office", "customer service",
            "city hall",
        ],
        "es": [
            "oficina", "distrito", "asistencia", "policía", "línea de ayuda", "emergencia", "extensión", "enfermería", "fax", "clínica", "hospital",
            "recepción", "biblioteca",
        ],
        "zh-Hans": ["办公室", "学区", "热线", "警察", "医院", "前台"],
        "vi": ["văn phòng", "học khu", "đường dây nóng", "cảnh sát", "bệnh viện"],
        "ko": ["사무실", "교육구", "핫라인", "상담 전화", "경찰", "병원", "교무실", "행정실"],
        "ru": ["офис*", "канцеляри*", "округ*", "горячая линия", "полици*", "больниц*", "приёмн*", "приемн*"],
        "ar": ["مكتب", "المكتب", "المنطقة", "الشرطة", "مستشفى", "الخط الساخن"],
        "fr": [
            "bureau", "secrétariat", "district", "police", "ligne d'écoute", "poste", "infirmerie", "télécopie", "hôpital", "accueil", "bibliothèque",
        ],
    ])

    static func numbers(in text: CheckedText, _ range: Range<Int>, _ language: Language) -> [Range<Int>] {
        guard text.hasDigit(in: range) else { return [] }
        var numbers: [Range<Int>] = []
        let tokens = text.tokens(in: range)
        var index = 0
        while index < tokens.count {
            guard let (area, last) = number(tokens, index), !tollFree.contains(area) else {
                index += 1
                continue
            }
            numbers.append(tokens[index].range.lowerBound..<tokens[last].range.upperBound)
            index = last + 1
        }
        if numbers.isEmpty || institutions.contains(text, range, language) || institutions.contains(text, range, .english) { return [] }
        return numbers
    }

    /// A number as `tel:` links write it, if it may be a person's.
    static func isPersonal(dialled: String) -> Bool {
        var digits = dialled.utf8.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.map { Int($0) - 48 }
        if digits.count == 11, digits.first == 1 { digits.removeFirst() }
        guard digits.count == 10 else { return false }
        return isArea(digits[0] * 100 + digits[1] * 10 + digits[2]) && !tollFree.contains(digits[0] * 100 + digits[1] * 10 + digits[2])
    }

    /// The area code and the index of the last token.
    private static func number(_ tokens: [TextToken], _ start: Int) -> (area: Int, last: Int)? {
        guard isFree(tokens, before: start) else { return nil }
        var index = start
        if tokens[index].isSign("+") { index += 1 }
        if index + 1 < tokens.count, tokens[index].number == 1, tokens[index].range.count == 1 {
            index += 1
            if tokens[index].isSign("-", ".", "–") { index += 1 }
        } else if index != start {
            return nil
        }
        let hasParenthesis = index < tokens.count && tokens[index].isSign("(")
        if hasParenthesis { index += 1 }
        guard let area = number(tokens, index, digits: 3), isArea(area) else { return nil }
        index += 1
        if hasParenthesis {
            guard index < tokens.count, tokens[index].isSign(")") else { return nil }
            index += 1
        }
        index = afterSeparator(tokens, index)
        guard let exchange = number(tokens, index, digits: 3), exchange >= 200 else { return nil }
        index = afterSeparator(tokens, index + 1)
        guard number(tokens, index, digits: 4) != nil else { return nil }
        // Longer rows of digits are account or serial numbers.
        let isLonger =
            index + 2 < tokens.count && tokens[index + 1].isSign("-", ".") && tokens[index + 2].number != nil
            && tokens[index + 1].range.lowerBound == tokens[index].range.upperBound
            && tokens[index + 2].range.lowerBound == tokens[index + 1].range.upperBound
        let span = tokens[index].range.upperBound - tokens[start].range.lowerBound
        return isLonger || span > 22 ? nil : (area, index)
    }

    private static func isArea(_ area: Int) -> Bool { (200...999).contains(area) }

    private static func number(_ tokens: [TextToken], _ index: Int, digits: Int) -> Int? {
        guard index < tokens.count, tokens[index].range.count == digits else { return nil }
        return tokens[index].number
    }

    private static func afterSeparator(_ tokens: [TextToken], _ index: Int) -> Int {
        index < tokens.count && tokens[index].isSign("-", ".", "–", "/", "·") ? index + 1 : index
    }

    /// Whether no digit or hyphen touches what begins here.
    private static func isFree(_ tokens: [TextToken], before index: Int) -> Bool {
        guard index > 0, tokens[index - 1].range.upperBound == tokens[index].range.lowerBound else { return true }
        return !tokens[index - 1].isSign("-", "/", "#", "$", "(", "+") && tokens[index - 1].number == nil && !tokens[index - 1].isWord
    }
}
