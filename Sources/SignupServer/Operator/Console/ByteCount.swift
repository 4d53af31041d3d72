import SiteBuilder

extension FolderSize {
    /// `3.4 MB`, or with a mark that there is more.
    var text: String { (isComplete ? "" : "> ") + ByteCount.text(bytes) }
}

/// Bytes for people: in powers of a thousand, as disks are sold.
enum ByteCount {
    private static let units = ["B", "kB", "MB", "GB", "TB"]

    static func text(_ bytes: Int) -> String {
        var (value, unit) = (Double(max(bytes, 0)), 0)
        while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1_000, unit + 1) }
        guard unit > 0, value < 9.95 else { return "\(Int(value.rounded())) \(units[unit])" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
