#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The memory that this process may use, in bytes: that of the machine, or the limit of its control groups if that is
/// less. It is determined once.
package let usableMemory = min(
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)), ControlGroups.memoryLimit() ?? .max)

/// The control groups of Linux, which limit containers and services: version 1, version 2, or both.
package enum ControlGroups {
    /// The smallest memory limit of this process's groups and of their parents. Nil if there is none.
    ///
    /// - Parameter root: a directory to use as the file system's root.
    package static func memoryLimit(root: String = "") -> Int? {
        guard let groups = smallFile(root + "/proc/self/cgroup"),
            let mounts = smallFile(root + "/proc/self/mountinfo")
        else { return nil }
        let hierarchies = mounts.split(separator: "\n").compactMap { Hierarchy(mount: $0) }
        // A line is `number:controllers:path`; version 2 has no controllers.
        return groups.split(separator: "\n").compactMap { line -> Int? in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3,
                let hierarchy = hierarchies.first(where: {
                    $0.isVersion2 ? fields[1].isEmpty : fields[1].split(separator: ",").contains("memory")
                })
            else { return nil }
            return hierarchy.memoryLimit(of: fields[2], root: root)
        }.min()
    }

    /// A mounted hierarchy of groups that limits memory.
    private struct Hierarchy {
        let isVersion2: Bool
        /// The group at the root of the mount. In a container it may be the container's own group.
        let group: Substring
        let folder: String

        /// Parses a line of mountinfo: number, parent, device, root, mount point, options, ..., `-`, type, source,
        /// options. Nil for any other mount.
        init?(mount line: Substring) {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
            switch fields[dash + 1] {
            case "cgroup2": isVersion2 = true
            case "cgroup" where fields[dash + 3].split(separator: ",").contains("memory"): isVersion2 = false
            default: return nil
            }
            (group, folder) = (fields[3], String(fields[4]))
        }

        func memoryLimit(of path: Substring, root: String) -> Int? {
            let base = root + folder
            // A path outside of the mount is not visible; then the mounted group is the nearest one that is.
            var below: Substring = ""
            if group == "/" { below = path } else if path.hasPrefix(group + "/") { below = path.dropFirst(group.count) }
            var least: Int?
            while true {
                let name = isVersion2 ? "memory.max" : "memory.limit_in_bytes"
                let limit = smallFile("\(base)\(below)/\(name)").flatMap {
                    Int($0.prefix { $0.isNumber })
                }
                if let limit { least = min(limit, least ?? limit) }
                guard let slash = below.lastIndex(of: "/") else { return least }
                below = below[..<slash]
            }
        }
    }

    /// The text of a system file, which reports no size. Nil if it cannot be read.
    private static func smallFile(_ path: String) -> String? {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let file = FileDescriptor(number)
        var text: [UInt8] = []
        return withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
            while case let count = file.read(into: buffer), count != 0 {
                guard count > 0 else { return nil }
                text += buffer[..<count]
            }
            return String(decoding: text, as: UTF8.self)
        }
    }
}
