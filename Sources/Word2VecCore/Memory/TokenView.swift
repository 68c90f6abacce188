/// Token ids that someone else keeps. Valid only during the call that passes them.
package struct TokenView {
    /// `count` ids.
    package let pointer: UnsafePointer<Int32>
    package let count: Int
}
