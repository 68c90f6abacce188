/// Token ids that someone else keeps. Valid only during the call that passes them.
struct TokenView {
    /// `count` ids.
    let pointer: UnsafePointer<Int32>
    let count: Int
}
