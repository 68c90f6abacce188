#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A value protected by a lock. Unlike the standard library's `Mutex` it uses a POSIX mutex, which ThreadSanitizer
/// knows, so that it reports no false races.
///
/// `@unchecked` because the value is accessed only while the mutex is held.
public final class Locked<Value>: @unchecked Sendable {
    @usableFromInline let mutex = PosixMutex()
    @usableFromInline var value: Value

    @inlinable
    public init(_ value: sending Value) {
        self.value = value
    }

    @inlinable
    public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        mutex.lock()
        defer { mutex.unlock() }
        return try body(&value)
    }

    /// Returns nil without waiting if another thread holds the lock.
    @discardableResult
    @inlinable
    public func withLockIfAvailable<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result? {
        guard mutex.lockIfAvailable() else { return nil }
        defer { mutex.unlock() }
        return try body(&value)
    }
}

@usableFromInline
final class PosixMutex {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    @usableFromInline
    init() {
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    @usableFromInline
    func lock() {
        pthread_mutex_lock(mutex)
    }

    @usableFromInline
    func lockIfAvailable() -> Bool {
        pthread_mutex_trylock(mutex) == 0
    }

    @usableFromInline
    func unlock() {
        pthread_mutex_unlock(mutex)
    }
}
