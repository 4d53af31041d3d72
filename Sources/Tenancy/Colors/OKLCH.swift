import Glibc

/// A colour by lightness, chroma and hue as the eye sees them: the polar form of the Oklab space (CSS Color 4, section 9).
/// Changing one of the three leaves the other two as they look.
package struct OKLCH: Sendable, Hashable {
    /// From 0 for black to 1 for white.
    package var lightness: Double
    /// From 0 for grey; the strongest sRGB colours have about 0.32.
    package var chroma: Double
    /// In radians.
    package var hue: Double

    package init(lightness: Double, chroma: Double, hue: Double) {
        self.lightness = lightness
        self.chroma = chroma
        self.hue = hue
    }

    package init(_ color: Color) {
        let red = Color.linear[Int(color.red)]
        let green = Color.linear[Int(color.green)]
        let blue = Color.linear[Int(color.blue)]
        let long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        let medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        let short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        let a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        let b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
        lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
        chroma = (a * a + b * b).squareRoot()
        hue = atan2(b, a)
    }

    /// The nearest sRGB colour of the same lightness and hue: where sRGB has no colour that strong, the strongest it has.
    package var color: Color {
        var linear = linear(chroma: chroma)
        if !linear.isInGamut {
            var (inside, outside) = (0.0, chroma)
            for _ in 0..<14 {
                let middle = (inside + outside) / 2
                if self.linear(chroma: middle).isInGamut { inside = middle } else { outside = middle }
            }
            linear = self.linear(chroma: inside)
        }
        return linear.color
    }

    private func linear(chroma: Double) -> LinearRGB {
        let a = chroma * cos(hue)
        let b = chroma * sin(hue)
        let long = lightness + 0.3963377774 * a + 0.2158037573 * b
        let medium = lightness - 0.1055613458 * a - 0.0638541728 * b
        let short = lightness - 0.0894841775 * a - 1.2914855480 * b
        let (l, m, s) = (long * long * long, medium * medium * medium, short * short * short)
        return LinearRGB(
            red: 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            green: -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            blue: -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
    }
}

/// Linear light, where values outside 0...1 are colours that sRGB cannot show.
private struct LinearRGB {
    let red: Double
    let green: Double
    let blue: Double

    var isInGamut: Bool {
        // Half an 8-bit step at the dark end, so that sRGB colours are inside whatever the rounding.
        let range = -0.0001...1.0001
        return range.contains(red) && range.contains(green) && range.contains(blue)
    }

    var color: Color {
        Color(red: Self.encoded(red), green: Self.encoded(green), blue: Self.encoded(blue))
    }

    private static func encoded(_ value: Double) -> UInt8 {
        let bounded = min(max(value, 0), 1)
        let gamma = bounded <= 0.0031308 ? bounded * 12.92 : 1.055 * pow(bounded, 1 / 2.4) - 0.055
        return UInt8((gamma * 255).rounded())
    }
}
