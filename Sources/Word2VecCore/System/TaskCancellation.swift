/// Whether the task that calls is cancelled, as a question that its helpers on other threads may ask, too, while `body` runs.
/// Outside of a task it never is.
package func withTaskCancellation<Value, Failure: Error>(
    _ body: (_ isCancelled: @escaping CancellationCheck) throws(Failure) -> Value
) throws(Failure) -> Value {
    let outcome = withUnsafeCurrentTask { task -> Result<Value, Failure> in
        // Good for the time of this call; isCancelled may be asked from any thread.
        nonisolated(unsafe) let task = task
        do throws(Failure) {
            return .success(try body { task?.isCancelled ?? false })
        } catch {
            return .failure(error)
        }
    }
    return try outcome.get()
}
