import Foundation

/// A copy of a live site that opens by double-click: every address in it is relative and names a file.
package struct OfflineCopy {
    private let folders: ReleaseFolders
    private let target: String

    package init(output: String, slug: String) {
        folders = ReleaseFolders(output: output, slug: slug)
        target = "\(output)/.offline/\(slug)"
    }

    /// Where the copy is.
    package var path: String { target }

    /// Makes the copy anew, from the live release.
    package func make() throws(BuildError) {
        guard let live = folders.liveID else { throw .noTenant("\(folders.slug) has no live release") }
        let building = "\(target).building"
        removeTree(building)
        for file in files(below: folders.release(live), prefix: "") {
            guard let bytes = readFile("\(folders.release(live))/\(file)") else {
                throw .unreadable(path: file, reason: "the release has changed meanwhile")
            }
            for (path, content) in convert(file, bytes) {
                let destination = "\(building)/\(path)"
                try makeDirectories(String(destination[..<(destination.lastIndex(of: "/") ?? destination.startIndex)]))
                try replaceFile(destination, content)
            }
        }
        removeTree(target)
        guard rename(building, target) == 0 else { throw .unwritable(path: target, reason: systemMessage()) }
    }

    private func files(below folder: String, prefix: String) -> [String] {
        directoryEntries(folder).flatMap { name -> [String] in
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0 else { return [] }
            if status.st_mode & S_IFMT == S_IFDIR { return files(below: "\(folder)/\(name)", prefix: prefix + name + "/") }
            // For web servers only.
            let isForServers =
                prefix.isEmpty && ["_redirects", "robots.txt", "sitemap.xml"].contains(name) || name.hasSuffix(".br") || name.hasSuffix(".gz")
            return isForServers ? [] : [prefix + name]
        }
    }

    private func convert(_ path: String, _ bytes: [UInt8]) -> [(path: String, content: [UInt8])] {
        if path.hasSuffix(".html") { return [(path, html(bytes, from: path))] }
        if path.hasPrefix("search/"), path.hasSuffix(".json") { return searchScript(path, bytes).map { [$0] } ?? [] }
        return [(path, bytes)]
    }

    // MARK: Pages

    private func html(_ bytes: [UInt8], from path: String) -> [UInt8] {
        // A browser doesn't load a manifest from a folder, and complains.
        let bytes = bytes.replacing("<link rel=\"manifest\" href=\"/manifest.webmanifest\">\n", with: "")
        return HTMLAddresses.replace(in: bytes, attributes: ["href", "srcset", "src", "action", "data-index"]) { attribute, value in
            if attribute == "srcset" {
                return value.split(separator: ",").map { candidate in
                    let parts = candidate.split(separator: " ")
                    return ([relative(String(parts.first ?? ""), from: path) ?? String(parts.first ?? "")] + parts.dropFirst().map(String.init))
                        .joined(separator: " ")
                }.joined(separator: ", ")
            }
            // The index is a folder of scripts there.
            if attribute == "data-index" {
                return relative(value, from: path).map { $0.split(separator: "/").dropLast().joined(separator: "/") + "/" }
            }
            return relative(value, from: path)
        }
    }

    /// `/about/#team` from `news/index.html` → `../about/index.html#team`; nil for what isn't an address from the root of the site.
    private func relative(_ address: String, from path: String) -> String? {
        guard address.hasPrefix("/"), !address.hasPrefix("//") else { return nil }
        let suffixStart = address.firstIndex { $0 == "#" || $0 == "?" } ?? address.endIndex
        var file = String(address[..<suffixStart].dropFirst())
        if file.isEmpty || file.hasSuffix("/") { file += "index.html" }
        let depth = path.split(separator: "/").count - 1
        return String(repeating: "../", count: depth) + file + address[suffixStart...]
    }

    // MARK: Search

    /// A page from a file may not fetch another file, but it may load a script: each index file calls `marqueeSearch(name, value)`.
    private func searchScript(_ path: String, _ bytes: [UInt8]) -> (path: String, content: [UInt8])? {
        guard let value = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed]),
            let json = try? JSONSerialization.data(
                withJSONObject: withFileAddresses(value), options: [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed]),
            let name = path.split(separator: "/").last?.dropLast(5)
        else { return nil }
        return ("\(path.dropLast(5)).js", Array("marqueeSearch(\"\(name)\",".utf8) + Array(json) + Array(")\n".utf8))
    }

    /// Documents are lists that begin with an address.
    private func withFileAddresses(_ value: Any) -> Any {
        if var list = value as? [Any] {
            if let address = list.first as? String, address.hasPrefix("/"), address.hasSuffix("/"), list.count == 5 {
                list[0] = address + "index.html"
                return list
            }
            return list.map(withFileAddresses)
        }
        if let object = value as? [String: Any] { return object.mapValues(withFileAddresses) }
        return value
    }
}
