import Repositories
import Testing

@Suite struct ContentPathTests {
    @Test(
        "plain names are paths of content",
        arguments: [
            "site.yaml", "news/2026-09-10-fair.md", "media/Größe 2.jpg", ".well-known/security.txt", "-rf", "--output=x", "a'b \"c\".md", "...",
            "a..b",
            "git", "gitmodules", ".gitignore", ".gitkeep", "git~", "x.git", ".git-notes", "*", ":(top)x", "学校.md", "$(id)", "~", "#",
        ])
    func plain(_ text: String) throws {
        #expect(try ContentPath(text).text == text)
    }

    static let refused: [(String, ContentPathError)] = [
        ("", .empty),
        ("/etc/passwd", .absolute),
        ("a//b", .emptyComponent),
        ("a/", .emptyComponent),
        (".", .dots),
        ("..", .dots),
        ("../x", .dots),
        ("a/../b", .dots),
        ("a/./b", .dots),
        ("a\\b", .backslash),
        ("a\0b", .controlCharacter),
        ("a\nb", .controlCharacter),
        ("a\u{1B}[2J", .controlCharacter),
        ("a\u{7F}", .controlCharacter),
        ("a\u{85}b", .controlCharacter),
        ("a\u{2028}b", .controlCharacter),
        ("gpj.\u{202E}exe", .controlCharacter),
        (".git", .git),
        (".GIT/config", .git),
        ("a/.Git/hooks/x", .git),
        (".git.", .git),
        (".git . .", .git),
        (".git::$INDEX_ALLOCATION/config", .git),
        (".git:\u{301}x", .git),
        (".g\u{200C}it", .git),
        (".gi\u{FEFF}t/config", .git),
        ("git~1/config", .git),
        ("GIT~2", .git),
        (".gitmodules", .git),
        ("GITMOD~1", .git),
        (String(repeating: "a", count: 256), .tooLong),
        (String(repeating: "aé/", count: 200) + "x", .tooLong),
        (String(repeating: "a/", count: 17) + "x", .tooDeep),
    ]

    @Test("dangerous names are refused, with what is wrong", arguments: refused)
    func dangerous(_ text: String, _ error: ContentPathError) {
        #expect(throws: error) { try ContentPath(text) }
    }

    @Test("the longest and the deepest names are taken")
    func limits() throws {
        #expect(try ContentPath(String(repeating: "a", count: 255)).text.utf8.count == 255)
        #expect(try ContentPath(String(repeating: "a/", count: 16) + "x").text.utf8.count == 33)
    }

    @Test("two spellings of one letter are two paths, as for git")
    func spellings() throws {
        let composed = try ContentPath("caf\u{E9}.md")
        let decomposed = try ContentPath("cafe\u{301}.md")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
    }

    @Test("every error says what to do", arguments: ContentPathError.allCases)
    func words(_ error: ContentPathError) {
        #expect(error.description.hasSuffix("."))
        #expect(error.description.contains(":"))
    }
}
