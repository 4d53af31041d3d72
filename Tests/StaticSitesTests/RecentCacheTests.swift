import TestSupport
import Testing

@testable import class StaticSites.RecentCache

@Suite("The cache")
struct RecentCacheTests {
    @Test("what was not used for the longest time goes first")
    func order() {
        let cache = RecentCache<Int, String>(maximumCost: 8)
        for key in 1...8 { cache.insert("v\(key)", for: key, cost: 1) }
        #expect(cache[1] == "v1")
        cache.insert("v9", for: 9, cost: 1)
        #expect(cache[2] == nil)
        #expect(cache[1] == "v1")
        #expect(cache[9] == "v9")
        #expect(cache.cost == 8)
    }

    @Test("a value that costs too much is not kept, and drives nothing out")
    func tooLarge() {
        let cache = RecentCache<Int, String>(maximumCost: 80)
        cache.insert("small", for: 1, cost: 10)
        cache.insert("large", for: 2, cost: 11)
        #expect(cache[1] == "small")
        #expect(cache[2] == nil)
    }

    @Test("a value put in again replaces the old one")
    func replace() {
        let cache = RecentCache<Int, String>(maximumCost: 80)
        cache.insert("old", for: 1, cost: 10)
        cache.insert("new", for: 1, cost: 5)
        #expect(cache[1] == "new")
        #expect(cache.cost == 5)
    }

    @Test("it agrees with a simple model over many random steps")
    func model() {
        var generator = SeededGenerator(seed: 7)
        let cache = RecentCache<Int, Int>(maximumCost: 40)
        var model: [(key: Int, value: Int, cost: Int)] = []
        for step in 0..<20_000 {
            let key = Int.random(in: 0..<30, using: &generator)
            if Bool.random(using: &generator) {
                let cost = Int.random(in: 0...5, using: &generator)
                cache.insert(step, for: key, cost: cost)
                model.removeAll { $0.key == key }
                model.append((key, step, cost))
                while model.reduce(0, { $0 + $1.cost }) > 40 { model.removeFirst() }
            } else {
                let position = model.firstIndex { $0.key == key }
                #expect(cache[key] == position.map { model[$0].value })
                if let position { model.append(model.remove(at: position)) }
            }
        }
        #expect(cache.cost == model.reduce(0) { $0 + $1.cost })
    }
}
