private import CMachine
private import Foundation

/// Memory that is read from its beginning to its end.
public final class SequentialMemory {
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int

    /// Bytes on 2 MB pages, if the system grants them, each page written once.
    public init(byteCount: Int) {
        let page = 2 << 20
        self.byteCount = (byteCount + page - 1) / page * page
        base = .allocate(byteCount: self.byteCount, alignment: page)
        #if os(Linux)
            madvise(base, self.byteCount, Int32(MADV_HUGEPAGE))
        #endif
        base.initializeMemory(as: UInt8.self, repeating: 1, count: self.byteCount)
    }

    /// Reads it all, as fast as the widest registers do.
    public func read() {
        machine_read(base, byteCount)
    }

    deinit {
        base.deallocate()
    }
}
