import Foundation
import Tenancy
import Testing

@testable import Mail

@Suite("Mails into a folder, and through a program")
struct OutboxTests {
    @Test("mails are listed with the newest first, read as they were written, and nobody else's business")
    func outbox() async throws {
        let folder = try TemporaryFolder()
        let outbox = FileOutbox(folder: folder.path + "/data/outbox")
        #expect(await outbox.list() == [])
        let messages = try (1...3).map { try MailMessage.test($0, subject: "Número \($0)", html: "<p>\($0)</p>") }
        for message in messages { try await outbox.deliver(message) }
        // Again, as after a crash.
        try await outbox.deliver(messages[1])
        let names = await outbox.list()
        #expect(names.map { $0.description.prefix(16) } == ["20261124T040228Z", "20261124T040227Z", "20261124T040226Z"])
        #expect(await outbox.list(limit: 1).count == 1)
        let mail = try #require(await outbox.read(names[0]))
        #expect(mail["Subject"] == "Número 3")
        #expect(mail.html == "<p>3</p>\r\n")
        let files = try FileManager.default.contentsOfDirectory(atPath: outbox.folder)
        #expect(files.count == 3)
        for path in files.map({ "\(outbox.folder)/\($0)" }) + [outbox.folder] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == (path == outbox.folder ? 0o700 : 0o600))
        }
    }

    @Test(
        "only a name of a mail is a name",
        arguments: [
            "", "..", "../20261124T040228Z-0198f2c4-5e80-7a3b-9c41-6f1d2e3a4b5c", "20261124T040228Z-../../../../../../etc/passwd",
            "20261124T040228Z-0198f2c4-5e80-7a3b-9c41-6f1d2e3a4b5c.eml", "20261124T040228Z-0198F2C4-5e80-7a3b-9c41-6f1d2e3a4b5c",
            "2026112/T040228Z-0198f2c4-5e80-7a3b-9c41-6f1d2e3a4b5c", "20261124T040228Z-", "20261124T040228Z",
        ])
    func names(text: String) {
        #expect(FileOutbox.Name(text) == nil)
        #expect(FileOutbox.Name("20261124T040228Z-0198f2c4-5e80-7a3b-9c41-6f1d2e3a4b5c") != nil)
    }

    @Test("a folder that can't be written is tried again")
    func unwritable() async throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(filePath: folder.path + "/file"))
        let error = await #expect(throws: DeliveryError.self) {
            try await FileOutbox(folder: folder.path + "/file/outbox").deliver(MailMessage.test())
        }
        guard case .temporary(let reason)? = error else { return #expect(Bool(false)) }
        #expect(reason.contains("can't be written: Not a directory"))
    }

    private func program(_ script: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.path + "/sendmail"
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    @Test("a program gets the message with the system's line ends, and the arguments that were set")
    func sendmail() async throws {
        let folder = try TemporaryFolder()
        let path = try program("echo \"$@\" > '\(folder.path)/arguments'; cat > '\(folder.path)/message'", in: folder)
        let transport = try #require(SendmailTransport(command: "\(path) -t  -i"))
        let message = try MailMessage.test(html: "<p>x</p>")
        try await transport.deliver(message)
        #expect(try String(contentsOfFile: folder.path + "/arguments", encoding: .utf8) == "-t -i\n")
        #expect(try String(contentsOfFile: folder.path + "/message", encoding: .utf8) == message.written.replacingOccurrences(of: "\r\n", with: "\n"))
    }

    @Test(
        "a program's status says whether to try again",
        arguments: [(67, true), (68, true), (65, true), (75, false), (69, false), (1, false), (127, false), (78, false)])
    func status(code: Int, isPermanent: Bool) async throws {
        let folder = try TemporaryFolder()
        // It reads nothing, and a large message does not fit into a pipe.
        let transport = try #require(SendmailTransport(command: try program("exit \(code)", in: folder)))
        let message = try MailMessage.test(text: String(repeating: "line\n", count: 100_000))
        let error = try #require(await #expect(throws: DeliveryError.self) { try await transport.deliver(message) })
        if case .permanent = error { #expect(isPermanent) } else { #expect(!isPermanent) }
        #expect(!error.reason.contains("school.example"))
        #expect(error.reason.contains("status \(code)"))
    }

    @Test("a program that hangs is ended, and one that isn't there is told")
    func hangs() async throws {
        let folder = try TemporaryFolder()
        let path = try program("echo $$ > '\(folder.path)/pid'; exec sleep 600", in: folder)
        let hanging = try #require(SendmailTransport(command: path, timeout: .seconds(1)))
        await #expect(throws: DeliveryError.temporary("\(path) took too long and was ended")) { try await hanging.deliver(MailMessage.test()) }
        let pid = try #require(Int32(String(contentsOfFile: folder.path + "/pid", encoding: .utf8).trimmingCharacters(in: .newlines)))
        #expect(kill(pid, 0) != 0)
        let missing = try #require(SendmailTransport(command: folder.path + "/nothing"))
        let error = await #expect(throws: DeliveryError.self) { try await missing.deliver(MailMessage.test()) }
        #expect(error?.reason.contains("/nothing can't be started") == true)
        #expect(SendmailTransport(command: "sendmail -t") == nil)
        #expect(SendmailTransport(command: "") == nil)
    }
}
