#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is written completely or not at all: it is written beside its target, synced, and renamed over it.
/// Without `commit()` the target does not change. Standard output, a device or a pipe is written in place.
///
/// If the system supports it, the file has no name until it is committed, so nothing is left if the process dies. A
/// process that is killed between naming and renaming the file leaves one file. The next process that writes the same
/// target removes it.
public final class OutputFile: ByteSink {
    /// The name that means standard output.
    package static let standardOutput = "-"

    private let path: String
    /// The name of the file until it is committed, if the system does not support files without a name.
    private var temporary: String?
    private let isInPlace: Bool
    /// The target, with symbolic links resolved.
    private let target: String
    private var descriptor: Int32
    @usableFromInline var buffer: [UInt8] = []
    /// The first bytes of the file, without those still in the buffer.
    private var flushedHead: [UInt8] = []
    /// The checksum of the bytes before those in the buffer. Nil if it is not needed.
    private var checksumOfFlushed: StreamChecksum?

    private static let headLength = 1024
    @usableFromInline static let bufferSize = 1 << 18

    /// - Parameter hasChecksum: whether `checksum()` will be called.
    package init(path: String, hasChecksum: Bool = false) throws(CoreError) {
        let isStandardOutput = Self.isStandardOutput(path)
        self.path = isStandardOutput ? Self.nameOfStandardOutput : path
        checksumOfFlushed = hasChecksum ? StreamChecksum() : nil
        let kind = try Self.kind(of: path)
        isInPlace = kind == .special
        if isInPlace {
            target = path
            descriptor = isStandardOutput ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_WRONLY | O_CLOEXEC)
        } else {
            let target = kind == .missing ? path : Self.resolved(path)
            self.target = target
            descriptor = Self.openUnnamed(in: Self.folder(of: target))
            if descriptor >= 0 {
                Self.removeLeftOver(Self.intermediateName(for: target), waits: false)
            } else {
                temporary = Self.withTemporaryName(beside: target) { name in
                    descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
                    return descriptor >= 0
                }
            }
            if case .regular(let mode) = kind, descriptor >= 0 { fchmod(descriptor, mode) }
        }
        guard descriptor >= 0 else { throw .cannotWrite(path: self.path, reason: systemMessage(errno)) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if let temporary { unlink(temporary) }
    }

    /// Checks that a file can be written, by starting to write it. Leaves no trace. (For a device or a pipe only the
    /// permission is checked, because its other end might notice that it is opened.)
    package static func checkWritable(path: String) throws(CoreError) {
        if try kind(of: path) != .special { _ = try OutputFile(path: path) }
    }

    /// Whether a path leads to a device or a pipe, which is written in place.
    package static func isDevice(_ path: String) -> Bool {
        (try? kind(of: path)) == .special
    }

    private static let nameOfStandardOutput = "standard output"

