import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Limits of control groups, in trees of files as the system has them.
@Suite struct MemoryLimitTests {
    private let folder = try! TemporaryFolder()

    private func limit(groups: String, mounts: String, files: [String: String]) throws -> Int? {
        let files = files.merging(["/proc/self/cgroup": groups, "/proc/self/mountinfo": mounts]) { $1 }
        for (path, text) in files {
            let url = URL(filePath: folder.path + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return ControlGroups.memoryLimit(root: folder.path)
    }

    private let version1 = """
        25 30 0:23 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
        33 25 0:29 / /sys/fs/cgroup/memory rw,nosuid,relatime shared:10 master:3 - cgroup cgroup rw,memory

        """
    private let version2 = "29 22 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"

    @Test func withoutGroupsThereIsNoLimit() throws {
        #expect(ControlGroups.memoryLimit(root: folder.path("nothing")) == nil)
        #expect(try limit(groups: "", mounts: "", files: [:]) == nil)
        #expect(try limit(groups: "0::/\n", mounts: version2, files: [:]) == nil)
    }

    @Test func theLeastLimitUpTheTreeHolds() throws {
        let groups = "0::/user.slice/run.scope\n"
        let base = "/sys/fs/cgroup"
        #expect(
            try limit(
                groups: groups, mounts: version2,
                files: [
                    base + "/user.slice/run.scope/memory.max": "max\n", base + "/user.slice/memory.max": "3000000\n",
                ]) == 3_000_000)
        #expect(
            try limit(
                groups: groups, mounts: version2, files: [base + "/user.slice/run.scope/memory.max": "2000000\n"])
                == 2_000_000)
        #expect(try limit(groups: groups, mounts: version2, files: [base + "/memory.max": "1000\n"]) == 1000)
    }

    @Test func version1HasAGroupForMemory() throws {
        let groups = "5:cpu,cpuacct:/other\n4:memory:/jobs/one\n1:name=systemd:/x\n0::/\n"
        let base = "/sys/fs/cgroup/memory"
        let files = [
            base + "/memory.limit_in_bytes": "9223372036854771712\n", base + "/jobs/memory.limit_in_bytes": "70000\n",
            base + "/jobs/one/memory.limit_in_bytes": "900000\n", base + "/other/memory.limit_in_bytes": "5\n",
        ]
        #expect(try limit(groups: groups, mounts: version1, files: files) == 70_000)
        // Both versions at once.
        let both = files.merging(["/sys/fs/cgroup/unified/memory.max": "60000\n"]) { $1 }
        let mounts = version1 + "40 25 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
        #expect(try limit(groups: groups, mounts: mounts, files: both) == 60_000)
    }

    @Test func inAContainerItsOwnGroupIsMounted() throws {
        // The path is that of the host, of which the container sees its own end alone.
        let mounts = version1.replacing("0:29 / ", with: "0:29 /docker/abc ")
        let base = "/sys/fs/cgroup/memory"
        let files = [
            base + "/memory.limit_in_bytes": "500000\n", base + "/inner/memory.limit_in_bytes": "400000\n",
            base + "/def/memory.limit_in_bytes": "5\n",
        ]
        for (path, expected) in [("/docker/abc", 500_000), ("/docker/abc/inner", 400_000), ("/docker/abcdef", 500_000)]
        {
            #expect(try limit(groups: "4:memory:\(path)\n", mounts: mounts, files: files) == expected, "\(path)")
        }
        #expect(
            try limit(groups: "0::/../../x\n", mounts: version2, files: ["/sys/fs/cgroup/memory.max": "1234\n"]) == 1234
        )
    }

    @Test func theProcessMayUseNoMoreThanItsGroup() {
        #expect(usableMemory > 0 && usableMemory <= Int(ProcessInfo.processInfo.physicalMemory))
        #expect(usableMemory <= ControlGroups.memoryLimit() ?? .max)
        #expect(TokenMemory(limit: nil).limit == usableMemory / 4)
    }
}
