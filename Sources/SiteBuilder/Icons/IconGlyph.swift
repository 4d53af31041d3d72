/// A capital letter or digit as strokes, ten units high, with the upper left corner at zero. Drawn for Marquee.
struct IconGlyph {
    static let height = 10.0

    let width: Double
    /// SVG path data.
    let path: String

    static let all: [Character: IconGlyph] = [
        "A": IconGlyph(width: 8, path: "M0 10 4 0 8 10M1.4 6.5H6.6"),
        "B": IconGlyph(width: 6.1, path: "M0 0V10M0 0H3.2A2.4 2.4 0 0 1 3.2 4.8H0M3.2 4.8H3.5A2.6 2.6 0 0 1 3.5 10H0"),
        "C": IconGlyph(width: 7.9, path: "M7.85 1.9A4.4 5 0 1 0 7.85 8.1"),
        "D": IconGlyph(width: 7.4, path: "M0 0H2.6A4.8 5 0 0 1 2.6 10H0Z"),
        "E": IconGlyph(width: 5.4, path: "M5.4 0H0V10H5.4M0 5H4.6"),
        "F": IconGlyph(width: 5.2, path: "M5.2 0H0V10M0 5H4.4"),
        "G": IconGlyph(width: 8.8, path: "M7.85 1.9A4.4 5 0 1 0 8.79 5.4H5.2"),
        "H": IconGlyph(width: 7, path: "M0 0V10M7 0V10M0 5H7"),
        "I": IconGlyph(width: 0, path: "M0 0V10"),
        "J": IconGlyph(width: 4.8, path: "M4.8 0V7A3 3 0 0 1 0 9.4"),
        "K": IconGlyph(width: 6.8, path: "M0 0V10M6.4 0 0 6.2M2.4 3.88 6.8 10"),
        "L": IconGlyph(width: 5.2, path: "M0 0V10H5.2"),
        "M": IconGlyph(width: 9, path: "M0 10V0L4.5 6.6 9 0V10"),
        "N": IconGlyph(width: 7.2, path: "M0 10V0L7.2 10V0"),
        "O": IconGlyph(width: 9.2, path: "M4.6 0A4.6 5 0 1 0 4.6 10A4.6 5 0 1 0 4.6 0Z"),
        "P": IconGlyph(width: 6, path: "M0 10V0H3.2A2.8 2.8 0 0 1 3.2 5.6H0"),
        "Q": IconGlyph(width: 9.2, path: "M4.6 0A4.6 5 0 1 0 4.6 10A4.6 5 0 1 0 4.6 0ZM5.8 6.8 9.2 10.2"),
        "R": IconGlyph(width: 6.4, path: "M0 10V0H3.2A2.8 2.8 0 0 1 3.2 5.6H0M3.2 5.6 6.4 10"),
        "S": IconGlyph(
            width: 6.2,
            path: "M5.9 1.6C5.2.5 4.2 0 3 0 1.3 0 .2 1 .2 2.5 .2 4 1.4 4.5 3.1 4.9 4.9 5.3 6.2 5.9 6.2 7.5 6.2 9 4.9 10 3.2 10 1.7 10 .6 9.4 0 8.2"),
        "T": IconGlyph(width: 7, path: "M0 0H7M3.5 0V10"),
        "U": IconGlyph(width: 7, path: "M0 0V6.5A3.5 3.5 0 0 0 7 6.5V0"),
        "V": IconGlyph(width: 7.6, path: "M0 0 3.8 10 7.6 0"),
        "W": IconGlyph(width: 11, path: "M0 0 2.9 10 5.5 1.6 8.1 10 11 0"),
        "X": IconGlyph(width: 7, path: "M0 0 7 10M7 0 0 10"),
        "Y": IconGlyph(width: 7.4, path: "M0 0 3.7 5.2 7.4 0M3.7 5.2V10"),
        "Z": IconGlyph(width: 6.4, path: "M0 0H6.4L0 10H6.4"),
        "0": IconGlyph(width: 6.8, path: "M3.4 0A3.4 5 0 1 0 3.4 10A3.4 5 0 1 0 3.4 0Z"),
        "1": IconGlyph(width: 3, path: "M0 2.2 3 0V10"),
        "2": IconGlyph(width: 6.2, path: "M.1 2.9A2.9 2.9 0 1 1 5.2 4.79L0 10H6.2"),
        "3": IconGlyph(width: 6, path: "M.3 0H5.6L2.6 3.82A3.1 3.1 0 1 1 .1 8.23"),
        "4": IconGlyph(width: 7, path: "M5 10V0L0 7H7"),
        "5": IconGlyph(width: 6, path: "M5.4 0H1.1L.6 4.82A3.1 3.1 0 1 1 .1 8.23"),
        "6": IconGlyph(width: 6.2, path: "M4.8 0 .55 5.1M3.1 3.8A3.1 3.1 0 1 0 3.1 10A3.1 3.1 0 1 0 3.1 3.8Z"),
        "7": IconGlyph(width: 6, path: "M0 0H6L2 10"),
        "8": IconGlyph(width: 5.8, path: "M2.9 0A2.4 2.4 0 1 0 2.9 4.8A2.4 2.4 0 1 0 2.9 0ZM2.9 4.8A2.8 2.6 0 1 0 2.9 10A2.8 2.6 0 1 0 2.9 4.8Z"),
        "9": IconGlyph(width: 6.2, path: "M1.4 10 5.65 4.9M3.1 6.2A3.1 3.1 0 1 0 3.1 0A3.1 3.1 0 1 0 3.1 6.2Z"),
    ]
}
