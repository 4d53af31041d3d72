import Glibc

/// What the system says of this process, under the names that Prometheus's own clients use.
enum ProcessGauges {
    static func read(startTime: Int64) -> [String: Double] {
        var gauges = ["process_start_time_seconds": Double(startTime)]
        if let pages = residentPages() { gauges["process_resident_memory_bytes"] = Double(pages) * Double(sysconf(Int32(_SC_PAGESIZE))) }
        if let count = openDescriptors() { gauges["process_open_fds"] = Double(count) }
        return gauges
    }

    /// The second number of /proc/self/statm (proc(5)).
    private static func residentPages() -> Int? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let numbers = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
        return numbers.count > 1 ? Int(numbers[1]) : nil
    }

    private static func openDescriptors() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        // Itself, `.` and `..` are not counted.
        var count = -3
        while readdir(folder) != nil { count += 1 }
        return count
    }
}
