/// Counts what `<use>` makes a browser draw: a few lines that use each other can stand for billions of shapes.
struct SVGReuse {
    /// For each id, the elements in it and the ids that `<use>` in it names.
    private struct Part {
        var elements = 0
        var uses: [[UInt8]] = []
    }

    private static let maximumUses = 2_000

    private var parts: [[UInt8]: Part] = [:]
    private var uses: [[UInt8]] = []
    private var edges = 0

    /// Records an element that stands in the elements with these ids, its own included.
    mutating func add(inside ids: [[UInt8]], use target: [UInt8]?) {
        if let target { uses.append(target) }
        for id in ids {
            parts[id, default: Part()].elements += 1
            if let target {
                parts[id, default: Part()].uses.append(target)
                edges += 1
            }
        }
    }

    /// Whether everything that is drawn through `<use>` stays within a limit, and nothing draws itself.
    func isWithin(_ limit: Int) -> Bool {
        guard uses.count <= Self.maximumUses, edges <= Self.maximumUses * 10 else { return false }
        var known: [[UInt8]: Int] = [:]
        var total = 0
        for target in uses {
            guard let cost = cost(of: target, limit, path: [], &known) else { return false }
            total += cost
            if total > limit { return false }
        }
        return true
    }

    /// The elements that one use of an id draws; nil when they are too many, or without end.
    private func cost(of id: [UInt8], _ limit: Int, path: [[UInt8]], _ known: inout [[UInt8]: Int]) -> Int? {
        if let cost = known[id] { return cost }
        guard let part = parts[id] else { return 0 }
        guard path.count < SVGPolicy.maximumDepth, !path.contains(id) else { return nil }
        var sum = part.elements
        for target in part.uses {
            guard let cost = cost(of: target, limit, path: path + [id], &known) else { return nil }
            sum += cost
            if sum > limit { return nil }
        }
        known[id] = sum
        return sum
    }
}
