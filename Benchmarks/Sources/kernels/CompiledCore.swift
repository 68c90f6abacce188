import CWord2Vec
import Foundation

/// The C core of this working copy, built by another compiler as SwiftPM builds it, and loaded into this process.
struct CompiledCore {
    /// The compiler's command.
    let compiler: String
    private let kernelsFor: @convention(c) (w2v_isa) -> UnsafePointer<w2v_kernels>?

    enum Failure: Error, CustomStringConvertible {
        case compiler(String)
        case library(String)

        var description: String {
            switch self {
            case .compiler(let command): "failed: \(command)"
            case .library(let reason): "the library that was built cannot be loaded: \(reason)"
            }
        }
    }

    init(compiler: String) throws {
        self.compiler = compiler
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
        let folder = FileManager.default.temporaryDirectory.appending(path: "w2v-core-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let library = folder.appending(path: "core.so").path()
        let sources = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "csrc").path())
            .filter { $0.hasSuffix(".c") }.map { root.appending(path: "csrc/\($0)").path() }.sorted()
        // -Bsymbolic: the library's own kernels, not those of this program that have the same names.
        let arguments =
            [compiler, "-std=c11", "-O2", "-DNDEBUG", "-fPIC", "-shared", "-Wl,-Bsymbolic"]
            + ["-I", root.appending(path: "include").path(), "-o", library] + sources + ["-lm"]
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure.compiler(arguments.joined(separator: " ")) }

        // Loaded for good: the kernels are used until the process ends.
        guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, "w2v_kernels_for") else {
            throw Failure.library(dlerror().map { String(cString: $0) } ?? "no reason given")
        }
        kernelsFor = unsafeBitCast(symbol, to: (@convention(c) (w2v_isa) -> UnsafePointer<w2v_kernels>?).self)
    }

    /// The kernels of an instruction set, if the processor has it.
    func kernels(_ isa: w2v_isa) -> w2v_kernels? { kernelsFor(isa)?.pointee }
}
