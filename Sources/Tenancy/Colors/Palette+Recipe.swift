extension Palette {
    /// How one scheme is made from the colours of a school: the numbers that differ between light and dark, and the steps, which do not.
    struct Recipe {
        /// A lightness and the most chroma that goes with it; the hue comes from the school.
        struct Tone {
            let lightness: Double
            let chroma: Double
        }

        let background: Tone
        let surface: Tone
        let sunken: Tone
        let line: Tone
        let edge: Tone
        let text: Tone
        let muted: Tone
        let link: Tone
        let soft: Tone
        let onSoft: Tone
        let notice: Tone
        /// The direction in which text gets more readable, as a lightness: 0 on light grounds, 1 on dark ones.
        let readableEnd: Double
        /// The contrast a solid fill needs against the page to be seen as a button.
        let leastVisible: Double
        /// The header takes a colour of the school as it is up to this lightness.
        let lightestHeader: Double

        static let light = Recipe(
            background: Tone(lightness: 0.988, chroma: 0.005),
            surface: Tone(lightness: 1, chroma: 0),
            sunken: Tone(lightness: 0.962, chroma: 0.012),
            line: Tone(lightness: 0.9, chroma: 0.018),
            edge: Tone(lightness: 0.6, chroma: 0.03),
            text: Tone(lightness: 0.23, chroma: 0.025),
            muted: Tone(lightness: 0.45, chroma: 0.03),
            link: Tone(lightness: 0.62, chroma: 0.4),
            soft: Tone(lightness: 0.945, chroma: 0.045),
            onSoft: Tone(lightness: 0.36, chroma: 0.12),
            notice: Tone(lightness: 0.945, chroma: 0.045),
            readableEnd: 0,
            leastVisible: 1.2,
            lightestHeader: 1)

        static let dark = Recipe(
            background: Tone(lightness: 0.18, chroma: 0.012),
            surface: Tone(lightness: 0.225, chroma: 0.015),
            sunken: Tone(lightness: 0.15, chroma: 0.01),
            line: Tone(lightness: 0.33, chroma: 0.02),
            edge: Tone(lightness: 0.55, chroma: 0.025),
            text: Tone(lightness: 0.94, chroma: 0.01),
            muted: Tone(lightness: 0.76, chroma: 0.022),
            link: Tone(lightness: 0.78, chroma: 0.14),
            soft: Tone(lightness: 0.28, chroma: 0.04),
            onSoft: Tone(lightness: 0.91, chroma: 0.05),
            notice: Tone(lightness: 0.28, chroma: 0.05),
            readableEnd: 1,
            leastVisible: 1.5,
            lightestHeader: 0.4)

        func scheme(of source: SchoolColors) -> Scheme {
            let lead = OKLCH(source.leading)
            let follow = OKLCH(source.following)
            var scheme = Scheme()

            scheme[.background] = tint(background, of: lead)
            scheme[.surface] = tint(surface, of: lead)
            scheme[.sunken] = tint(sunken, of: lead)
            scheme[.line] = tint(line, of: lead)
            scheme[.primarySoft] = tint(soft, of: lead)
            scheme[.accentSoft] = tint(soft, of: follow)

            let grounds = Palette.grounds.map { scheme[$0] }
            scheme[.text] = readable(OKLCH(tint(text, of: lead)), on: grounds)
            scheme[.muted] = readable(OKLCH(tint(muted, of: lead)), on: grounds)
            scheme[.edge] = readable(OKLCH(tint(edge, of: lead)), on: grounds, ratio: Palette.controlRatio)
            scheme[.link] = linkColor(source.leading, on: grounds)
            scheme[.focus] = scheme[.link]
            scheme[.onPrimarySoft] = readable(OKLCH(tint(onSoft, of: lead)), on: [scheme[.primarySoft]])
            scheme[.onAccentSoft] = readable(OKLCH(tint(onSoft, of: follow)), on: [scheme[.accentSoft]])

            let page = [scheme[.background], scheme[.surface], scheme[.sunken]]
            let primary = fill(source.primary, insteadOfGrey: source.leading, on: page)
            scheme[.primary] = primary.color
            scheme[.onPrimary] = primary.label
            scheme[.primaryStrong] = deeper(primary, on: page)
            let accent = accentFill(source, on: page)
            scheme[.accent] = accent.color
            scheme[.onAccent] = accent.label
            let header = headerFill(source.primary)
            scheme[.header] = header.color
            scheme[.onHeader] = header.label

            addNotices(to: &scheme)
            return scheme
        }

        /// The tone in a hue, weaker for colours that are weak themselves and grey for greys.
        private func tint(_ tone: Tone, of color: OKLCH) -> Color {
            let strength = min(color.chroma / 0.1, 1)
            return OKLCH(lightness: tone.lightness, chroma: tone.chroma * strength, hue: color.hue).color
        }

        // MARK: Text

        /// The colour itself where it can be read on all grounds, else the nearest lightness at which it can.
        private func readable(_ color: OKLCH, on grounds: [Color], ratio: Double = Palette.textRatio) -> Color {
            func passes(_ candidate: Color) -> Bool {
                grounds.allSatisfy { candidate.contrast(with: $0) >= ratio }
            }
            var candidate = color
            if passes(candidate.color) { return candidate.color }
            var (failing, passing) = (color.lightness, readableEnd)
            for _ in 0..<10 {
                candidate.lightness = (failing + passing) / 2
                if passes(candidate.color) { passing = candidate.lightness } else { failing = candidate.lightness }
            }
            candidate.lightness = passing
            return candidate.color
        }

        private func linkColor(_ given: Color, on grounds: [Color]) -> Color {
            if grounds.allSatisfy({ given.contrast(with: $0) >= Palette.textRatio }) { return given }
            var start = OKLCH(given)
            // Towards the readable end at least as far as the tone, or light grounds would keep a pale link and dark ones a dull one.
            start.lightness = readableEnd == 0 ? min(start.lightness, link.lightness) : max(start.lightness, link.lightness)
            start.chroma = min(start.chroma, link.chroma)
            return readable(start, on: grounds)
        }

        // MARK: Fills

        /// A solid area and the colour of the text on it.
        private struct Fill {
            let color: Color
            let label: Color
        }

        /// The given colour, as exact as possible. One that melts into the page gives way to `insteadOfGrey` if it has no hue itself.
        private func fill(_ given: Color, insteadOfGrey hued: Color, on page: [Color]) -> Fill {
            if isVisible(given, on: page) { return labelled(given) }
            return labelled(visible(SchoolColors.hasHue(given) ? given : hued, on: page))
        }

        /// A white accent cannot be seen on a white page, nor a black one on a dark page: a tint of the primary colour stands in.
        private func accentFill(_ source: SchoolColors, on page: [Color]) -> Fill {
            guard !isVisible(source.accent, on: page), source.following != source.accent else {
                return fill(source.accent, insteadOfGrey: source.accent, on: page)
            }
            let primary = OKLCH(source.primary)
            let tint = OKLCH(lightness: 0.82, chroma: min(primary.chroma, 0.1), hue: primary.hue).color
            return labelled(visible(tint, on: page))
        }

        private func headerFill(_ primary: Color) -> Fill {
            var color = OKLCH(primary)
            guard color.lightness > lightestHeader else { return labelled(primary) }
            // A light colour made dark turns to mud, so the header of a dark page only keeps a breath of it.
            color.chroma = min(color.chroma, color.lightness > 0.7 ? 0.03 : 0.12)
            color.lightness = color.lightness > 0.7 ? 0.26 : lightestHeader
            return labelled(color.color)
        }

        private func isVisible(_ color: Color, on page: [Color]) -> Bool {
            page.allSatisfy { color.contrast(with: $0) >= leastVisible }
        }

        private func visible(_ color: Color, on page: [Color]) -> Color {
            isVisible(color, on: page) ? color : readable(OKLCH(color), on: page, ratio: leastVisible)
        }

        /// White text where it can be read, else ink. A colour too light for one and too dark for the other is made a little darker.
        private func labelled(_ color: Color) -> Fill {
            if let label = Self.label(on: color) { return Fill(color: color, label: label) }
            var darker = OKLCH(color)
            while darker.lightness > 0 {
                darker.lightness -= 0.004
                if let label = Self.label(on: darker.color) { return Fill(color: darker.color, label: label) }
            }
            return Fill(color: .black, label: .white)
        }

        private static func label(on color: Color) -> Color? {
            [.white, ink(for: color)].first { $0.contrast(with: color) >= Palette.textRatio }
        }

        /// Near-black with a trace of the colour it is printed on.
        private static func ink(for color: Color) -> Color {
            let ground = OKLCH(color)
            return OKLCH(lightness: 0.19, chroma: min(ground.chroma / 5, 0.02), hue: ground.hue).color
        }

        /// A shade deeper, or lighter where deeper could not be seen on the page or would be too dark for the text.
        private func deeper(_ fill: Fill, on page: [Color]) -> Color {
            let color = OKLCH(fill.color)
            let steps = color.lightness < 0.25 ? [0.09] : [-0.07, -0.05, 0.07]
            let shades = steps.map { OKLCH(lightness: min(color.lightness + $0, 1), chroma: color.chroma, hue: color.hue).color }
            let readable = shades.filter { $0.contrast(with: fill.label) >= Palette.textRatio }
            return readable.first { isVisible($0, on: page) } ?? readable.first ?? fill.color
        }

        // MARK: Notices

        /// Red, amber and green mean the same on every site, so they do not follow the school.
        private func addNotices(to scheme: inout Scheme) {
            let notices: [(Role, Role, hue: Double)] = [
                (.dangerSoft, .onDangerSoft, 0.42), (.warnSoft, .onWarnSoft, 1.45), (.okSoft, .onOkSoft, 2.65),
            ]
            for (soft, label, hue) in notices {
                scheme[soft] = OKLCH(lightness: notice.lightness, chroma: notice.chroma, hue: hue).color
                scheme[label] = readable(OKLCH(lightness: onSoft.lightness, chroma: onSoft.chroma, hue: hue), on: [scheme[soft]])
            }
        }
    }
}
