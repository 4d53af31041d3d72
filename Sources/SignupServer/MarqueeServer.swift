import CoreMetrics
import Database
import HTTPServing
import Logging
import Markdown
import ServiceLifecycle
import SiteBuilder
import StaticSites
import Synchronization
import Tenancy
import UnixSignals

/// The server put together: what it is made of, and how the parts know of each other. It runs as services until it is told to stop.
struct MarqueeServer: Sendable {
    let platform: Platform
    let web: Web
    let publisher: SitePublisher
    let jobs: JobQueue
    let mail: MailQueue
    let editor: ContentEditor
    let routes: RouteTable
    let recorder: MetricsRecorder
    let connections: ConnectionRegistry
    private let services: [(name: String, service: any Service)]
    private let logger: Logger

    /// What a test or a command may want other than usual.
    struct Dependencies: Sendable {
        var now: @Sendable () -> Instant
        /// Threads for building sites.
        var jobs: Int
        var random = SecureRandom.system
        /// More routes of the app host.
        var routes: [Route] = []
        /// Instead of putting the mail to sign in into the queue.
        var signInMail: SignInMail?
        /// Instead of putting mails about second factors into the queue.
        var secondFactorMail: SecondFactorMail?
        /// Instead of putting the mail to confirm a sign-up into the queue.
        var signUpMail: SignUpMail?
        /// Instead of putting the mails about seats into the queue.
        var peopleMail: PeopleMail?
        /// For more kinds of jobs.
        var jobHandlers: [JobHandler] = []
        /// Told the port.
        var onListening: @Sendable (Int) -> Void = { _ in }
        /// Told when the first build is over.
        var onFirstBuild: @Sendable ([TenantReport]) -> Void = { _ in }
    }

