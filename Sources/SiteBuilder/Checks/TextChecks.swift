import Tenancy

/// The rules that read sentences, for pages and settings alike.
struct TextChecks: Sendable {
    let language: Language
    let today: CivilDate
    let schoolYear: SchoolYear
    let finder: DateFinder
    let mailboxes: PrivateEmailFinder

    init(language: Language, today: CivilDate, schoolYear: SchoolYear, slug: String) {
        self.language = language
        self.today = today
        self.schoolYear = schoolYear
        finder = DateFinder(language)
        mailboxes = PrivateEmailFinder(slug: slug)
    }
}
