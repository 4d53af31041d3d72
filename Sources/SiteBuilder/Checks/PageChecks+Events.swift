import StructuredData
import Tenancy

extension PageChecks {
    /// A coming event needs a place and an end. A whole day, such as a holiday, needs neither.
    func eventFindings() -> [Finding] {
        guard let event = page.entry.event, !event.isPast, !event.isAllDay, event.status != .cancelled, isOriginal else { return [] }
        var findings: [Finding] = []
        if isBlank(frontMatter.location), isBlank(frontMatter.address) {
            findings.append(
                Finding(
                    .eventPlace, path: path, at: mark(of: "start"), "the event has no place", advice: "add location: Library, or location: Online"))
        }
        if !event.hasEnd {
            findings.append(
                Finding(
                    .eventEnd, path: path, at: mark(of: "start"), "the event has no end, and calendars have to guess one",
                    advice: "add end: \(event.start.date)T20:00, as well as you know it"))
        }
        return findings
    }

    private var isOriginal: Bool { checks.site.sources[page.entry.original].path == path }

    private func isBlank(_ text: String?) -> Bool { text.map { $0.trimmingSpaces.isEmpty } ?? true }
}
