private import Foundation

/// A table for a terminal and for a page in Markdown alike.
public struct MarkdownTable {
    private var rows: [[String]]

    public init(_ head: String...) {
        rows = [head]
    }

    public mutating func add(_ cells: String...) {
        precondition(cells.count == rows[0].count, "a row of another length")
        rows.append(cells)
    }

    /// The first column is aligned to the left, the others to the right.
    public var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - cells[column].count)
                return column == 0 ? cells[column] + space : space + cells[column]
            }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = widths.indices.map { column in
            let dashes = String(repeating: "-", count: widths[column] + 1)
            return column == 0 ? ":" + dashes : dashes + ":"
        }
        return ([line(rows[0]), "|" + rule.joined(separator: "|") + "|"] + rows.dropFirst().map(line))
            .joined(separator: "\n")
    }
}

extension Double {
    /// With so many decimals; "-" for NaN.
    public func text(_ decimals: Int = 0) -> String {
        isNaN ? "-" : String(format: "%.\(decimals)f", self)
    }

    /// As hundredths.
    public var percent: String {
        isNaN ? "-" : (self * 100).text() + "%"
    }
}
