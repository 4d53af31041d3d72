/// HTML that is safe to put into a page of a site, and what was changed for that.
package struct CleanHTML: Sendable, Hashable {
    /// Valid UTF-8. Every element that it opens it closes, and a browser reads it with exactly this nesting.
    package let html: [UInt8]
    /// At most `HTMLPolicy.maximumFindings`, in the order of the text, none twice.
    package let findings: [HTMLFinding]
}
