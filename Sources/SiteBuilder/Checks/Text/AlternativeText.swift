import StructuredData

/// Judges the words that stand for a picture.
enum AlternativeText {
    private static let empty: Set<String> = [
        "image", "images", "picture", "pictures", "photo", "photos", "photograph", "pic", "img", "graphic", "icon", "untitled", "screenshot",
        "banner", "placeholder", "alt", "alt text", "alternative text", "description", "thumbnail", "header image", "logo image", "imagen", "foto",
        "fotografía", "fotografia", "gráfico", "imagen sin título", "图片", "照片", "图像", "hình", "ảnh", "hình ảnh", "사진", "이미지", "그림", "изображение",
        "картинка", "фото", "фотография", "صورة", "الصورة", "illustration", "dessin", "photographie",
    ]
    private static let fileEndings = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".heic", ".avif"]
    private static let cameraNames = ["img", "dsc", "dscn", "dscf", "pxl", "image", "photo", "picture", "screenshot", "screen shot", "p"]

    static func isUseless(_ text: String, file: String) -> Bool {
        let words = text.trimmingSpaces.lowercased()
        let plain = String(words.drop { !$0.isLetter && !$0.isNumber }.reversed().drop { !$0.isLetter && !$0.isNumber }.reversed())
        if plain.isEmpty || empty.contains(plain) || fileEndings.contains(where: { plain.hasSuffix($0) && !plain.contains(" ") }) { return true }
        return isCameraName(plain) || isFileName(words, of: file)
    }

    /// `IMG_2034`, `photo 3`
    private static func isCameraName(_ text: String) -> Bool {
        cameraNames.contains { name in
            guard text.hasPrefix(name) else { return false }
            let rest = text.dropFirst(name.count)
            return !rest.isEmpty && rest.contains(where: \.isNumber)
                && rest.allSatisfy { $0.isNumber || $0 == "_" || $0 == "-" || $0 == " " || $0 == "(" || $0 == ")" }
        }
    }

    /// A file's name with its hyphens and numbers is nobody's words; a plain word such as “garden” may be.
    private static func isFileName(_ text: String, of file: String) -> Bool {
        let name = file.split(separator: "/").last ?? ""
        let stem = name.split(separator: ".").first.map { $0.lowercased() } ?? ""
        return text == stem && stem.contains { $0 == "-" || $0 == "_" || $0.isNumber }
    }
}
