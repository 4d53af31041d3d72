import StructuredData
import Tenancy

extension ContentChecks {
    /// The texts of site.yaml and of the data files: they speak of now, and everybody reads them.
    func settingsFindings(_ files: [DataFile]) -> [Finding] {
        var findings: [Finding] = []
        for file in files {
            for value in file.values {
                let rules = textChecks(value.language)
                findings += rules.privateMatters(in: value.text)
                // A list of documents names past dates and years by its nature.
                if file.path.hasPrefix("documents/") || isOverAnnouncement(value.keys, file) { continue }
                findings += rules.passedDates(in: value.text, .none) + rules.pastSchoolYears(in: value.text, .settings)
            }
            for node in file.nodes(named: "email") {
                guard let address = node.text else { continue }
                let rules = textChecks(file.language)
                if rules.mailboxes.isPrivate(address) { findings.append(rules.privateEmail(address, path: file.path, at: node.mark)) }
            }
        }
        guard let file = files.first(where: { $0.path == TenantLoader.settingsFile }) else { return findings }
        if let announcement = site.settings.announcement {
            let node = file.node["announcement"]
            let mark = node?["until"]?.mark ?? node?.mark ?? Mark(line: 1, column: 1)
            findings += announcementFindings(announcement, path: file.path, at: mark)
        }
        if let image = site.settings.hero?.image, image.alternative == nil {
            findings.append(
                Finding(
                    .missingAlternative, path: file.path, at: Mark(line: image.line, column: image.column),
                    "the picture \(image.path) has no text for people who can't see it",
                    advice: "add image_alt: below it and say what the picture shows"))
        }
        return findings
    }

    func announcementFindings(_ announcement: Settings.Announcement, path: String, at mark: Mark) -> [Finding] {
        guard let until = announcement.until else {
            return [
                Finding(
                    .announcementWithoutEnd, path: path, at: mark, "the announcement has no end",
                    advice: "add until: \(today.adding(days: 14)), and it goes by itself")
            ]
        }
        guard isOver(until) else { return [] }
        return [
            Finding(
                .announcementOver, path: path, at: mark, "the announcement was shown until \(until.local(in: site.zone).date)",
                advice: "remove it, or write a new one with a new until:")
        ]
    }

    private func isOver(_ until: WrittenDate) -> Bool {
        let end = until.local(in: site.zone)
        return until.hasTime ? end <= site.now : end.date < today
    }

    /// What nobody sees any more needn't be up to date as well.
    private func isOverAnnouncement(_ keys: [String], _ file: DataFile) -> Bool {
        file.path == TenantLoader.settingsFile && keys.first == "announcement" && (site.settings.announcement?.until.map(isOver) ?? false)
    }
}
