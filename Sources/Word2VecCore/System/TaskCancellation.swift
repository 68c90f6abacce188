/// Whether the task that calls is cancelled, as a question that its helpers on other threads may ask, too, while `body` runs.
/// Outside of a task it never is.
func withTaskCancellation<Value>(
    _ body: (_ isCancelled: @escaping @Sendable () -> Bool) throws(Word2VecError) -> Value
) throws(Word2VecError) -> Value {
    let outcome = withUnsafeCurrentTask { task -> Result<Value, Word2VecError> in
        // Good for the time of this call; isCancelled may be asked from any thread.
        nonisolated(unsafe) let task = task
        do throws(Word2VecError) {
            return .success(try body { task?.isCancelled ?? false })
        } catch {
            return .failure(error)
        }
    }
    return try outcome.get()
}
