import Repositories
import Testing

@Suite struct RevertTests {
    @Test("the newest commit is undone, and undoing that brings it back")
    func newest() async throws {
        let test = try await TestRepository.made(["a.md": "a", "b.md": "b"])
        let before = try await test.texts()
        let second = try await test.save(["a.md": "A", "b.md": nil, "c/d.md": "d"])
        let after = try await test.texts()
        guard case .reverted(let third) = try await test.revert(second) else { throw Unexpected(description: "not reverted") }
        #expect(try await test.texts() == before)
        #expect(try await test.repository.log().first?.id == third)
        guard case .reverted = try await test.revert(third) else { throw Unexpected(description: "not reverted") }
        #expect(try await test.texts() == after)
    }

    @Test("only that commit is undone: later changes to other files and other lines stay")
    func older() async throws {
        let lines = (1...20).map { "line \($0)" }
        func text(_ changes: [Int: String]) -> String { lines.enumerated().map { changes[$0.offset] ?? $0.element }.joined(separator: "\n") + "\n" }
        let test = try await TestRepository.made(["a.md": text([:]), "b.md": "b"])
        let second = try await test.save(["a.md": text([2: "changed"]), "c.md": "c"])
        try await test.save(["a.md": text([2: "changed", 17: "later"]), "b.md": "B"])
        guard case .reverted = try await test.revert(second) else { throw Unexpected(description: "not reverted") }
        #expect(try await test.texts() == ["a.md": text([17: "later"]), "b.md": "B"])
    }

    @Test("what was changed again in the same place is a conflict, with its path, and nothing is changed")
    func conflict() async throws {
        let test = try await TestRepository.made(["a.md": "one\n", "b.md": "b\n", "c.md": "c\n", "d.bin": "\u{0}1", "e.md": "e"])
        let second = try await test.save(["a.md": "two\n", "b.md": nil, "c.md": "C\n", "d.bin": "\u{0}2", "f.md": "f\n", "e.md": "E"])
        let third = try await test.save(["a.md": "three\n", "b.md": "new\n", "c.md": nil, "d.bin": "\u{0}3", "f.md": "changed\n"])
        let paths = try ["a.md", "b.md", "c.md", "d.bin", "f.md"].map { try ContentPath($0) }
        #expect(try await test.revert(second) == .conflict(paths))
        #expect(try await test.repository.head() == third)
    }

    @Test("what is undone already needs no commit")
    func twice() async throws {
        let test = try await TestRepository.made(["a.md": "a"])
        let second = try await test.save(["a.md": "A"])
        _ = try await test.revert(second)
        let head = try await test.repository.head()
        #expect(try await test.revert(second) == .unchanged(head))
    }

    @Test("there is nothing before the first commit")
    func first() async throws {
        let test = try await TestRepository.made()
        let head = try await test.repository.head()
        await #expect(throws: RepositoryError.nothingToRevert(head)) { try await test.revert(head) }
    }

    @Test("an undo among others who are saving is done")
    func amongOthers() async throws {
        let test = try await TestRepository.made(["a.md": "a"])
        let second = try await test.save(["a.md": "A"])
        async let saved: Void = { for number in 0..<5 { _ = try? await test.save(["n\(number).md": "n"]) } }()
        guard case .reverted = try await test.revert(second) else { throw Unexpected(description: "not reverted") }
        await saved
        #expect(try await test.texts()["a.md"] == "a")
    }

    static let merges: [(String, String, String, MergedText)] = [
        ("a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", .clean(Array("A\nb\nc\nd\nE\n".utf8))),
        ("a\n", "a\n", "b\n", .clean(Array("b\n".utf8))),
        ("", "", "", .clean([])),
        ("a\n", "b\n", "c\n", .conflict(Array("<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n".utf8))),
        ("a\n", "\u{0}b", "c\n", .binary),
    ]

    @Test("two edits of a text are put together line by line", arguments: merges)
    func merge(_ base: String, _ ours: String, _ theirs: String, _ expected: MergedText) async throws {
        let test = try await TestRepository.made()
        #expect(try await test.repository.mergeText(base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8)) == expected)
        #expect(names(in: "\(test.folder)/tenant") == ["repository.git", "repository.lock"])
    }
}
