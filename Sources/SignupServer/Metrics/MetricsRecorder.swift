import CoreMetrics
import Synchronization

/// Keeps what swift-metrics reports, in memory, and writes it as Prometheus text. The number of series is bounded: what comes after that
/// many is dropped and counted, so that a label with many values costs no memory.
final class MetricsRecorder: MetricsFactory {
    /// What a series holds.
    enum Value: Sendable, Equatable {
        case counter(Double)
        case gauge(Double)
        case histogram(counts: [UInt64], sum: Double)
    }

    private struct Key: Hashable {
        let name: String
        /// `{surface="site",status="2xx"}`, or empty.
        let labels: String
    }

    private struct State {
        var series: [Key: Series] = [:]
        var dropped: Double = 0
    }

    private let state = Mutex(State())
    private let maximumSeries: Int
    private let help: [String: String]

    /// Seconds, from a page out of memory to a client that takes its time.
    static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    static let droppedName = "marquee_metrics_dropped_total"

    /// - Parameter help: a sentence for each metric of ours, by name.
    init(maximumSeries: Int = 1000, help: [String: String] = [:]) {
        self.maximumSeries = maximumSeries
        self.help = help
    }

    // MARK: swift-metrics

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { series(label, dimensions, .counter(0)) }

    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter(0))
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { series(label, dimensions, .gauge(0)) }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions, aggregate ? Self.emptyHistogram : .gauge(0))
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { series(label, dimensions, Self.emptyHistogram) }

    // A series goes on until the process ends, as Prometheus expects.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private static let emptyHistogram = Value.histogram(counts: Array(repeating: 0, count: bounds.count + 1), sum: 0)

    private func series(_ label: String, _ dimensions: [(String, String)], _ value: Value) -> Series {
        let key = Key(name: PrometheusText.name(label), labels: PrometheusText.labels(dimensions))
        return state.withLock { state in
            if let known = state.series[key] { return known }
            let new = Series(value)
            if state.series.count < maximumSeries { state.series[key] = new } else { state.dropped += 1 }
            return new
        }
    }

    /// What a counter stands at; 0 if nothing was ever counted.
    func count(_ label: String, _ dimensions: [(String, String)]) -> Double {
        let key = Key(name: PrometheusText.name(label), labels: PrometheusText.labels(dimensions))
        guard case .counter(let count)? = state.withLock({ $0.series[key] })?.value else { return 0 }
        return count
    }

    // MARK: Text

    /// In Prometheus's text format 0.0.4, by name and labels.
    /// - Parameter gauges: what is read at this moment, by name.
    func text(gauges: [String: Double] = [:]) -> String {
        let (series, dropped) = state.withLock { ($0.series, $0.dropped) }
        var samples = series.map { ($0.name, $0.labels, $1.value) }
        samples += gauges.map { ($0, "", .gauge($1)) }
        samples.append((Self.droppedName, "", .counter(dropped)))
        samples.sort { ($0.0, $0.1) < ($1.0, $1.1) }
        var text = PrometheusText(help: help)
        for (name, labels, value) in samples { text.add(name, labels, value) }
        return text.text
    }
}

/// One line of a metric, or a histogram's many. Each handler protocol uses what it knows.
final class Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    private let state: Mutex<MetricsRecorder.Value>

    init(_ value: MetricsRecorder.Value) {
        state = Mutex(value)
    }

    var value: MetricsRecorder.Value { state.withLock { $0 } }

    // Counters never fall.
    func increment(by amount: Int64) { add(Double(max(0, amount))) }

    /// Of a counter or a meter.
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }

    func reset() {
        state.withLock { if case .counter = $0 { $0 = .counter(0) } }
    }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0 = .gauge(value) } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = MetricsRecorder.bounds.firstIndex { value <= $0 } ?? MetricsRecorder.bounds.count
        state.withLock { state in
            switch state {
            case .histogram(var counts, let sum):
                // Taken out while it is changed, so that the array is not copied.
                state = .gauge(0)
                counts[bucket] &+= 1
                state = .histogram(counts: counts, sum: sum + value)
            case .gauge, .counter:
                state = .gauge(value)
            }
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func preferDisplayUnit(_ unit: TimeUnit) {}

    private func add(_ amount: Double) {
        guard amount.isFinite else { return }
        state.withLock { state in
            switch state {
            case .counter(let value): state = .counter(value + max(0, amount))
            case .gauge(let value): state = .gauge(value + amount)
            case .histogram: break
            }
        }
    }
}
