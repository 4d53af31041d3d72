/// The bytes that a reader gets for a file: as they are, compressed, with other links, or both.
struct Representation {
    let body: SiteBody
    let tag: EntityTag
    let coding: ContentCoding?
}
