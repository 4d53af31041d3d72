extension Palette {
    /// The custom properties for the top of the style sheet, minified: light, then dark on screens, then what differs on paper.
    /// Paper is always light, also for a person who prints from a dark screen.
    package func css() -> String {
        let light = Self.declarations(of: light, roles: Role.allCases)
        let dark = Self.declarations(of: dark, roles: Role.allCases.filter { self.dark[$0] != self.light[$0] })
        let paper = Self.declarations(of: print, roles: Role.allCases.filter { print[$0] != self.light[$0] })
        return ":root{color-scheme:light dark;\(light)}"
            + "@media screen and (prefers-color-scheme:dark){:root{\(dark)}}"
            + "@media print{:root{color-scheme:light;\(paper)}}"
    }

    private static func declarations(of scheme: Scheme, roles: [Role]) -> String {
        roles.map { "--\($0.rawValue):\(scheme[$0].shortHex)" }.joined(separator: ";")
    }
}