    /// Whether a path is `-` or one of the system's names for standard output.
    package static func isStandardOutput(_ path: String) -> Bool {
        [standardOutput, "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path)
    }

    /// The kind of file at a path.
    private enum Kind: Equatable {
        case missing
        case regular(mode: mode_t)
        case special
    }

    private static func kind(of path: String) throws(CoreError) -> Kind {
        guard !path.isEmpty else { throw .cannotWrite(path: "''", reason: "the name is empty") }
        if isStandardOutput(path) {
            guard fcntl(STDOUT_FILENO, F_GETFD) >= 0 else {
                throw .cannotWrite(path: nameOfStandardOutput, reason: systemMessage(errno))
            }
            return .special
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
            return .missing
        }
        let type = status.st_mode & S_IFMT
        guard type != S_IFDIR else { throw .cannotWrite(path: path, reason: "it is a directory") }
        guard access(path, W_OK) == 0 else { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
        return type == S_IFREG ? .regular(mode: status.st_mode & 0o777) : .special
    }

    @inlinable
    public func write(_ bytes: some Sequence<UInt8>) throws(CoreError) {
        buffer += bytes
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Lets the caller append to the buffer directly, which saves a copy.
    @inlinable
    public func write(_ append: (inout [UInt8]) -> Void) throws(CoreError) {
        append(&buffer)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// The checksum of all bytes so far. The file must have been created with `hasChecksum`.
    package func checksum() throws(CoreError) -> UInt64 {
        try flush()
        guard let checksumOfFlushed else { preconditionFailure("a file without a checksum") }
        return checksumOfFlushed.value
    }

    /// The first `count` bytes of the file, or all if there are fewer; at most as many as a reader inspects to
    /// recognize a file.
    package func head(_ count: Int) throws(CoreError) -> [UInt8] {
        try flush()
        return Array(flushedHead.prefix(count))
    }

    /// Syncs the file and moves it to its target.
    package func commit() throws(CoreError) {
        try flush()
        guard isInPlace || fsync(descriptor) == 0 else { throw failure() }
        if !isInPlace && temporary == nil { try nameUnnamed() }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0 else { throw failure() }
        if let temporary {
            guard rename(temporary, target) == 0 else { throw failure() }
            self.temporary = nil
        }
        if !isInPlace { Self.syncFolder(of: target) }
    }

    /// Moves a file without a name to the target. The system can only link it to a new name, so it is linked to an
    /// intermediate name first and then renamed. It is locked while it has the intermediate name: an unlocked file of
    /// this name was left by a killed process.
    private func nameUnnamed() throws(CoreError) {
        let intermediate = Self.intermediateName(for: target)
        flock(descriptor, LOCK_EX)
        while !Self.link(descriptor, intermediate) {
            guard errno == EEXIST, Self.removeLeftOver(intermediate, waits: true) else { throw failure() }
        }
        guard rename(intermediate, target) == 0 else {
            let error = failure()
            unlink(intermediate)
            throw error
        }
    }

    /// Removes a file that a killed process left. A locked file belongs to a process that is about to rename it: then
    /// this function waits for that if `waits` is true, and returns false otherwise. Returns whether linking to the
    /// name may be tried.
    @discardableResult
    private static func removeLeftOver(_ name: String, waits: Bool) -> Bool {
        let descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return errno == ENOENT }
        defer { close(descriptor) }
        while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            guard errno == EINTR else { return false }
        }
        // The name may be that of another file by now, or be free.
        var (opened, named) = (stat(), stat())
        guard fstat(descriptor, &opened) == 0, lstat(name, &named) == 0, isSame(opened, named) else { return true }
        return unlink(name) == 0
    }

    /// The intermediate name on the way to a target, always the same for the same target.
    package static func intermediateName(for target: String) -> String {
        var hash = StreamChecksum()
        Array(name(of: target).utf8).withUnsafeBytes { hash.combine($0) }
        return "\(folder(of: target))/.w2v-c-\(String(hash.value, radix: 16)).tmp"
    }

    /// Opens a file without a name, which is freed when it is closed. -1 if the system does not support that.
    private static func openUnnamed(in folder: String) -> Int32 {
        #if os(Linux)
            // Linking it to a name needs /proc.
            guard access("/proc/self/fd", X_OK) == 0 else { return -1 }
            let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY  // O_TMPFILE
            return open(folder, O_WRONLY | O_CLOEXEC | unnamed, 0o666)
        #else
            return -1
        #endif
    }

    /// Links a file without a name to a name.
    private static func link(_ descriptor: Int32, _ name: String) -> Bool {
        #if os(Linux)
            linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
        #else
            false
        #endif
    }

    /// Syncs the directory, so that the rename survives a loss of power.
    private static func syncFolder(of target: String) {
        let descriptor = open(folder(of: target), O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    @usableFromInline
    func flush() throws(CoreError) {
        let written = buffer.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Self.write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
        guard written else { throw failure() }
        if flushedHead.count < Self.headLength { flushedHead += buffer.prefix(Self.headLength - flushedHead.count) }
        buffer.withUnsafeBytes { checksumOfFlushed?.combine($0) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func failure() -> CoreError {
        .cannotWrite(path: path, reason: systemMessage(errno))
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress!, bytes.count)
        #elseif canImport(Musl)
            Musl.write(descriptor, bytes.baseAddress!, bytes.count)
        #elseif canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress!, bytes.count)
        #endif
    }

    /// Calls `make` with unused names in the directory of the target until it succeeds. Returns the name. Nil if `make`
    /// fails for another reason than that the name exists.
    private static func withTemporaryName(beside target: String, _ make: (String) -> Bool) -> String? {
        for _ in 0..<100 {
            let number = UInt32.random(in: 0...UInt32.max)
            let name = "\(folder(of: target))/.w2v-c-\(getpid())-\(String(number, radix: 16)).tmp"
            if make(name) { return name }
            guard errno == EEXIST else { return nil }
        }
        return nil
    }

    /// The path with symbolic links resolved, so that a link is not replaced by a file.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
