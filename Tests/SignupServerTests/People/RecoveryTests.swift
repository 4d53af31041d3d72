import Database
import Foundation
import Tenancy
import TestSupport
import Testing

@testable import SignupServer

@Suite("Recovery of an organization whose owners are gone")
struct RecoveryTests {
    private static let path = "/manage/oak/people/recovery"

    /// Two officers agree on the treasurer. Gives the recovery's id.
    private static func agree(_ test: PeopleServer, _ first: TestBrowser, _ second: TestBrowser) async throws -> String {
        #expect(await first.post(path, [("candidate", "\(try test.user(.treasurer))")])?.status == 303)
        let id = try await open(second)
        #expect(await second.post(path + "/approve", [("recovery", id)])?.value(of: "Location") == path)
        return id
    }

    private static func open(_ browser: TestBrowser) async throws -> String {
        let page = try #require(await browser.get(path))
        return String(try #require(page.body.components(separatedBy: "name=\"recovery\" value=\"").dropFirst().first?.prefix(36)))
    }

    @Test("two officers agree, the owners are told and say nothing for a week: then there is a new owner")
    func whole() async throws {
        try await withPeople { test in
            try await test.add("second@oak.example", .officer)
            let (first, second, treasurer) = (await test.browser(.officer), await test.browser("second@oak.example"), await test.browser(.treasurer))
            let mails = try await test.mails { _ = try await Self.agree(test, first, second) }
            #expect(mails == ["recovery-asked owner@oak.example"])
            #expect(test.mails.value.last?.values["days"] == "7" && test.mails.value.last?.values["candidate"] == "The treasurer")
            #expect(await test.browser(.owner).get("/manage/oak/people")?.body.contains("A new owner has been asked for") == true)
            #expect(try await test.mails { try await test.work() } == [])
            test.accounts.pass(seconds: 7 * PeopleServer.day - 1)
            try await test.work()
            #expect(await treasurer.get(Self.path)?.status == 403)
            test.accounts.pass(seconds: 1)
            let done = try await test.mails { for _ in 0..<3 { try await test.work() } }
            #expect(done == ["recovery-done owner@oak.example", "recovery-done treasurer@oak.example"])
            #expect(await treasurer.get("/manage/oak/people/invite")?.status == 200)
            // The old owner is one still: the new one decides.
            #expect(try await test.roster().inForce(.owner, at: test.now).count == 2)
            #expect(try await test.audit() == ["recovery.asked", "recovery.approved", "recovery.owner_restored"])
        }
    }

    @Test("one no of an owner ends it, also while editing rests")
    func refused() async throws {
        try await withPeople { test in
            try await test.add("second@oak.example", .officer)
            try await test.platform.database.write { try $0.execute("UPDATE organization SET subscription_status = 'frozen'") }
            let (first, second, owner) = (await test.browser(.officer), await test.browser("second@oak.example"), await test.browser(.owner))
            let id = try await Self.agree(test, first, second)
            test.pass(days: 6)
            #expect(await second.post(Self.path + "/refuse", [("recovery", id)])?.status == 403)
            #expect(await owner.post(Self.path + "/refuse", [("recovery", id)])?.status == 303)
            #expect(await owner.post(Self.path + "/refuse", [("recovery", id)])?.status == 404)
            test.pass(days: 30)
            try await test.work()
            #expect(try await test.roster().inForce(.owner, at: test.now).count == 1)
            #expect(try await test.audit() == ["recovery.asked", "recovery.approved", "recovery.refused"])
            // It can be asked anew.
            _ = try await Self.agree(test, await test.browser(.officer), await test.browser("second@oak.example"))
        }
    }

    @Test("one officer alone gets nowhere")
    func alone() async throws {
        try await withPeople { test in
            let officer = await test.browser(.officer)
            #expect(await officer.post(Self.path, [("candidate", "\(try test.user(.officer))")])?.status == 303)
            let id = try await Self.open(officer)
            #expect(await officer.post(Self.path + "/approve", [("recovery", id)])?.status == 403)
            // For whom nobody has asked.
            for candidate in [try test.user(.editor), try test.user(.owner), test.platform.newID()] {
                #expect(await officer.post(Self.path, [("candidate", "\(candidate)")])?.status == 422)
            }
            test.pass(days: 14)
            try await test.work()
            try await test.add("second@oak.example", .officer)
            let second = await test.browser("second@oak.example")
            #expect(await second.post(Self.path + "/approve", [("recovery", id)])?.status == 404)
            #expect(try await test.roster().inForce(.owner, at: test.now).count == 1)
        }
    }

    @Test(
        "whose seat is taken away meanwhile takes the agreement along",
        arguments: ["officer@oak.example", "second@oak.example", "treasurer@oak.example"])
    func seatGone(email: String) async throws {
        try await withPeople { test in
            try await test.add("second@oak.example", .officer)
            let owner = await test.browser(.owner)
            _ = try await Self.agree(test, await test.browser(.officer), await test.browser("second@oak.example"))
            let seat = try await test.seat(email, email == PeopleServer.email(.treasurer) ? .treasurer : .officer).id
            #expect(await owner.post("/manage/oak/people/\(seat)/end")?.status == 303)
            test.pass(days: 10)
            try await test.work()
            #expect(try await test.roster().inForce(.owner, at: test.now).count == 1)
        }
    }

    @Test("with no owner at all there is nobody to wait for")
    func noOwner() async throws {
        try await withPeople { test in
            try await test.add("second@oak.example", .officer)
            try await test.platform.database.write { try $0.execute("DELETE FROM membership WHERE role = 'owner'") }
            _ = try await Self.agree(test, await test.browser(.officer), await test.browser("second@oak.example"))
            try await test.work()
            #expect(try await test.roster().inForce(.owner, at: test.now).map(\.user) == [test.users[.treasurer]])
        }
    }

    @Test("if the owners can't be written to, the week does not begin")
    func mailsFull() async throws {
        try await withPeople { test in
            try await test.add("second@oak.example", .officer)
            let (first, second) = (await test.browser(.officer), await test.browser("second@oak.example"))
            #expect(await first.post(Self.path, [("candidate", "\(try test.user(.treasurer))")])?.status == 303)
            let id = try await Self.open(second)
            test.outcome.change { $0 = .capped }
            #expect(await second.post(Self.path + "/approve", [("recovery", id)])?.status == 429)
            test.pass(days: 10)
            try await test.work()
            #expect(try await test.roster().inForce(.owner, at: test.now).count == 1)
            test.outcome.change { $0 = .queued }
            #expect(await second.post(Self.path + "/approve", [("recovery", id)])?.status == 303)
        }
    }

    @Test("two officers who agree at once agree once", arguments: 0..<4)
    func race(round: Int) async throws {
        try await withPeople { test in
            for name in ["second", "third"] { try await test.add("\(name)@oak.example", .officer) }
            let (first, second, third) = (
                await test.browser(.officer), await test.browser("second@oak.example"), await test.browser("third@oak.example")
            )
            #expect(await first.post(Self.path, [("candidate", "\(try test.user(.treasurer))")])?.status == 303)
            let id = try await Self.open(second)
            async let one = second.post(Self.path + "/approve", [("recovery", id)])
            async let two = third.post(Self.path + "/approve", [("recovery", id)])
            #expect(await [one?.status, two?.status].compactMap { $0 }.sorted() == [303, 403])
            #expect(try await test.audit() == ["recovery.asked", "recovery.approved"])
        }
    }
}
