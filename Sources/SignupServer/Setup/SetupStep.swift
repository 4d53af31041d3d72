/// The steps of the set-up, in their order. Each can be done again, and left out.
enum SetupStep: String, Sendable, Hashable, CaseIterable {
    case name, colors, time, officers, meetings, home, invite

    var title: Words {
        switch self {
        case .name: "setup.name_title"
        case .colors: "setup.colors_title"
        case .time: "setup.time_title"
        case .officers: "setup.officers_title"
        case .meetings: "setup.meetings_title"
        case .home: "setup.home_title"
        case .invite: "setup.invite_title"
        }
    }

    var lead: Words {
        switch self {
        case .name: "setup.name_lead"
        case .colors: "setup.colors_lead"
        case .time: "setup.time_lead"
        case .officers: "setup.officers_lead"
        case .meetings: "setup.meetings_lead"
        case .home: "setup.home_lead"
        case .invite: "setup.invite_lead"
        }
    }

    /// From 1.
    var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
    var next: SetupStep? { Self.allCases.dropFirst(number).first }
    var previous: SetupStep? { Self.allCases.prefix(number - 1).last }
}
