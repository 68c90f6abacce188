#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The processor of this machine.
package enum Processor {
    /// The number of cores that this process may use. It is determined once, because the system reads files to find it.
    package static let cores = ProcessInfo.processInfo.activeProcessorCount

    /// The name of the processor and the architecture, as in `Intel(R) Xeon(R) Processor @ 2.50GHz (x86_64)`; only the
    /// architecture if there is no name.
    package static var name: String {
        var system = utsname()
        uname(&system)
        let kind = withUnsafeBytes(of: system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return modelName.map { "\($0) (\(kind))" } ?? kind
    }

    #if os(Linux)
        private static var modelName: String? {
            guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 1024)
            while fgets(&line, Int32(line.count), file) != nil {
                let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                let fields = text.split(separator: ":", maxSplits: 1)
                guard fields.count == 2, fields[0].hasPrefix("model name") else { continue }
                let name = fields[1].split { $0 == " " || $0 == "\n" }.joined(separator: " ")
                return name.isEmpty ? nil : name
            }
            return nil
        }
    #elseif canImport(Darwin)
        private static var modelName: String? {
            var size = 0
            let key = "machdep.cpu.brand_string"
            guard sysctlbyname(key, nil, &size, nil, 0) == 0, size > 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: size)
            guard sysctlbyname(key, &bytes, &size, nil, 0) == 0 else { return nil }
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    #else
        private static var modelName: String? { nil }
    #endif
}
