import Database
import HTTPTypes
import Hummingbird
import SiteBuilder
import StaticSites
import Templating
import Tenancy

/// One organization in the console: what is known of it, and what can be done with it.
struct OrganizationConsole: Sendable {
    let web: Web
    let platform: Platform
    let actions: OperatorActions
    let sizes: FolderSizes

    static func path(_ slug: Slug) -> LocalPath { ("/operator/organizations" as LocalPath).appending(slug.text) }

    var routes: [Route] {
        let path = "/operator/organizations/{slug}"
        return [
            Route(.get, "/operator/organizations/{slug}", surface: .app, permission: .operator) { _, context in
                try await page(try await organization(context), nil, context)
            }
        ]
            + Action.all.map { action in
                Route(.post, RouterPath("\(path)/\(action.name)"), surface: .app, permission: .operator) { request, context in
                    try await run(action, request, context)
                }
            } + [Route(.post, RouterPath("\(path)/leave"), surface: .app, permission: .operator, handler: leave)]
    }

    private func organization(_ context: AppContext) async throws -> Organization {
        guard let slug = context.parameters.get("slug").flatMap({ try? Slug($0) }),
            let organization = try await platform.organizations.organization(slug: slug)
        else { throw HTTPError(.notFound) }
        return organization
    }

    // MARK: What can be done

    /// One form of the page.
    private struct Action: Sendable {
        /// The last part of its address.
        let name: String
        /// Where it is offered.
        let statuses: Set<SubscriptionStatus>
        let fields: [FormField]
        let submit: Words
        /// The field that must say the organization's short name, if it is dangerous.
        var confirmation: String?
        /// Does it; what is wrong with the answers is told by the entry.
        let perform: @Sendable (OrganizationConsole, Organization, inout FormEntry, SignedInUser) async throws -> Void

        var form: Form {
            let confirmation = confirmation.map { FormField($0, label: "operator.slug", hint: "operator.slug_hint", autocomplete: "off") }
            return Form(name, submit: submit, fields + [confirmation].compactMap { $0 })
        }

        static let open: Set<SubscriptionStatus> = [.trialing, .active, .frozen]
        static let every = Set(SubscriptionStatus.allCases)

        static let all = [
            Action(
                name: "extend", statuses: [.trialing, .frozen],
                fields: [FormField("last_day", .line(type: "date"), label: "operator.last_day", hint: "operator.last_day_hint", isShort: true)],
                submit: "operator.extend"
            ) { console, organization, entry, user in
                guard let day = try? WrittenDate(parsing: entry["last_day"]), !day.hasTime else {
                    return entry.reject("last_day", "operator.last_day_wrong")
                }
                let zone = try await console.platform.database.read { try OrganizationStore.timeZone(of: organization.id, in: $0) }
                let end = zone.instant(of: CivilDateTime(date: day.dateTime.date.adding(days: 1)))
                do {
                    try await console.actions.extend(organization.slug, until: end, by: .operator(user.id))
                } catch OperatorActions.Refusal.endIsPast {
                    entry.reject("last_day", "operator.last_day_past")
                }
            },
            Action(name: "suspend", statuses: open, fields: [], submit: "operator.suspend", confirmation: "suspend_slug") {
                console, organization, _, user in
                try await console.actions.suspend(organization.slug, by: .operator(user.id))
            },
            Action(name: "resume", statuses: [.suspended], fields: [], submit: "operator.resume") { console, organization, _, user in
                try await console.actions.resume(organization.slug, by: .operator(user.id))
            },
            Action(
                name: "close", statuses: open.union([.suspended]), fields: [], submit: "operator.close", confirmation: "close_slug"
            ) { console, organization, _, user in
                try await console.actions.close(organization.slug, by: .operator(user.id))
            },
            Action(name: "reopen", statuses: [.closed], fields: [], submit: "operator.reopen") { console, organization, _, user in
                try await console.actions.reopen(organization.slug, by: .operator(user.id))
            },
            Action(
                name: "restore-owner", statuses: every,
                fields: [FormField.email("owner_email", label: "field.email", hint: "operator.owner_hint")], submit: "operator.restore_owner",
                confirmation: "owner_slug"
            ) { console, organization, entry, user in
                guard let email = try? EmailAddress(entry["owner_email"]) else { return entry.reject("owner_email", "field.email_wrong") }
                do {
                    try await console.actions.restoreOwner(organization.slug, email, by: .operator(user.id))
                } catch OperatorActions.Refusal.isOwner {
                    entry.reject("owner_email", "operator.is_owner")
                }
            },
            Action(name: "rebuild", statuses: every.subtracting([.closed]), fields: [], submit: "operator.rebuild") { console, organization, _, _ in
                let kind = organization.readyAt == nil ? OrganizationJobs.provision : ContentEditor.publish
                try await console.platform.database.write { connection in
                    try console.platform.jobs.enqueue(
                        NewJob(kind: kind, payload: NoPayload(), organization: organization.id, key: kind), in: connection)
                }
            },
            Action(
                name: "enter", statuses: every,
                fields: [FormField("reason", label: "operator.reason", hint: "operator.reason_hint", autocomplete: "off")], submit: "operator.enter"
            ) { console, organization, entry, user in
                let (reason, id, now) = (entry["reason"], console.platform.newID(), console.platform.now())
                guard !reason.contains("@") else { return entry.reject("reason", "operator.reason_wrong") }
                let hasEntered = try await console.platform.database.write { connection in
                    try SupportEntry.enter(id, organization.id, by: user.id, reason: reason, at: now, connection)
                }
                if !hasEntered { entry.reject(nil, "operator.no_consent") }
            },
        ]
    }

