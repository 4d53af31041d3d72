/// How characters are spelled in the search index: small letters without accents, so that a reader finds "Reunión" by typing "reunion".
///
/// `Templates/site/search.js` has the same rules (`fold` there); Tests/SiteBuilderTests/Fixtures/search_vectors.json holds both to them.
/// The rules, in words:
/// - Case and canonical accents go: é→e, ñ→n, ё→е, ї→і, all Vietnamese tone marks. Only й stays apart from и, as every reader of Russian
///   expects. Hangul syllables and voiced kana stay whole, also when the text holds them in parts.
/// - đ→d, ø→o, ł→l, ı→i, ς→σ, æ→ae, œ→oe, ß→ss, which canonical decomposition leaves alone.
/// - Arabic: vowel signs and tatweel go; آأإٱ→ا, ى and ی→ي, ة→ه, ک→ك, ؤ→و, ئ→ي.
/// - Arabic-Indic digits and full-width Latin become ASCII.
/// - Marks and invisible formatting characters up to U+07FF, in U+2000–20FF and U+FE00–FEFF go; marks of Indic scripts stay.
/// - All that is no letter, mark or digit separates words.
struct SearchFolding: Sendable {
    enum Spelling {
        /// Dropped, without ending the word.
        case ignored
        case separator
        /// Part of a word.
        case letter(UInt32)
        /// Two ASCII letters for one character, as in "œ".
        case letters(UInt8, UInt8)
        /// Part of a run without spaces, which is cut into pairs of characters.
        case dense(UInt32)
    }

    static let shared = SearchFolding()

    private static let firstLow: UInt32 = 0x0080
    private static let endLow: UInt32 = 0x0700
    private static let firstHigh: UInt32 = 0x1E00
    private static let endHigh: UInt32 = 0x2000
    /// Spellings of U+0080–U+06FF and U+1E00–U+1FFF, written as in `rows`.
    private var low: [UInt16]
    private var high: [UInt16]

    private init() {
        low = (Self.firstLow..<Self.endLow).map { scalar in
            switch Self.untabled(scalar) {
            case .ignored: 0x2D
            case .letter(let letter): UInt16(truncatingIfNeeded: letter)
            case .separator, .letters, .dense: 0x20
            }
        }
        high = Array(repeating: 0x20, count: Int(Self.endHigh - Self.firstHigh))
        for (first, spellings) in Self.rows {
            for (column, spelling) in spellings.unicodeScalars.enumerated() {
                let value = UInt16(truncatingIfNeeded: spelling.value)
                if first >= Self.firstHigh {
                    high[Int(first - Self.firstHigh) + column] = value
                } else {
                    low[Int(first - Self.firstLow) + column] = value
                }
            }
        }
    }

    /// What becomes of a character that is not ASCII.
    func fold(_ scalar: UInt32) -> Spelling {
        if let spelling = tabled(scalar) { return spelling }
        if Self.isPlainDense(scalar) { return .dense(scalar) }
        let spelling = Self.untabled(scalar)
        // Some capitals have their small letter in the tables: Å the unit, for one.
        if case .letter(let small) = spelling, small != scalar { return tabled(small) ?? spelling }
        return spelling
    }

    private func tabled(_ scalar: UInt32) -> Spelling? {
        let spelling: UInt16
        if scalar >= Self.firstLow && scalar < Self.endLow {
            spelling = low[Int(scalar - Self.firstLow)]
        } else if scalar >= Self.firstHigh && scalar < Self.endHigh {
            spelling = high[Int(scalar - Self.firstHigh)]
        } else {
            return nil
        }
        return switch spelling {
        case 0x2D: .ignored
        case 0x20: .separator
        case 0xE6: .letters(0x61, 0x65)  // æ
        case 0x153: .letters(0x6F, 0x65)  // œ
        case 0xDF: .letters(0x73, 0x73)  // ß
        default: .letter(UInt32(spelling))
        }
    }

    /// Kana, Han and Hangul that stay as they are, without a look at the Unicode tables.
    private static func isPlainDense(_ scalar: UInt32) -> Bool {
        (0x4E00..<0x9FFD).contains(scalar) || (0xAC00...0xD7A3).contains(scalar) || (0x3041...0x3096).contains(scalar)
            || (0x30A1...0x30FA).contains(scalar)
    }

    /// Whether the script has no spaces between words (Thai, Lao, Burmese, Khmer, kana, Han) or particles at their ends (Hangul).
    private static func isDense(_ scalar: UInt32) -> Bool {
        (0x3005...0x9FFF).contains(scalar) || (0xAC00...0xFAFF).contains(scalar) || (0x0E00...0x0EFF).contains(scalar)
            || (0x1000...0x109F).contains(scalar) || (0x1780...0x17FF).contains(scalar) || (0x20000...0x3FFFF).contains(scalar)
    }

