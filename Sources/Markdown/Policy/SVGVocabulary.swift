/// The elements and attributes that can be in a published SVG file.
enum SVGVocabulary {
    static let elements: Set<String> = [
        "circle", "clipPath", "defs", "desc", "ellipse", "filter", "g", "line", "linearGradient", "marker", "mask", "path", "pattern", "polygon",
        "polyline", "radialGradient", "rect", "stop", "style", "svg", "symbol", "text", "textPath", "title", "tspan", "use",
        "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feConvolveMatrix", "feDiffuseLighting", "feDisplacementMap",
        "feDistantLight", "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode",
        "feMorphology", "feOffset", "fePointLight", "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence",
    ]

    /// The tags go, what they contain is kept.
    static let unwrapped: Set<String> = ["a", "switch"]

    static let textElements: Set<String> = ["desc", "text", "textPath", "title", "tspan"]

    /// Elements whose `href` draws or copies another part of the file.
    private static let referencing: Set<String> = ["filter", "linearGradient", "pattern", "radialGradient", "textPath", "use"]

    private static let attributes: Set<String> = [
        // Geometry
        "cx", "cy", "d", "dx", "dy", "fr", "fx", "fy", "gradientTransform", "gradientUnits", "height", "lengthAdjust", "markerHeight", "markerUnits",
        "markerWidth", "maskContentUnits", "maskUnits", "method", "offset", "orient", "pathLength", "patternContentUnits", "patternTransform",
        "patternUnits", "points", "preserveAspectRatio", "primitiveUnits", "r", "refX", "refY", "rotate", "rx", "ry", "side", "spacing",
        "spreadMethod", "startOffset", "textLength", "transform", "version", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
        "clipPathUnits", "filterUnits",
        // Presentation
        "alignment-baseline", "baseline-shift", "clip-path", "clip-rule", "color", "color-interpolation", "color-interpolation-filters",
        "direction", "display", "dominant-baseline", "enable-background", "fill", "fill-opacity", "fill-rule", "filter", "flood-color",
        "flood-opacity", "font-family", "font-size", "font-size-adjust", "font-stretch", "font-style", "font-variant", "font-weight",
        "image-rendering", "isolation", "letter-spacing", "lighting-color", "marker-end", "marker-mid", "marker-start", "mask", "mask-type",
        "mix-blend-mode", "opacity", "overflow", "paint-order", "shape-rendering", "stop-color", "stop-opacity", "stroke", "stroke-dasharray",
        "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor",
        "text-decoration", "text-rendering", "transform-origin", "unicode-bidi", "vector-effect", "visibility", "word-spacing", "writing-mode",
        // Filters
        "amplitude", "azimuth", "baseFrequency", "bias", "diffuseConstant", "divisor", "edgeMode", "elevation", "exponent", "in", "in2",
        "intercept", "k1", "k2", "k3", "k4", "kernelMatrix", "kernelUnitLength", "limitingConeAngle", "mode", "numOctaves", "operator", "order",
        "pointsAtX", "pointsAtY", "pointsAtZ", "preserveAlpha", "radius", "result", "scale", "seed", "slope", "specularConstant",
        "specularExponent", "stdDeviation", "stitchTiles", "surfaceScale", "tableValues", "targetX", "targetY", "type", "values",
        "xChannelSelector", "yChannelSelector", "z",
    ]

    static func isAllowed(attribute name: String, value: [UInt8], on element: String) -> Bool {
        switch name {
        case "href": referencing.contains(element) && value.count > 1 && URLPolicy.kind(of: value) == .fragment
        case "id": AttributeBytes.isValid(value[...], .identifier)
        case "class": value.allSatisfy { AttributeBytes.isClassName($0) || ASCII.isSpace($0) }
        case "lang", "role": AttributeBytes.isValid(value[...], .token)
        case "aria-hidden", "aria-label", "aria-labelledby", "aria-describedby": true
        case "style": CSSPolicy.isSafeInSVG(declarations: value)
        default: attributes.contains(name) && isSafe(value)
        }
    }

    /// Numbers and words need no second look; functions and escapes do.
    private static func isSafe(_ value: [UInt8]) -> Bool {
        !value.contains { "(\\:\"'".utf8.contains($0) } || CSSPolicy.isSafeInSVG(declarations: value)
    }
}
