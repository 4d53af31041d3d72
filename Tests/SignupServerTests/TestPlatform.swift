import Database
import Foundation
import SiteBuilder
import Tenancy

@testable import SignupServer

/// A platform in a temporary folder that goes with the value, with a clock of its own and no server around it.
final class TestPlatform: Sendable {
    let root: String
    let settings: ServerSettings
    let platform: Platform
    let publisher: SitePublisher
    let provisioner: Provisioner
    let log = LogRecorder()
    let clock: Shared<Instant>

    static let start = Instant(seconds: 1_767_225_600)

    /// - Parameter root: of another value, to go on with what it has left behind; it removes the folder.
    init(root: String? = nil, _ flags: [String] = []) throws {
        let folder = root ?? FileManager.default.temporaryDirectory.appending(path: "marquee-platform-\(UUID())").path(percentEncoded: false)
        self.root = root == nil ? folder : ""
        for name in ["content", "output"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        if root == nil { try FileManager.default.copyItem(atPath: repository + "Content/_starter", toPath: "\(folder)/content/_starter") }
        settings = try ServerSettings.read(
            SettingsSources(
                arguments: [
                    "--content", folder + "/content", "--templates", repository + "Templates", "--output", folder + "/output", "--data",
                    folder + "/data",
                ] + flags, environment: [:], file: nil))
        let clock = Shared(Self.start)
        self.clock = clock
        let addresses = PlatformAddresses(settings)
        platform = try Platform(settings, now: { clock.value }, addresses: addresses)
        let logger = log.logger()
        publisher = SitePublisher(
            settings: settings, sources: SiteSources(content: settings.content, platform: platform),
            metrics: ServerMetrics(MetricsRecorder(help: ServerMetrics.help)), logger: logger, now: { clock.value }, address: { addresses.sites })
        provisioner = Provisioner(
            platform: platform, publisher: publisher, logger: logger)
    }

    deinit {
        if !root.isEmpty { try? FileManager.default.removeItem(atPath: root) }
    }

    /// An organization as a confirmed sign-up leaves it: not ready yet.
    func addOrganization(_ slug: String, name: String = "Maple Street PTA") async throws -> OrganizationID {
        let id = OrganizationID(platform.newID())
        let facts = OrganizationFacts(school: "Maple Street School", state: "OR", kind: "PTA", timeZone: "America/Los_Angeles")
        let json = String(decoding: try JSONEncoder().encode(facts), as: UTF8.self)
        let now = clock.value
        let slug = try Slug(slug)
        try await platform.database.write {
            try OrganizationStore.add(id, name: name, slug: slug, settings: json, trialEndsAt: now.adding(seconds: 30 * 86_400), at: now, in: $0)
        }
        return id
    }

    func page(_ slug: String, _ path: String = "index.html") -> String? {
        try? String(contentsOfFile: "\(settings.output)/\(slug)/\(path)", encoding: .utf8)
    }
}