    /// The spelling by the Unicode tables of the standard library, which take no accents away.
    private static func untabled(_ scalar: UInt32) -> Spelling {
        switch scalar {
        case 0x0660...0x0669, 0x06F0...0x06F9: return .letter(0x30 + (scalar & 15))
        case 0x0622, 0x0623, 0x0625, 0x0671: return .letter(0x0627)
        case 0x0626, 0x0649, 0x06CC: return .letter(0x064A)
        case 0x0624: return .letter(0x0648)
        case 0x0629: return .letter(0x0647)
        case 0x06A9: return .letter(0x0643)
        case 0x06C0: return .letter(0x06D5)
        case 0x06C2: return .letter(0x06C1)
        case 0x06D3: return .letter(0x06D2)
        case 0xFF01...0xFF5E: return foldASCII(UInt8(truncatingIfNeeded: scalar - 0xFEE0))
        default: break
        }
        guard let properties = Unicode.Scalar(scalar)?.properties else { return .separator }
        let category = properties.generalCategory
        if isIgnored(scalar, category) { return .ignored }
        switch category {
        case .uppercaseLetter, .titlecaseLetter, .lowercaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .enclosingMark,
            .decimalNumber, .letterNumber, .otherNumber:
            break
        default:
            // Ⓐ and its like are symbols; their small forms are symbols too.
            return .separator
        }
        if isDense(scalar) { return .dense(scalar) }
        guard properties.changesWhenLowercased, let small = properties.lowercaseMapping.unicodeScalars.first?.value, small != scalar else {
            return .letter(scalar)
        }
        return .letter(small)
    }

    private static func foldASCII(_ byte: UInt8) -> Spelling {
        switch byte {
        case 0x30...0x39, 0x61...0x7A: .letter(UInt32(byte))
        case 0x41...0x5A: .letter(UInt32(byte | 0x20))
        default: .separator
        }
    }

    private static func isIgnored(_ scalar: UInt32, _ category: Unicode.GeneralCategory) -> Bool {
        guard scalar <= 0x07FF || (0x2000...0x20FF).contains(scalar) || (0xFE00...0xFEFF).contains(scalar) || scalar == 0x3099 || scalar == 0x309A
        else { return false }
        switch category {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format: return true
        default: return scalar == 0x0640
        }
    }

