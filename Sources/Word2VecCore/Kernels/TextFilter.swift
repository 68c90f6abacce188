internal import CWord2Vec

/// The characters beyond ASCII that are replaced in a text, and their replacements, from Swift's standard library. It
/// is made once for a text and shared by the threads that read it.
package final class CharacterTable: Sendable {
    fileprivate let lowercases: Bool
    fileprivate let unicodeSpaces: Bool
    fileprivate let pages: Memory
    fileprivate let scalars: Memory

    /// Creates a table for the rules. Nil if they replace nothing.
    package init?(_ rules: TokenRules) throws(CoreError) {
        guard rules.lowercases || rules.unicodeSpaces else { return nil }
        (lowercases, unicodeSpaces) = (rules.lowercases, rules.unicodeSpaces)
        let pageLength = Int(W2V_FILTER_PAGE)
        var pages = [UInt16](repeating: 0, count: Int(W2V_FILTER_SCALARS) / pageLength)
        // Page 0 is that of the characters that stay.
        var scalars = [UInt32](repeating: 0, count: pageLength)
        for (value, other) in (lowercases ? Self.capitals : []) + (unicodeSpaces ? Self.spaces : []) {
            let page = value / pageLength
            if pages[page] == 0 {
                pages[page] = UInt16(scalars.count / pageLength)
                scalars += [UInt32](repeating: 0, count: pageLength)
            }
            scalars[Int(pages[page]) * pageLength + value % pageLength] = other
        }
        self.pages = try Memory(copying: pages, for: "characters")
        self.scalars = try Memory(copying: scalars, for: "characters")
    }

    /// Characters and their replacements, for the C core.
    private typealias Replacements = [(scalar: Int, other: UInt32)]

    private static var all: some Sequence<Unicode.Scalar> {
        (0x80..<UInt32(W2V_FILTER_SCALARS)).lazy.compactMap(Unicode.Scalar.init)
    }

    private static let spaces: Replacements = all.filter(\.properties.isWhitespace).map {
        (Int($0.value), UInt32(UInt8(ascii: " ")))
    }

    /// Computed once, in some milliseconds.
    private static let capitals: Replacements = all.compactMap { scalar in
        guard scalar.properties.changesWhenLowercased else { return nil }
        let small = scalar.properties.lowercaseMapping
        let parts = small.unicodeScalars.map(\.value)
        // One character becomes two in Unicode, U+0130 with a dot above. What does not fit the table would stay as it is.
        guard parts.count == 1 || parts.count == 2 && parts[1] < 1 << 11,
            2 * small.utf8.count <= 3 * UTF8.width(scalar)
        else { return nil }
        return (Int(scalar.value), parts[0] | (parts.count == 2 ? parts[1] << 21 : 0))
    }
}

/// Applies a table to a text in pieces, before it is tokenized.
package final class TextFilter {
    private let table: CharacterTable
    private var filter: w2v_filter
    private let output: UnsafeMutableRawBufferPointer

    /// - Parameter pieceLength: the maximum number of bytes of a piece.
    package init(_ table: CharacterTable, pieceLength: Int) {
        self.table = table
        filter = w2v_filter(
            pages: table.pages.bound(to: UInt16.self), scalars: table.scalars.bound(to: UInt32.self),
            small_letters: table.lowercases, spaces: table.unicodeSpaces, held_count: 0, held: (0, 0, 0))
        output = .allocate(byteCount: w2v_filter_room(pieceLength), alignment: 64)
    }

    deinit { output.deallocate() }

    /// The replaced piece, without a character that is cut off at its end. Valid until the next call.
    package func filtered(_ piece: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        precondition(w2v_filter_room(piece.count) <= output.count, "a piece longer than was said")
        return written { to in
            guard let text = piece.baseAddress else { return 0 }
            return w2v_filter_text(&filter, text.assumingMemoryBound(to: UInt8.self), piece.count, to)
        }
    }

    /// Ends the text. Returns the rest of a character that was cut off.
    package func rest() -> UnsafeRawBufferPointer {
        written { w2v_filter_end(&filter, $0) }
    }

    private func written(_ body: (UnsafeMutablePointer<UInt8>) -> Int) -> UnsafeRawBufferPointer {
        let count = output.baseAddress.map { body($0.assumingMemoryBound(to: UInt8.self)) } ?? 0
        return UnsafeRawBufferPointer(rebasing: output[..<count])
    }
}
