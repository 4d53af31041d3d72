import Hummingbird
import Mail
import SiteBuilder
import Templating
import Tenancy

/// How an organization stands with the platform: its trial, what comes after it, and how to go on. For every member.
struct PlanRoutes: Sendable {
    let web: Web
    let platform: Platform

    static func path(_ slug: Slug) -> LocalPath { DashboardRoutes.path(slug).appending("plan") }

    var routes: [Route] {
        [Route(.get, "/manage/{slug}/plan", surface: .app, permission: .member(Permission.all), handler: show)]
    }

    @Sendable private func show(_ request: Request, _ context: AppContext) async throws -> Response {
        let access = try context.organization()
        guard let organization = try await platform.organizations.organization(access.id) else { throw HTTPError(.notFound) }
        let strings = web.pages.strings[context.language]
        let date = DateText.text(for: context.language).date
        let zone = await platform.timeZone(of: organization.id)
        var facts = [fact("plan.status", status(organization.status).text(strings), strings)]
        if let end = organization.trialEndsAt, [.trialing, .frozen].contains(organization.status) {
            facts.append(fact(organization.status == .trialing ? "plan.until" : "plan.ended", date.text(zone.lastDay(before: end)), strings))
        }
        if let closed = organization.closedAt {
            facts.append(fact("plan.closed", date.text(zone.local(closed).date), strings))
            facts.append(fact("plan.deleted", date.text(zone.local(OrganizationDeletion.moment(closedAt: closed)).date), strings))
        }
        var page = Page(
            "plan", title: "plan.title", words: ["next": next(organization.status)],
            values: [
                "facts": .list(facts), "mail": mail(organization),
                "export": access.roles.isDisjoint(with: ExportRoutes.roles) ? .none : .text(ExportRoutes.path(organization.slug).text),
            ])
        page.showsStanding = false
        return web.pages.response(page, context)
    }

    private func fact(_ name: String, _ value: String, _ strings: UIStrings) -> TemplateValue {
        ["name": .text(strings(name)), "value": .text(value)]
    }

    private func status(_ status: SubscriptionStatus) -> Words {
        switch status {
        case .trialing: "plan.trialing"
        case .active: "plan.active"
        case .frozen: "plan.frozen"
        case .suspended: "plan.suspended"
        case .closed: "plan.is_closed"
        }
    }

    private func next(_ status: SubscriptionStatus) -> Words {
        switch status {
        case .trialing: "plan.next_trialing"
        case .active: "plan.next_active"
        case .frozen: "plan.next_frozen"
        case .suspended: "plan.next_suspended"
        case .closed: .string("plan.next_closed", ["days": String(OrganizationLife.daysUntilDeletion)])
        }
    }

    /// Who runs the platform, as a mail with the organization's short name in its subject. None where no address is set.
    private func mail(_ organization: Organization) -> TemplateValue {
        let address = platform.settings.mail.from.address
        guard address != Mailbox.local.address else { return .none }
        return [
            "address": .text(address.text),
            "link": .text("mailto:\(PercentEncoding.component(address.text))?subject=\(PercentEncoding.component("\(organization.slug)"))"),
        ]
    }
}

extension TimeZoneRules {
    /// The day on which something ends that ends at a moment, mostly at midnight.
    func lastDay(before end: Instant) -> CivilDate { local(end.adding(seconds: -1)).date }
}
