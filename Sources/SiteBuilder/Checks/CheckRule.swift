/// Everything that `SiteGen check` looks for beyond what stops a page from being built. The raw value is the `rule` of a finding.
package enum CheckRule: String, Hashable, Sendable, CaseIterable {
    // Freshness
    case passedDate = "passed-date"
    case relativeDate = "relative-date"
    case pastSchoolYear = "past-school-year"
    case officersTerm = "officers-term"
    case announcementOver = "announcement-over"
    case announcementWithoutEnd = "announcement-without-end"
    case stalePage = "stale-page"
    case oldDraft = "old-draft"

    // Events
    case eventPlace = "event-place"
    case eventEnd = "event-end"

    // Accessibility
    case missingAlternative = "missing-alternative-text"
    case uselessAlternative = "useless-alternative-text"
    case headingOrder = "heading-order"
    case headingLevelOne = "heading-level-one"
    case vagueLink = "vague-link-text"
    case bareAddress = "bare-address"
    case sameLinkText = "same-link-text"

    // Privacy
    case phoneNumber = "phone-number"
    case privateEmail = "private-email"
    case homeAddress = "home-address"
    case studentName = "student-name"
    case pictureLocation = "picture-location"

    // Pictures and documents
    case pictureSize = "picture-size"
    case unusedPicture = "unused-picture"
    case unlistedDocument = "unlisted-document"
    case documentDetails = "document-details"

    // Translations
    case translationMissing = "translation-missing"
    case translationOutdated = "translation-outdated"

    // Titles, descriptions, tags
    case missingDescription = "missing-description"
    case longDescription = "long-description"
    case longTitle = "long-title"
    case sameTitle = "same-title"
    case similarTags = "similar-tags"

    // Colours
    case adjustedColor = "adjusted-color"

    /// What the rule finds, in one sentence, for help and documentation.
    package var summary: String {
        switch self {
        case .passedDate: "A page, the text of a coming event or the settings speak of a date as coming, and it has passed."
        case .relativeDate: "A page says “this Friday” or the like, and was written more than ten days ago."
        case .pastSchoolYear: "A past school year is named as if it were the current one."
        case .officersTerm: "The term in data/board.yaml is over."
        case .announcementOver: "The announcement's time is over; it is no longer shown."
        case .announcementWithoutEnd: "The announcement has no end and stays until somebody removes it."
        case .stalePage: "A page that says when it was updated has not been touched for a year."
        case .oldDraft: "A draft is older than 90 days by its own date."
        case .eventPlace: "A coming event with a time has no place."
        case .eventEnd: "A coming event with a time has no end."
        case .missingAlternative: "A picture has no words for those who can't see it."
        case .uselessAlternative: "A picture's words say nothing, such as “image” or a file's name."
        case .headingOrder: "A heading skips a level."
        case .headingLevelOne: "A heading of the first level stands in a text, where only the page's title has it."
        case .vagueLink: "A link's text doesn't say where it leads, such as “click here”."
        case .bareAddress: "A link's text is a web address, which a screen reader spells out."
        case .sameLinkText: "Two links of one page have the same text and lead to different places."
        case .phoneNumber: "A phone number that may be a private person's is public."
        case .privateEmail: "An e-mail address of a private mailbox is public."
        case .homeAddress: "Somebody's home is public with its street and number."
        case .studentName: "A child's full name stands beside a grade."
        case .pictureLocation: "A picture's file tells where it was taken; the site never does, but the content folder and its history do."
        case .pictureSize: "A picture's file is much larger than any page needs."
        case .unusedPicture: "A picture in media/ is used nowhere."
        case .unlistedDocument: "A file in documents/ is not listed in documents/index.yaml."
        case .documentDetails: "A document is listed without a title, a date or its visibility."
        case .translationMissing: "A page or a text of the settings is not there in one of the site's languages."
        case .translationOutdated: "The original changed after its translation was written."
        case .missingDescription: "A page has no description for search results and previews."
        case .longDescription: "A description is longer than the 160 characters that search results show."
        case .longTitle: "A title is longer than 70 characters."
        case .sameTitle: "Two pages, or two posts of one school year, have the same title."
        case .similarTags: "Two tags differ only by capitals, hyphens or the plural."
        case .adjustedColor: "A colour of the school could not be used as it is, because text in it could not be read."
        }
    }

    package var severity: Finding.Severity {
        switch self {
        case .passedDate, .relativeDate, .pastSchoolYear, .officersTerm, .stalePage, .eventPlace, .missingAlternative, .uselessAlternative,
            .headingOrder,
            .headingLevelOne, .vagueLink, .privateEmail, .homeAddress, .studentName, .pictureLocation, .translationOutdated:
            .warning
        case .announcementOver, .announcementWithoutEnd, .oldDraft, .eventEnd, .bareAddress, .sameLinkText, .phoneNumber, .pictureSize,
            .unusedPicture,
            .unlistedDocument, .documentDetails, .translationMissing, .missingDescription, .longDescription, .longTitle, .sameTitle, .similarTags,
            .adjustedColor:
            .advice
        }
    }
}