    /// Opens the databases, reads the server's key and the templates of its pages. Throws what is wrong with them, for the operator.
    init(_ settings: ServerSettings, _ dependencies: Dependencies, recorder: MetricsRecorder, logger: Logger) throws {
        let addresses = PlatformAddresses(settings)
        let platform = try Platform(settings, now: dependencies.now, random: dependencies.random, addresses: addresses)
        let web = try Web(platform)
        let listening = Signal()
        let metrics = ServerMetrics(recorder)
        let readiness = Readiness(output: settings.output)
        let connections = ConnectionRegistry(maximum: settings.limits.connections)
        let sites = StaticResponder(configuration: Self.sites(settings, addresses))

        let publisher = SitePublisher(
            settings: settings, sources: SiteSources(content: settings.content, platform: platform), metrics: metrics, logger: logger,
            now: dependencies.now,
            address: {
                await listening.wait()
                return addresses.sites
            })
        let provisioner = Provisioner(platform: platform, publisher: publisher, logger: logger)
        let editor = ContentEditor(platform: platform, publisher: publisher, logger: logger)
        let operations = OperationsRoutes(
            readiness: readiness, recorder: recorder, connections: connections, output: settings.output, metricsToken: settings.metricsToken,
            startTime: dependencies.now().seconds)
        let jobs = platform.jobs
        let mail = try MailQueue(platform, queue: jobs, key: web.key, metrics: metrics)
        let signInMail = dependencies.signInMail ?? { try mail.enqueue($0.draft(at: platform.now()), in: $1) }
        let organizationJobs = OrganizationJobs(
            platform: platform, provisioner: provisioner, mail: { _ = try mail.enqueue($0, in: $1) })
        let signUpMail = dependencies.signUpMail ?? { try mail.enqueue($0.draft(at: platform.now()), in: $1) }
        let secondFactor = SecondFactor(
            platform, key: web.key, mail: dependencies.secondFactorMail ?? { _ = try mail.enqueue($0.draft, in: $1) })
        let passkeys = Passkeys(platform, key: web.key, factor: secondFactor)
        let accounts =
            SignInRoutes(web: web, signIn: SignIn(platform, key: web.key, mail: signInMail), platform: platform).routes
            + AccountRoutes(web: web, platform: platform).routes
            + SecondFactorSignInRoutes(web: web, platform: platform, factor: secondFactor, passkeys: passkeys).routes
            + SecondFactorRoutes(web: web, platform: platform, factor: secondFactor, passkeys: passkeys).routes
            + OrganizationSecurityRoutes(web: web, platform: platform).routes
        let signUp = SignUpRoutes(
            web: web, platform: platform, signUp: SignUp(platform, mail: signUpMail), organizationJobs: organizationJobs, metrics: metrics,
            logger: logger)
        let setup = SetupStore(platform: platform, publisher: publisher, openInvitations: { try Invitations.countOpen(of: $0, at: $1, $2) })
        let export = OrganizationExport(platform: platform)
        export.removeLeftovers()
        let people = People(web: web, platform: platform, mail: dependencies.peopleMail ?? { try mail.enqueue($0, in: $1) })
        let console = OperatorConsole(
            web: web, platform: platform, recorder: recorder, mail: { _ = try mail.enqueue($0, in: $1) })
        let doctor = DoctorJob(platform: platform, logger: logger)
        let features: [[Route]] = [
            operations.routes,
            HomeRoutes(settings: settings, output: settings.output, addresses: addresses, pages: web.pages).routes,
            SiteRoutes(sites: sites).routes,
            web.pages.assets.routes,
            accounts,
            signUp.routes,
            OrganizationsRoutes(web: web, platform: platform).routes,
            DashboardRoutes(web: web, platform: platform, setup: setup).routes,
            SetupRoutes(web: web, platform: platform, editor: editor, store: setup).routes,
            PreviewRoutes(web: web, platform: platform, publisher: publisher).routes,
            people.routes,
            SiteSettingsRoutes(web: web, platform: platform, editor: editor).routes,
            HistoryRoutes(web: web, platform: platform, editor: editor).routes,
            ProgramRoutes(web: web, platform: platform).routes,
            APIRoutes(platform: platform, editor: editor, key: web.key).routes,
            MoreRoutes(web: web).routes,
            PlanRoutes(web: web, platform: platform).routes,
            ExportRoutes(web: web, platform: platform, export: export).routes,
            AuditRoutes(web: web, platform: platform, tokenNames: APIToken.names).routes,
            SupportRoutes(web: web, platform: platform).routes,
            console.routes,
            OutboxRoutes(settings)?.routes ?? [],
            dependencies.routes,
        ]
        let routes = RouteTable(
            features.flatMap(\.self),
            appHost: settings.appHost, scheme: settings.publicScheme,
            authorize: Authorization(platform: platform, web: web, programs: ProgramGate(platform)).access)
        let frontDoor = FrontDoor(
            sites: sites, app: AppHost(routes: routes, sites: sites, web: web, trustedProxies: settings.trustedProxies, logger: logger),
            metrics: metrics, requestIDs: RequestIDs(start: dependencies.random.next()), logger: logger)

        let builds = SiteBuildService(
            publisher: publisher, readiness: readiness, logger: logger, threads: dependencies.jobs, onFirstBuild: dependencies.onFirstBuild)
        let jobService = JobService(
            database: platform.database, queue: jobs,
            handlers: [mail.handler, editor.handler, people.jobHandler, doctor.handler] + organizationJobs.handlers + dependencies.jobHandlers,
            now: dependencies.now,
            random: dependencies.random, metrics: metrics, logger: logger, patience: .seconds(settings.shutdownGrace))
        let http = HTTPService(frontDoor: frontDoor, settings: settings, connections: connections, readiness: readiness, logger: logger) { number in
            addresses.isListening(on: number)
            listening.give()
            dependencies.onListening(number)
        }
        self.platform = platform
        self.web = web
        self.publisher = publisher
        self.jobs = jobs
        self.mail = mail
        self.editor = editor
        self.routes = routes
        self.recorder = recorder
        self.connections = connections
        self.logger = logger
        // The last is stopped first.
        services = [
            ("databases", PlatformService(platform: platform)), ("jobs", jobService),
            ("doctor", DoctorService(platform: platform, logger: logger)), ("builds", builds), ("http", http),
        ]
    }

    /// Runs until it is told to stop, and everything accepted is finished. Throws `ListenError`.
    func run(stopOn signals: [UnixSignal] = []) async throws {
        try await group(stopOn: signals).run()
    }

    func group(stopOn signals: [UnixSignal] = []) -> ServiceGroup {
        // Without names, the group writes every property of a service into the log.
        let services = services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0.service, serviceName: $0.name) }
        return ServiceGroup(
            configuration: ServiceGroupConfiguration(services: services, gracefulShutdownSignals: signals, logger: logger))
    }

    private static func sites(_ settings: ServerSettings, _ addresses: PlatformAddresses) -> StaticSitesConfiguration {
        var configuration = StaticSitesConfiguration(output: settings.output, sitesDomain: settings.sitesDomain)
        // This machine's own names are for its own probes; the route table lets them reach nothing else.
        configuration.appHosts = Hostname.loopback.union([settings.appHost])
        configuration.canonicalOrigin = { addresses.site($0) }
        if let security = try? SecurityHeaders(frameSources: EmbedHosts.frameHosts.map { "https://\($0)" }, formTargets: []) {
            configuration.security = security
        }
        return configuration
    }
}

/// Given once; all who wait for it go on, before or after.
private final class Signal: Sendable {
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]?>([])

    func give() {
        let all = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        for continuation in all ?? [] { continuation.resume() }
    }

    /// One who is cancelled ends it for all: the program is ending.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isGiven = waiting.withLock { waiting in
                    waiting?.append(continuation)
                    return waiting == nil
                }
                if isGiven { continuation.resume() }
            }
        } onCancel: {
            give()
        }
    }
}
