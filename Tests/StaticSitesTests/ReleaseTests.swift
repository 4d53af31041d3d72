import CFileSystem
import Foundation
import StaticSites
import Synchronization
import TestSupport
import Testing

@Suite("Releases")
struct ReleaseTests {
    @Test("a publish, a roll-back, a new host and a host taken away are seen at once")
    func seenAtOnce() throws {
        let fixture = try SiteFixture.school(["index.html": "one"])
        let responder = try fixture.responder()
        #expect(responder.get("/").text == "one")
        try fixture.write(["index.html": "two"], slug: "school", release: "r2")
        try fixture.publish("school", release: "r2")
        #expect(responder.get("/").text == "two")
        try fixture.publish("school", release: "r1")
        #expect(responder.get("/").text == "one")
        try FileManager.default.removeItem(atPath: fixture.output + "/.hosts/school.platform.org")
        #expect(responder.get("/").status == 404)
        try fixture.connect("school.platform.org", to: "school")
        #expect(responder.get("/").status == 200)
    }

    @Test("a release made again under its old name is the new one")
    func sameName() throws {
        let fixture = try SiteFixture.school(["index.html": "one"])
        let responder = try fixture.responder()
        #expect(responder.get("/").text == "one")
        try FileManager.default.removeItem(atPath: fixture.releasePath("school"))
        #expect(responder.get("/").status == 404)
        try fixture.write(["index.html": "two"], slug: "school")
        #expect(responder.get("/").text == "two")
    }

    @Test(
        "links of another shape lead nowhere",
        arguments: [
            ("school", ".releases/other/r1"), ("school", ".releases/school/r1/"), ("school", ".releases/school/../other/r1"),
            ("school", "./.releases/school/r1"),
            ("school", "other"), ("school", ".releases/school/."), ("school", ".releases/school/"), ("school", "/"),
            (".hosts/school.platform.org", "../other/"),
            (".hosts/school.platform.org", "../.releases"), (".hosts/school.platform.org", "../../etc"),
            (".hosts/school.platform.org", "../x/../other"),
            (".hosts/school.platform.org", "/etc"), (".hosts/school.platform.org", "other"),
        ])
    func otherShapes(link: String, target: String) throws {
        let fixture = try SiteFixture.school(["index.html": "one"])
        try fixture.write(["index.html": "other"], slug: "other")
        try fixture.publish("other")
        try fixture.link(fixture.output + "/" + link, to: target)
        #expect(try fixture.responder().get("/").status == 404)
    }

    @Test("a folder in the place of a link is no site")
    func folderInsteadOfLink() throws {
        let fixture = try SiteFixture()
        try fixture.connect("school.platform.org", to: "school")
        try FileManager.default.createDirectory(atPath: fixture.output + "/school", withIntermediateDirectories: true)
        try Data("direct".utf8).write(to: URL(fileURLWithPath: fixture.output + "/school/index.html"))
        #expect(try fixture.responder().get("/").status == 404)
    }

    @Test(
        "no link within a release is followed",
        arguments: [
            ("page.html", "../../other/r1/index.html", "/page"), ("page.html", "index.html", "/page"), ("folder", "../../other/r1", "/folder/"),
            ("folder", "../../other/r1", "/folder/index.html"), ("passwd", "/etc/passwd", "/passwd"), ("root", "/", "/root/etc/passwd"),
            ("proc", "/proc/self", "/proc/cmdline"), ("up", "..", "/up/r1/index.html"), ("404.html", "../../other/r1/index.html", "/nothing"),
            ("_redirects", "../../other/r1/rules", "/old"),
        ])
    func links(name: String, target: String, path: String) throws {
        let fixture = try SiteFixture.school(["index.html": "home"])
        try fixture.write(["index.html": "other", "rules": "/old /new/"], slug: "other")
        try fixture.link(fixture.releasePath("school") + "/" + name, to: target)
        let answer = try fixture.responder().get(path)
        #expect(answer.status == 404)
        #expect(!answer.text.contains("other"))
    }

    @Test("a release that is a link is no release")
    func linkedRelease() throws {
        let fixture = try SiteFixture.school(["index.html": "home"])
        try fixture.write(["index.html": "other"], slug: "other")
        try fixture.link(fixture.output + "/.releases/school/r2", to: "../other/r1")
        try fixture.publish("school", release: "r2")
        #expect(try fixture.responder().get("/").status == 404)
    }

    @Test("a pipe in a release is missing, and nobody waits for it")
    func pipe() throws {
        let fixture = try SiteFixture.school(["index.html": "home"])
        #expect(mkfifo(fixture.releasePath("school") + "/pipe.txt", 0o644) == 0)
        #expect(try fixture.responder().get("/pipe.txt").status == 404)
    }

    @Test(
        "opening step by step refuses what the kernel refuses",
        arguments: [
            ("index.html", true), ("a/b.txt", true), ("link.html", false), ("folder/index.html", false), ("../r1/index.html", false),
            ("a/../index.html", false),
            ("/etc/passwd", false), ("", false), ("a//b.txt", false), ("./index.html", false), ("a/", false), ("index.html/x", false),
            ("missing", false),
        ])
    func stepwise(path: String, opens: Bool) throws {
        let fixture = try SiteFixture.school(["index.html": "home", "a/b.txt": "b"])
        try fixture.link(fixture.releasePath("school") + "/link.html", to: "index.html")
        try fixture.link(fixture.releasePath("school") + "/folder", to: "../../school/r1")
        let folder = open(fixture.releasePath("school"), O_RDONLY | O_DIRECTORY)
        defer { close(folder) }
        for descriptor in [marquee_open_beneath_stepwise(folder, path, O_RDONLY), marquee_open_beneath(folder, path, O_RDONLY)] {
            #expect((descriptor >= 0) == opens)
            if descriptor >= 0 { close(descriptor) }
        }
    }

    @Test("while releases are published and removed, every reader gets a whole page of one of them", .timeLimit(.minutes(1)))
    func publishWhileReading() throws {
        let fixture = try SiteFixture.school(["index.html": "release 0"])
        let responder = try fixture.responder()
        let tally = Tally()
        // Threads of their own: the tests beside this one may keep all shared ones busy.
        for _ in 0..<2 {
            Thread.detachNewThread {
                while !tally.isOver { tally.note(responder.get("/")) }
            }
        }
        var number = 0
        while number < 300 || tally.answers < 1_000 {
            number += 1
            try fixture.write(["index.html": "release \(number)"], slug: "school", release: "p\(number)")
            try fixture.publish("school", release: "p\(number)")
            if number > 2 { try FileManager.default.removeItem(atPath: fixture.releasePath("school", "p\(number - 2)")) }
        }
        tally.isOver = true
        #expect(tally.wrong.isEmpty)
        #expect(tally.pages.count > 10)
    }

    /// What the readers saw.
    private final class Tally: Sendable {
        private let state = Mutex((answers: 0, pages: Set<String>(), wrong: [String](), isOver: false))

        func note(_ answer: SiteResponse) {
            let text = answer.text
            let isRight = answer.status == 200 && text.hasPrefix("release ") && text.utf8.count > "release ".utf8.count
            state.withLock { state in
                state.answers += 1
                state.pages.insert(text)
                if !isRight { state.wrong.append("\(answer.status) \(text)") }
            }
        }

        var answers: Int { state.withLock { $0.answers } }
        var pages: Set<String> { state.withLock { $0.pages } }
        var wrong: [String] { state.withLock { $0.wrong } }
        var isOver: Bool {
            get { state.withLock { $0.isOver } }
            set { state.withLock { $0.isOver = newValue } }
        }
    }
}
