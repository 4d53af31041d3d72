import StructuredData
import Tenancy

extension TextChecks {
    /// What should not be public about a person.
    ///
    /// `isAboutAdults` is true for a page such as “Our teachers”, where names beside grades are no children's.
    func privateMatters(in text: CheckedText, isAboutAdults: Bool = false) -> [Finding] {
        text.blocks.flatMap { block in
            let findings = phoneNumbers(in: text, block.range) + emails(in: text, block.range)
            let isUnderAdults = block.heading.map { StudentNameFinder.announcesAdults(text.tokens(in: text.blocks[$0].range)) } ?? isAboutAdults
            return findings + (isUnderAdults ? [] : students(in: text, block.range)) + text.sentences(of: block).flatMap { homes(in: text, $0) }
        }
    }

    private func phoneNumbers(in text: CheckedText, _ range: Range<Int>) -> [Finding] {
        PhoneNumberFinder.numbers(in: text, range, language).map { phoneNumber(text.string($0), path: text.file.path, at: text.mark(of: $0)) }
    }

    func phoneNumber(_ number: String, path: String, at mark: Mark) -> Finding {
        Finding(
            .phoneNumber, path: path, at: mark, "the phone number \(number) is public",
            advice: "if it is a person's, write an e-mail address of the association instead; if it is an office's, say whose office it is")
    }

    private func emails(in text: CheckedText, _ range: Range<Int>) -> [Finding] {
        mailboxes.addresses(in: text, range).map { privateEmail($0.address, path: text.file.path, at: text.mark(of: $0.range)) }
    }

    func privateEmail(_ address: String, path: String, at mark: Mark) -> Finding {
        Finding(
            .privateEmail, path: path, at: mark, "\(address) is a private mailbox",
            advice: "write an address of the association, such as treasurer@ its domain, that the next officer can take over")
    }

    private func students(in text: CheckedText, _ range: Range<Int>) -> [Finding] {
        StudentNameFinder.names(in: text, range).map {
            Finding(
                .studentName, path: text.file.path, at: text.mark(of: $0), "“\(text.string($0))” looks like a child's full name beside a grade",
                advice: "write the first name and an initial, or leave out the grade, and ask the family first")
        }
    }

    private func homes(in text: CheckedText, _ sentence: Range<Int>) -> [Finding] {
        guard let address = HomeAddressFinder.address(in: text, sentence, language) else { return [] }
        return [homeAddress(text.string(address), path: text.file.path, at: text.mark(of: address))]
    }

    func homeAddress(_ address: String, path: String, at mark: Mark) -> Finding {
        Finding(
            .homeAddress, path: path, at: mark, "“\(address)” looks like the address of somebody's home",
            advice: "leave out street and number, and send them to those who sign up")
    }
}
