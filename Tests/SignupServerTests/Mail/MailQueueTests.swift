import Database
import Foundation
import Mail
import Tenancy
import Testing

@testable import SignupServer

/// Takes all mails, or fails as it is told.
final class RecordingTransport: MailTransport {
    let mails = Shared<[MailMessage]>([])
    let failure = Shared<DeliveryError?>(nil)

    func deliver(_ message: MailMessage) async throws(DeliveryError) {
        if let error = failure.value { throw error }
        mails.change { $0.append(message) }
    }
}

struct MailFixture {
    let jobs: JobFixture
    let queue: MailQueue
    let transport = RecordingTransport()
    let recorder = MetricsRecorder()

    init() throws {
        jobs = try JobFixture()
        queue = try MailQueue(
            jobs.test.platform, queue: jobs.queue, key: ServerKey(Array(repeating: 7, count: 32)), metrics: ServerMetrics(recorder),
            transport: transport)
    }

    static func draft(_ to: String = "pat@school.example", organization: OrganizationID? = nil, usefulUntil: Instant? = nil) throws -> MailDraft {
        MailDraft(
            to: try EmailAddress(to), template: "sign-in-link", language: .english,
            values: ["link": "https://app.example/sign-in/link?token=abc", "code": "123456", "minutes": "10"], organization: organization,
            usefulUntil: usefulUntil)
    }

    func enqueue(_ draft: MailDraft) async throws -> MailQueue.Outcome {
        try await jobs.test.platform.database.write { try queue.enqueue(draft, in: $0) }
    }

