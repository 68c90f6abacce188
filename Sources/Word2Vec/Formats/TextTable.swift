/// Cells in aligned columns, for people to read.
package struct TextTable {
    private var lines: [[String]]
    private let leftAligned: Set<Int>

    /// - Parameter leftAligned: the columns of words; the others are of numbers and end together.
    package init(_ header: [String], leftAligned: Set<Int>) {
        lines = [header]
        self.leftAligned = leftAligned
    }

    /// Appends a line of as many cells as the header has.
    package mutating func append(_ cells: [String]) {
        precondition(cells.count == lines[0].count, "a line has as many cells as the header")
        lines.append(cells)
    }

    /// The lines, two spaces between columns and none at an end.
    package var text: String {
        let widths = lines[0].indices.map { column in lines.map(\.[column].count).max() ?? 0 }
        return lines.map { line in
            let cells = line.indices.map { column in
                let spaces = String(repeating: " ", count: widths[column] - line[column].count)
                return leftAligned.contains(column) ? line[column] + spaces : spaces + line[column]
            }
            let joined = cells.joined(separator: "  ")
            return String(joined.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}

extension Double {
    /// With so many decimals.
    package func text(_ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        guard magnitude * scale < 9e18 else { return "\(self)" }
        let scaled = Int64((magnitude * scale).rounded())
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = self < 0 && scaled > 0 ? "-" : ""
        return decimals == 0 ? sign + padded : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}
