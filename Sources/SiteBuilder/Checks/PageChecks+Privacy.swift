import Markdown
import StructuredData
import Tenancy

extension PageChecks {
    func privacy() -> [Finding] {
        let title = CheckedText(value: source.title, at: Mark(line: 1, column: 1), in: file)
        let isAboutAdults = StudentNameFinder.announcesAdults(title.tokens(in: 0..<title.scalars.count))
        let texts = [body] + values
        return texts.flatMap { rules.privateMatters(in: $0, isAboutAdults: isAboutAdults) } + linkedAddresses() + eventHome()
    }

    /// Addresses and numbers that stand only in links: `[Write to Ann](mailto:…)`.
    private func linkedAddresses() -> [Finding] {
        source.document.references.compactMap { link in
            guard link.kind == .link, let colon = link.destination.firstIndex(of: ":") else { return nil }
            let mark = Mark(line: link.line, column: link.column)
            let value = String(link.destination[link.destination.index(after: colon)...].prefix { $0 != "?" })
            switch link.destination[..<colon].lowercased() {
            case "mailto":
                guard rules.mailboxes.isPrivate(value), !link.text.lowercased().contains(value.lowercased()) else { return nil }
                return rules.privateEmail(value, path: path, at: mark)
            case "tel":
                // A number among the words was judged with the words around it.
                guard PhoneNumberFinder.isPersonal(dialled: value), link.text.filter(\.isNumber).count < 7 else { return nil }
                return rules.phoneNumber(value, path: path, at: mark)
            default: return nil
            }
        }
    }

    /// An event at somebody's home whose street is in the event's own fields.
    private func eventHome() -> [Finding] {
        guard let location = value("location", frontMatter.location) else { return [] }
        let range = 0..<location.scalars.count
        guard HomeAddressFinder.isHome(location, range, page.language), HomeAddressFinder.street(in: location, range) == nil else { return [] }
        guard let address = frontMatter.address, let text = value("address", address),
            HomeAddressFinder.street(in: text, 0..<text.scalars.count) != nil
        else { return [] }
        return [rules.homeAddress(address, path: path, at: mark(of: "address"))]
    }
}