    /// Does all jobs that are due, each once.
    func work() async throws -> [Result<Void, any Error>] {
        var results: [Result<Void, any Error>] = []
        for job in try await jobs.take(100, queue.handler) {
            do {
                try await queue.handler.perform(job)
                try await jobs.store.finish(job)
                results.append(.success(()))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }
}

@Suite("The platform's mails")
struct MailQueueTests {
    private static let templates = Result { try MailTemplates(folder: repository + "Templates/mail") }

    @Test("the mails are there, in all languages, each with a text and an HTML part that say the same")
    func templates() throws {
        let templates = try Self.templates.get()
        let known = ["already-registered", "confirm-sign-up", "invitation", "sign-in-link", "trial-ending", "trial-over", "welcome"]
        #expect(Set(known).isSubset(of: templates.names))
        for name in templates.names {
            for language in MailTemplates.languages {
                for number in ["1", "14"] {
                    var values: [String: String] = [:]
                    for value in templates.values(of: name) {
                        values[value] =
                            value.hasSuffix("link") ? "https://app.example/\(value)?a=1&b=2" : value == "days" ? number : "<b>\(value)</b>"
                    }
                    let content = try templates.content(name, language, values)
                    for value in values.values {
                        #expect((content.subject + content.text).contains(value), "\(name) \(language.code): \(value)")
                        #expect(!content.html.contains("<b>"))
                    }
                    for link in values.values where link.hasPrefix("https") {
                        #expect(content.html.contains("href=\"\(link.replacingOccurrences(of: "&", with: "&amp;"))\""))
                    }
                    #expect(!content.text.contains("{{") && !content.html.contains("{{") && !content.subject.contains("{{"))
                    #expect(content.text.contains("\n-- \n"))
                    #expect(content.html.contains("lang=\"\(language.code)\""))
                    // Nothing is fetched, nobody is followed.
                    for word in ["<img", "<script", "src=", "@import", "url("] { #expect(!content.html.contains(word)) }
                    #expect(content.text.components(separatedBy: "https://").count - 1 == values.values.filter { $0.hasPrefix("https") }.count)
                    #expect(!content.text.contains("days") || number == "14" || name != "trial-ending", "\(content.text)")
                }
            }
        }
    }

    @Test("a mail that is given too little, too much or a wrong link is not promised")
    func problems() throws {
        let templates = try Self.templates.get()
        let values = try MailFixture.draft().values
        #expect(throws: MailProblem.noTemplate("nothing")) { try templates.content("nothing", .english, values) }
        #expect(throws: MailProblem.missing("code", template: "sign-in-link")) {
            try templates.content("sign-in-link", .english, values.filter { $0.key != "code" })
        }
        #expect(throws: MailProblem.unknown("more", template: "sign-in-link")) {
            try templates.content("sign-in-link", .english, values.merging(["more": ""]) { $1 })
        }
        for link in ["javascript:alert(1)", "https://a b", "", "/sign-in", "https://a\r\nb", "https://ä"] {
            #expect(throws: MailProblem.badLink("link", template: "sign-in-link")) {
                try templates.content("sign-in-link", .english, values.merging(["link": link]) { $1 })
            }
        }
        let chinese = try templates.content("sign-in-link", try #require(Language(code: "zh")), values)
        #expect(chinese == (try templates.content("sign-in-link", .english, values)))
    }

    @Test("a name from a form stays on one line, is not too long, and is no link")
    func hostileNames() throws {
        let templates = try Self.templates.get()
        func content(_ organization: String) throws -> MailTemplates.Content {
            try templates.content(
                "confirm-sign-up", .english, ["organization": organization, "link": "https://app.example/x", "hours": "24"])
        }
        let plain = try content("Oak PTA")
        for name in ["Oak\r\nBcc: x@y.example", "Oak\u{0}PTA", "Oak\u{202E}PTA", "Oak\u{2028}PTA", "a\n\n-- \n\nb"] {
            let mail = try content(name)
            #expect(!mail.subject.unicodeScalars.contains { $0.properties.generalCategory == .control || $0.properties.generalCategory == .format })
            #expect(mail.text.split(separator: "\n").count == plain.text.split(separator: "\n").count)
        }
        let spam = try content("Win at https://evil.example or WWW.evil.example <a href=x>")
        #expect(spam.text.components(separatedBy: "://").count == 2)
        #expect(!spam.text.lowercased().contains("www."))
        #expect(!spam.html.contains("<a href=x>"))
        #expect(try content(String(repeating: "long ", count: 1000)).subject.utf8.count < 260)
        #expect(try content("{{link}} {{code}}").subject.contains("{{link}} {{code}}"))
    }

    @Test("a mail is sent from the platform's sender, with the job's name and time in every attempt, and then nothing is kept of it")
    func sends() async throws {
        let fixture = try MailFixture()
        #expect(try await fixture.enqueue(MailFixture.draft()) == .queued)
        fixture.transport.failure.change { $0 = .temporary("the mail server is down") }
        let first = try await fixture.jobs.take(1, fixture.queue.handler)
        let job = try #require(first.first)
        await #expect(throws: JobFailure.temporary("the mail server is down")) { try await fixture.queue.handler.perform(job) }
        try await fixture.jobs.store.retry(job, at: fixture.jobs.now.adding(seconds: 60), problem: "x")
        fixture.transport.failure.change { $0 = nil }
        fixture.jobs.pass(seconds: 60)
        #expect(try await fixture.work().count == 1)
        let mail = try #require(fixture.transport.mails.value.first)
        #expect(mail.id.unique == job.id)
        #expect(mail.date == TestPlatform.start)
        #expect(mail.sender == .local)
        #expect(mail.recipient.address.text == "pat@school.example")
        #expect(mail.text.contains("    123456\n"))
        #expect(mail.options.isAutomatic)
        #expect(try await fixture.jobs.store.counts() == [:])
        #expect(fixture.recorder.text().contains(#"marquee_mails_total{outcome="sent"} 1"#))
        // Not in the file either, once the pages are used again; what counts the hour knows no address.
        let rows = try await fixture.jobs.test.platform.database.read { try $0.rows("SELECT recipient_hash FROM mail_count") }
        #expect(rows.count == 1)
        #expect(try (rows[0]["recipient_hash"] as String).utf8.count == 64)
    }

    @Test("a refused recipient is given up at once")
    func refused() async throws {
        let fixture = try MailFixture()
        _ = try await fixture.enqueue(MailFixture.draft())
        fixture.transport.failure.change { $0 = .permanent("no such box") }
        let job = try #require(try await fixture.jobs.take(1, fixture.queue.handler).first)
        await #expect(throws: JobFailure.permanent("no such box")) { try await fixture.queue.handler.perform(job) }
    }

    @Test("what is of no use any more is not sent")
    func late() async throws {
        let fixture = try MailFixture()
        _ = try await fixture.enqueue(MailFixture.draft(usefulUntil: fixture.jobs.now.adding(seconds: 600)))
        fixture.jobs.pass(seconds: 600)
        #expect(try await fixture.work().count == 1)
        #expect(fixture.transport.mails.value == [])
        #expect(try await fixture.jobs.store.counts() == [:])
    }

    @Test("one address gets so many mails in an hour, and one organization sends so many; others don't notice")
    func caps() async throws {
        let fixture = try MailFixture()
        for _ in 0..<10 { #expect(try await fixture.enqueue(MailFixture.draft("pat@school.example")) == .queued) }
        #expect(try await fixture.enqueue(MailFixture.draft("Pat@School.example")) == .capped)
        #expect(try await fixture.enqueue(MailFixture.draft("lee@school.example")) == .queued)
        let organization = OrganizationID(fixture.jobs.test.platform.newID())
        for number in 0..<60 {
            #expect(try await fixture.enqueue(MailFixture.draft("p\(number)@school.example", organization: organization)) == .queued)
        }
        #expect(try await fixture.enqueue(MailFixture.draft("q@school.example", organization: organization)) == .capped)
        #expect(try await fixture.enqueue(MailFixture.draft("q@school.example")) == .queued)
        #expect(try await fixture.jobs.store.counts() == ["waiting": 72])
        fixture.jobs.pass(seconds: 3600)
        #expect(try await fixture.enqueue(MailFixture.draft("pat@school.example", organization: organization)) == .queued)
        // A clock that is set back keeps nobody from mails.
        fixture.jobs.pass(seconds: -86_400)
        for _ in 0..<10 { #expect(try await fixture.enqueue(MailFixture.draft("pat@school.example")) == .queued) }
    }

    @Test("the attempts are spread over a day")
    func attempts() {
        let total = MailQueue.retryDelays.reduce(0, +)
        #expect((23 * 3600...24 * 3600).contains(total))
    }

    @Test(
        "a mail's file must have a subject, a text and small print",
        arguments: [
            ("Hello\n\nx\n\n--\n\ny", 1), ("Subject: x\nHello\n\n--\n\ny", 1), ("Subject: x\n\nHello", 3), ("Subject: x\n\n--\n\ny", 5),
            ("Subject: x\n\nHello {{#a}}\n\n--\n\ny", 3), ("", 1),
        ])
    func format(source: String, line: Int) {
        let error = #expect(throws: (any Error).self) { try MailTemplate(source) }
        #expect(error != nil)
        _ = line
    }
}
