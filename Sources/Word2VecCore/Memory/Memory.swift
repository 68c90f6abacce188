#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A region of memory that is freed with this object: zeroed memory, the bytes of a file, or a copy of some bytes.
/// Large zeroed memory is mapped, so only touched pages are resident. Small memory, which every query needs, comes from
/// the allocator.
///
/// `@unchecked Sendable` relies on its owners: mappings of named files are read-only, token ids and tables are written
/// before they are shared, and parameter matrices are written while they are shared, which is Hogwild training (see
/// `W2V_HOGWILD` in the C core).
package final class Memory: @unchecked Sendable {
    package let base: UnsafeMutableRawPointer
    package let byteCount: Int
    private let isMapped: Bool
    /// The object that owns these bytes, if it is another one.
    private let owner: Memory?

    /// How anonymous memory will be used.
    package enum Use {
        /// All of it is used, soon.
        case plain
        /// All of it is used, in random order: the system is asked for 2 MB pages.
        case table
        /// Perhaps little of it is used: nothing is reserved.
        case sparse
    }

    /// Memory of fewer bytes comes from the allocator, which reuses freed memory. The system would have to map pages
    /// each time.
    private static let mappedFrom = 1 << 16

    /// Zeroed memory, 64-byte aligned.
    package init(zeroed byteCount: Int, for purpose: @autoclosure () -> String, use: Use = .plain) throws(CoreError) {
        self.byteCount = max(byteCount, 1)
        if self.byteCount < Self.mappedFrom {
            base = .allocate(byteCount: self.byteCount, alignment: 64)
            base.initializeMemory(as: UInt8.self, repeating: 0, count: self.byteCount)
            isMapped = false
            owner = nil
            return
        }
        var flags = MAP_PRIVATE | MAP_ANON
        #if os(Linux)
            if use == .sparse { flags |= MAP_NORESERVE }
        #endif
        guard let base = mmap(nil, self.byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED else {
            throw .outOfMemory(bytes: byteCount, purpose: purpose())
        }
        self.base = base
        isMapped = true
        owner = nil
        if use == .table { adviseHugePages(UnsafeMutableRawBufferPointer(start: base, count: self.byteCount)) }
    }

    /// The bytes of an open file; `byteCount` is above 0.
    package init(file: Int32, byteCount: Int, path: String) throws(CoreError) {
        guard let base = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, file, 0), base != MAP_FAILED else {
            throw .cannotRead(path: path, reason: systemMessage(errno))
        }
        self.base = base
        self.byteCount = byteCount
        isMapped = true
        owner = nil
    }

    /// The bytes of an open file, for writing; `byteCount` is above 0.
    package init(sharing file: Int32, byteCount: Int, path: String) throws(CoreError) {
        guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), base != MAP_FAILED else {
            throw .cannotWrite(path: path, reason: systemMessage(errno))
        }
        self.base = base
        self.byteCount = byteCount
        isMapped = true
        owner = nil
    }

    /// A copy of some bytes, of the exact size, so that AddressSanitizer detects an access beyond them.
    package init(bytes: [UInt8]) {
        base = .allocate(byteCount: bytes.count, alignment: 64)
        byteCount = bytes.count
        isMapped = false
        owner = nil
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { base.copyMemory(from: start, byteCount: source.count) }
        }
    }

    /// The bytes of another memory, which is kept alive by this object.
    package init(lending owner: Memory) {
        (base, byteCount, isMapped) = (owner.base, owner.byteCount, owner.isMapped)
        self.owner = owner
    }

    /// A copy of an array, for the C core to borrow.
    package convenience init<Element: BitwiseCopyable>(copying array: [Element], for purpose: String) throws(CoreError)
    {
        try self.init(zeroed: array.count * MemoryLayout<Element>.stride, for: purpose)
        array.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress { base.copyMemory(from: source, byteCount: bytes.count) }
        }
    }

    /// The memory as elements of a type, which is the same in every call.
    package func bound<Element: BitwiseCopyable>(to type: Element.Type) -> UnsafeMutablePointer<Element> {
        base.assumingMemoryBound(to: type)
    }

    /// The memory from a byte offset on as elements of a type, which is the same in every call.
    package func bound<Element: BitwiseCopyable>(
        to type: Element.Type, at start: Int
    ) -> UnsafeMutablePointer<Element> {
        precondition(start >= 0 && start <= byteCount, "outside of the memory")
        return (base + start).assumingMemoryBound(to: type)
    }

    deinit {
        guard owner == nil else { return }
        if isMapped { munmap(base, byteCount) } else { base.deallocate() }
    }
}

/// The layout of arrays of several types, one after the other, in one piece of memory.
package struct MemoryLayouts {
    /// The size of all arrays so far, in bytes.
    package private(set) var byteCount = 0

    /// Adds an array. Returns its byte offset, a multiple of 64.
    package mutating func add<Element: BitwiseCopyable>(_ type: Element.Type, _ count: Int) -> Int {
        let start = (byteCount + 63) / 64 * 64
        byteCount = start + count * MemoryLayout<Element>.stride
        return start
    }
}

/// Asks the system for 2 MB pages, for memory that was not touched yet and is used in random order. With small pages, a
/// table of several megabytes is slowed by misses of the page table cache.
package func adviseHugePages(_ memory: UnsafeMutableRawBufferPointer) {
    #if os(Linux)
        let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
        guard let start = memory.baseAddress.map({ UInt(bitPattern: $0) }) else { return }
        let first = (start + page - 1) / page * page
        let end = (start + UInt(memory.count)) / page * page
        if first < end { madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), Int32(MADV_HUGEPAGE)) }
    #endif
}

/// The system's message for an error number.
package func systemMessage(_ number: Int32) -> String {
    String(cString: strerror(number))
}