    /// Spellings by rows of 16 characters: "-" is ignored, a space separates; æ, œ and ß are spelled with two letters.
    private static let rows: [(first: UInt32, spellings: String)] = [
        (0x00C0, "aaaaaaæceeeeiiii"),
        (0x00D0, "ðnooooo ouuuuyþß"),
        (0x00E0, "aaaaaaæceeeeiiii"),
        (0x00F0, "ðnooooo ouuuuyþy"),
        (0x0100, "aaaaaaccccccccdd"),
        (0x0110, "ddeeeeeeeeeegggg"),
        (0x0120, "gggghhħħiiiiiiii"),
        (0x0130, "iiĳĳjjkkĸllllllŀ"),
        (0x0140, "ŀllnnnnnnŉŋŋoooo"),
        (0x0150, "ooœœrrrrrrssssss"),
        (0x0160, "ssttttŧŧuuuuuuuu"),
        (0x0170, "uuuuwwyyyzzzzzzſ"),
        (0x0180, "ƀɓƃƃƅƅɔƈƈɖɗƌƌƍǝə"),
        (0x0190, "ɛƒƒɠɣƕɩɨƙƙƚƛɯɲƞɵ"),
        (0x01A0, "ooƣƣƥƥʀƨƨʃƪƫƭƭʈu"),
        (0x01B0, "uʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿ"),
        (0x01C0, "ǀǁǂǃǆǆǆǉǉǉǌǌǌaai"),
        (0x01D0, "ioouuuuuuuuuuǝaa"),
        (0x01E0, "aaææǥǥggkkooooʒʒ"),
        (0x01F0, "jǳǳǳggƕƿnnaaææoo"),
        (0x0200, "aaaaeeeeiiiioooo"),
        (0x0210, "rrrruuuussttȝȝhh"),
        (0x0220, "ƞȡȣȣȥȥaaeeoooooo"),
        (0x0230, "ooyyȴȵȶȷȸȹⱥȼȼƚⱦȿ"),
        (0x0240, "ɀɂɂƀʉʌɇɇɉɉɋɋɍɍɏɏ"),
        (0x0370, "ͱͱͳͳʹ ͷͷ  ͺͻͼͽ ϳ"),
        (0x0380, "      α εηι ο υω"),
        (0x0390, "ιαβγδεζηθικλμνξο"),
        (0x03A0, "πρ στυφχψωιυαεηι"),
        (0x03B0, "υαβγδεζηθικλμνξο"),
        (0x03C0, "πρσστυφχψωιυουωϗ"),
        (0x03D0, "ϐϑϒϒϒϕϖϗϙϙϛϛϝϝϟϟ"),
        (0x03E0, "ϡϡϣϣϥϥϧϧϩϩϫϫϭϭϯϯ"),
        (0x03F0, "ϰϱϲϳθϵ ϸϸϲϻϻϼͻͼͽ"),
        (0x0400, "ееђгєѕііјљњћкиуџ"),
        (0x0410, "абвгдежзийклмноп"),
        (0x0420, "рстуфхцчшщъыьэюя"),
        (0x0430, "абвгдежзийклмноп"),
        (0x0440, "рстуфхцчшщъыьэюя"),
        (0x0450, "ееђгєѕііјљњћкиуџ"),
        (0x0460, "ѡѡѣѣѥѥѧѧѩѩѫѫѭѭѯѯ"),
        (0x0470, "ѱѱѳѳѵѵѵѵѹѹѻѻѽѽѿѿ"),
        (0x0480, "ҁҁ -------ҋҋҍҍҏҏ"),
        (0x0490, "ґґғғҕҕҗҗҙҙққҝҝҟҟ"),
        (0x04A0, "ҡҡңңҥҥҧҧҩҩҫҫҭҭүү"),
        (0x04B0, "ұұҳҳҵҵҷҷҹҹһһҽҽҿҿ"),
        (0x04C0, "ӏжжӄӄӆӆӈӈӊӊӌӌӎӎӏ"),
        (0x04D0, "ааааӕӕееәәәәжжзз"),
        (0x04E0, "ӡӡииииооөөөөээуу"),
        (0x04F0, "ууууччӷӷыыӻӻӽӽӿӿ"),
        (0x0500, "ԁԁԃԃԅԅԇԇԉԉԋԋԍԍԏԏ"),
        (0x0510, "ԑԑԓԓԕԕԗԗԙԙԛԛԝԝԟԟ"),
        (0x0520, "ԡԡԣԣԥԥԧԧԩԩԫԫԭԭԯԯ"),
        (0x1E00, "aabbbbbbccdddddd"),
        (0x1E10, "ddddeeeeeeeeeeff"),
        (0x1E20, "gghhhhhhhhhhiiii"),
        (0x1E30, "kkkkkkllllllllmm"),
        (0x1E40, "mmmmnnnnnnnnoooo"),
        (0x1E50, "oooopppprrrrrrrr"),
        (0x1E60, "sssssssssstttttt"),
        (0x1E70, "ttuuuuuuuuuuvvvv"),
        (0x1E80, "wwwwwwwwwwxxxxyy"),
        (0x1E90, "zzzzzzhtwyẚſẜẝßẟ"),
        (0x1EA0, "aaaaaaaaaaaaaaaa"),
        (0x1EB0, "aaaaaaaaeeeeeeee"),
        (0x1EC0, "eeeeeeeeiiiioooo"),
        (0x1ED0, "oooooooooooooooo"),
        (0x1EE0, "oooouuuuuuuuuuuu"),
        (0x1EF0, "uuyyyyyyyyỻỻỽỽỿỿ"),
        (0x1F00, "αααααααααααααααα"),
        (0x1F10, "εεεεεε  εεεεεε  "),
        (0x1F20, "ηηηηηηηηηηηηηηηη"),
        (0x1F30, "ιιιιιιιιιιιιιιιι"),
        (0x1F40, "οοοοοο  οοοοοο  "),
        (0x1F50, "υυυυυυυυ υ υ υ υ"),
        (0x1F60, "ωωωωωωωωωωωωωωωω"),
        (0x1F70, "ααεεηηιιοουυωω  "),
        (0x1F80, "αααααααααααααααα"),
        (0x1F90, "ηηηηηηηηηηηηηηηη"),
        (0x1FA0, "ωωωωωωωωωωωωωωωω"),
        (0x1FB0, "ααααα ααααααα ι "),
        (0x1FC0, "  ηηη ηηεεηηη   "),
        (0x1FD0, "ιιιι  ιιιιιι    "),
        (0x1FE0, "υυυυρρυυυυυυρ   "),
        (0x1FF0, "  ωωω ωωοοωωω   "),
    ]
}
