/// A compression format. Files are decompressed by the system's own program for it.
package enum Compression: String, CaseIterable, Sendable {
    case gzip, bzip2, xz, zstd

    /// The program and its arguments. It decompresses standard input to standard output.
    package var command: [String] {
        switch self {
        case .gzip, .bzip2, .xz: [rawValue, "-dc"]
        // Archives made with `zstd --long` need more memory than the program takes by default.
        case .zstd: [rawValue, "-dc", "--long=31"]
        }
    }

    /// The name of the package that has the program, on most systems.
    var package: String { self == .xz ? "xz-utils" : rawValue }

    /// The first bytes of its files. In bzip2 a block follows, or the end of an empty file.
    package var signatures: [[UInt8]] {
        switch self {
        case .gzip: [[0x1F, 0x8B, 0x08]]
        case .bzip2:
            (UInt8(ascii: "1")...UInt8(ascii: "9")).flatMap { level in
                [[0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]].map {
                    Array("BZh".utf8) + [level] + $0
                }
            }
        case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]]
        // A frame, or a skippable frame, which parallel compressors write first.
        case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]] + (0x50...0x5F).map { [$0, 0x2A, 0x4D, 0x18] }
        }
    }
}

extension Compression {
    /// The compression of a file with these first bytes.
    package init?(head: some Collection<UInt8>) {
        guard let found = Self.allCases.first(where: { $0.signatures.contains { head.starts(with: $0) } }) else {
            return nil
        }
        self = found
    }
}