    private func run(_ action: Action, _ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try await organization(context)
        let user = try context.user()
        var entry = action.form.entry(try await FormData.read(request))
        if let field = action.confirmation, entry.isAccepted, entry[field] != organization.slug.text {
            entry.reject(field, "operator.slug_wrong")
        }
        if entry.isAccepted {
            do {
                try await action.perform(self, organization, &entry, user)
            } catch is OperatorActions.Refusal {
                entry.reject(nil, "operator.refused")
            }
        }
        // Where it stands now: somebody else may have been quicker.
        guard entry.isAccepted else { return try await page(try await self.organization(context), (action, entry), context) }
        return .redirect(
            to: action.name == "enter" ? DashboardRoutes.path(organization.slug) : Self.path(organization.slug).with("done", action.name))
    }

    @Sendable private func leave(_ request: Request, _ context: AppContext) async throws -> Response {
        let organization = try await organization(context)
        let user = try context.user()
        let now = platform.now()
        try await platform.database.write { try SupportEntry.leave(organization.id, user.id, at: now, $0) }
        return .redirect(to: Self.path(organization.slug))
    }

    // MARK: The page

    /// What is read of an organization in one moment.
    private struct Facts: Sendable {
        let zone: TimeZoneRules
        let publications: [Publication]
        let consent: SupportConsent?
        let words: AuditWords
    }

