import Tenancy
import Testing

@testable import Repositories

@Suite struct AuthorTests {
    static let text = "0198f2c4-5e80-7a3b-9c41-6f1d2e3a5f3a"

    static func userID() throws -> UniqueID { try #require(UniqueID(text)) }

    @Test("an author is a role and a user id")
    func pseudonym() throws {
        let author = Author(.editor, userID: try Self.userID())
        #expect(author.name == "Editor 5f3a")
        #expect(author.email == "0198f2c4-5e80-7a3b-9c41-6f1d2e3a5f3a@users.marquee.invalid")
        #expect(Author.platform.name == "Marquee")
        #expect(Author.platform.userID == nil)
    }

    @Test("an author is read back from a commit", arguments: Author.Role.allCases)
    func readBack(_ role: Author.Role) throws {
        let author = Author(role, userID: try Self.userID())
        #expect(Author(name: author.name, email: author.email) == author)
        #expect(Author(name: "Marquee", email: "platform@users.marquee.invalid") == .platform)
    }

    static let strangers = [
        ("Pat Example", "pat@example.com"), ("Editor 5f3a", "pat@example.com"), ("Editor 0000", "\(text)@users.marquee.invalid"),
        ("Pat Example", "\(text)@users.marquee.invalid"), ("Pat", "platform@users.marquee.invalid"),
    ]

    @Test("what others call themselves is not passed on", arguments: strangers)
    func stranger(_ name: String, _ email: String) {
        #expect(Author(name: name, email: email) == nil)
    }
}

@Suite struct CommitMessageTests {
    @Test("a message is a line of ours and a line of the editor's")
    func text() throws {
        #expect(try CommitMessage("Change colours").text == "Change colours\n")
        #expect(try CommitMessage("Change  colours ", note: " back to maroon ").text == "Change colours\n\nback to maroon\n")
        #expect(try CommitMessage("Change colours", note: "  ").note == nil)
        #expect(CommitMessage(reading: "Change colours\n\nback\n") == (try CommitMessage("Change colours", note: "back")))
    }

    static let refused: [(String, String?, CommitMessageError)] = [
        ("", nil, .empty), ("  ", nil, .empty), ("a\nb", nil, .controlCharacter), ("a", "b\n\nSigned-off-by: x", .controlCharacter),
        ("a", "\u{1B}[31m", .controlCharacter), ("a", "b\0c", .controlCharacter), ("a", "\u{202E}b", .controlCharacter),
        ("a", String(repeating: "x", count: 501), .tooLong),
    ]

    @Test("more than a line is refused", arguments: refused)
    func refuse(_ summary: String, _ note: String?, _ error: CommitMessageError) {
        #expect(throws: error) { try CommitMessage(summary, note: note) }
    }

    @Test("a commit is named by 40 digits and nothing else")
    func ids() {
        let id = String(repeating: "0a", count: 20)
        #expect(CommitID(id)?.text == id)
        for wrong in ["", "main", "HEAD", "--all", String(id.dropLast()), id + "0", id.uppercased(), "-" + id.dropFirst()] {
            #expect(CommitID(wrong) == nil, "\(wrong)")
        }
    }
}
