import StructuredData

/// Judges the words of a link.
enum LinkText {
    /// In all languages at once: none of these says anything in another language either.
    private static let vague: Set<String> = [
        "here", "click", "click here", "click this", "click this link", "click on this link", "press here", "tap here", "right here", "over here",
        "this", "this link", "link", "the link",
        "this page", "more", "read more", "learn more", "see more", "find out more", "more info", "go", "go here", "see here", "follow this link",
        "visit", "check it out", "continue",
        "aquí", "aqui", "haz clic aquí", "haga clic aquí", "hagan clic aquí", "dale clic aquí", "clic aquí", "pulsa aquí", "oprima aquí",
        "presiona aquí", "más", "leer más", "lee más", "ver más",
        "saber más", "más información", "más info", "este enlace", "enlace", "esta página", "este link",
        "这里", "此处", "点击这里", "点击此处", "点这里", "请点击这里", "请点击此处", "更多", "阅读更多", "查看更多", "了解更多", "链接", "此链接", "点击",
        "tại đây", "ở đây", "đây", "bấm vào đây", "nhấn vào đây", "nhấp vào đây", "xem thêm", "đọc thêm", "tìm hiểu thêm", "liên kết", "liên kết này",
        "여기", "여기를 클릭", "여기를 클릭하세요", "여기를 누르세요", "이곳", "클릭", "더보기", "더 보기", "자세히", "자세히 보기", "더 알아보기", "링크", "이 링크",
        "здесь", "тут", "сюда", "нажмите здесь", "нажмите сюда", "ссылка", "по ссылке", "по этой ссылке", "эта ссылка", "подробнее", "далее",
        "читать далее", "читать дальше", "узнать больше", "ещё",
        "هنا", "اضغط هنا", "انقر هنا", "اضغطوا هنا", "من هنا", "المزيد", "اقرأ المزيد", "لمعرفة المزيد", "رابط", "الرابط", "هذا الرابط",
        "ici", "cliquez ici", "cliquer ici", "clique ici", "plus", "voir plus", "lire plus", "lire la suite", "la suite", "en savoir plus",
        "plus d'infos", "ce lien", "lien", "cette page",
    ]

    static func isVague(_ text: String) -> Bool { vague.contains(normal(text)) }

    /// A whole address: a screen reader spells it out. The name of a host alone can be read.
    static func isAddress(_ text: String) -> Bool {
        let text = text.trimmingSpaces.lowercased()
        return (text.hasPrefix("https://") || text.hasPrefix("http://")) && !text.contains(" ")
    }

    /// Lower case, plain apostrophes, no arrows or full stops around, single spaces.
    static func normal(_ text: String) -> String {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let plain = String(words.map { $0 == "’" ? "'" : $0 })
        func isEdge(_ character: Character) -> Bool { !character.isLetter && !character.isNumber }
        return String(String(plain.drop(while: isEdge).reversed()).drop(while: isEdge).reversed())
    }
}