    private func page(_ organization: Organization, _ rejected: (action: Action, entry: FormEntry)?, _ context: AppContext) async throws -> Response {
        let strings = web.pages.strings[context.language]
        let entries = try await platform.auditLog(of: organization.id).entries(limit: 20)
        let now = platform.now()
        let facts = try await platform.database.read { connection in
            Facts(
                zone: try OrganizationStore.timeZone(of: organization.id, in: connection),
                publications: try Publication.all(of: organization.id, limit: 10, connection),
                consent: try SupportConsent.current(of: organization.id, at: now, connection),
                words: try AuditWords(entries, of: organization.id, strings, connection))
        }
        var forms = TemplateObject()
        var rejectedForm: FormView?
        for action in Action.all where action.statuses.contains(organization.status) || rejected?.action.name == action.name {
            let form = FormView(
                action.form, rejected?.action.name == action.name ? rejected?.entry ?? action.form.entry() : action.form.entry(),
                action: Self.path(organization.slug).appending(action.name))
            if rejected?.action.name == action.name { rejectedForm = form }
            forms[TemplateName(action.name.replacing("-", with: "_"))] = ["form": form.value(strings)]
        }
        if facts.consent == nil, rejected?.action.name != "enter" { forms["enter"] = TemplateValue.none }
        func when(_ moment: Instant) -> TemplateValue { .text(AuditWords.when(moment, in: facts.zone, strings.language)) }
        var values: TemplateObject = [
            "is_done": .bool(context.visit.encodedQuery?.hasPrefix("done=") == true), "forms": .object(forms),
            "site": .text("\(platform.addresses.site(organization.slug))/"), "status": .text(organization.status.words.text(strings)),
            "zone": .text(facts.zone.identifier), "facts": .list(try await rows(organization, strings, when)),
            "seats": .list(
                try await actions.members(of: organization.id).map { seat in
                    [
                        "email": .text(seat.email), "role": .text(seat.role.rawValue), "title": .text(seat.title),
                        "until": seat.endsAt.map(when) ?? .none,
                    ]
                }),
            "publications": .list(
                facts.publications.map { publication in
                    [
                        "words": .text(publication.words(strings)), "commit": .text(String(publication.commit.prefix(10))),
                        "problem": .optional(publication.problem),
                    ]
                }),
            "entries": .list(entries.map { facts.words.value($0, in: facts.zone) }),
            "consent": .none,
        ]
        var jobs: [TemplateValue] = []
        for state in JobStore.states {
            jobs += try await platform.jobStore.list(state: state, organization: organization.id, limit: 20).map { $0.value(strings) }
        }
        values["jobs"] = .list(jobs)
        if let consent = facts.consent {
            let words = consent.scope == .edit ? "operator.consent_edit" : "operator.consent_look"
            values["consent"] = .text(strings(words, ["end": AuditWords.when(consent.endsAt, in: facts.zone, strings.language)]))
        }
        return web.pages.response(
            Page(
                "operator-organization", title: .verbatim(organization.name), status: rejected == nil ? .ok : .unprocessableContent,
                form: rejectedForm, values: values, isWide: true), context)
    }

    private func rows(
        _ organization: Organization, _ strings: UIStrings, _ when: (Instant) -> TemplateValue
    ) async throws -> [TemplateValue] {
        let folders = organization.folders(platform)
        let (data, site) = (await sizes.size(of: folders.data), await sizes.size(of: folders.site))
        let rows: [(Words, TemplateValue)] = [
            ("operator.short_name", .text(organization.slug.text)), ("operator.id", .text("\(organization.id)")),
            ("operator.plan", .text(organization.plan)), ("operator.created", when(organization.createdAt)),
            ("operator.ready", organization.readyAt.map(when) ?? .text(strings("operator.not_ready"))),
            ("operator.trial_end", organization.trialEndsAt.map(when) ?? .none),
            ("operator.suspended_at", organization.suspendedAt.map(when) ?? .none),
            ("operator.closed_at", organization.closedAt.map(when) ?? .none),
            ("operator.release", .optional(SiteList.liveRelease(organization.slug.text, in: platform.settings.output))),
            ("operator.on_disk", .text(strings("operator.size", ["data": data.text, "site": site.text]))),
        ]
        return rows.filter { $0.1 != .none }.map { ["label": .text($0.0.text(strings)), "value": $0.1] }
    }
}

extension JobStore.ListedJob {
    func value(_ strings: UIStrings) -> TemplateValue {
        [
            "job": .text("\(id)"), "kind": .text(kind), "state": .text(stateWords.text(strings)), "is_dead": .bool(state == "dead"),
            "run_at": .text(AuditWords.when(runAt, in: .utc, strings.language)), "problem": .optional(problem),
            "attempts": .text(strings.plural("operator.attempts", attempts)), "owner": .none,
        ]
    }

    private var stateWords: Words {
        switch state {
        case "waiting": "operator.job_waiting"
        case "running": "operator.job_running"
        default: "operator.job_dead"
        }
    }
}
