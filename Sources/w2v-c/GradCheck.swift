import ArgumentParser
import Word2Vec

struct GradCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradcheck",
        abstract: "Check the gradients of all objectives, and that training follows them.",
        usage: "w2v-c gradcheck [-seed N] [-bound X] [-json]",
        discussion: """
            First table: each objective's analytic gradient against extrapolated central differences, the largest \
            |numeric - analytic| / max(1, |numeric|, |analytic|). Second table: the parameters after one update by the \
            training kernels of each instruction set present, after a run of -exact 1 over one sentence, and after a \
            mini-batch of the network's training, against parameters - alpha * gradient: the largest difference, and what \
            rounding and the sigmoid's table allow. \
            V words, D dimensions, K negative samples, Dx, H, Dy and N the network's inputs, hidden units, classes and rows.

            Exit status 1 if one difference is above its bound.
            """
    )

    @Option(
        name: .original("seed"), parsing: .unconditional,
        help: ArgumentHelp("Names the random values that are tried.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(
        name: .original("bound"), parsing: .unconditional,
        help: ArgumentHelp("What the relative differences of the first table may be.", valueName: "number"))
    var bound = GradientCheck.bound

    @Flag(name: .original("json"), help: "One JSON object in place of tables.")
    var json = false

    func validate() throws {
        guard bound > 0 && bound.isFinite else { throw ValidationError("-bound must be above 0, found \(bound)") }
    }

    func run() throws {
        let report = try GradientReport(seed: seed, bound: bound)
        let failures = (report.objectives + report.trainers).count { !$0.passes }
        if json {
            print(
                JSON.object([
                    ("seed", .encoded("\(seed)")), ("failures", .integer(failures)),
                    ("objectives", .array(report.objectives.map(Self.object))),
                    ("trainers", .array(report.trainers.map(Self.object))),
                ]))
        } else {
            show(report.objectives, "Objective", "Rel. difference")
            print()
            show(report.trainers, "Trainer", "Difference")
            print()
            print(
                failures == 0
                    ? "All within their bounds (seed \(seed))" : "\(failures) above their bounds (seed \(seed))")
        }
        guard failures == 0 else { throw ExitCode(1) }
    }

    private static func object(_ row: GradientReport.Row) -> JSON {
        .object([
            ("name", .string(row.name)), ("shape", .string(row.shape)), ("values", .integer(row.count)),
            ("difference", .number(row.difference)), ("bound", .number(row.bound)), ("passes", .boolean(row.passes)),
        ])
    }

    private func show(_ rows: [GradientReport.Row], _ name: String, _ difference: String) {
        var table = TextTable([name, "Shape", "Values", difference, "Bound", ""], leftAligned: [0, 1, 5])
        for row in rows {
            table.append([
                row.name, row.shape, "\(row.count)", row.difference.scientificText, row.bound.scientificText,
                row.passes ? "ok" : "FAILED",
            ])
        }
        print(table.text)
    }
}

extension Double {
    /// Two digits and a power of ten: 1.5e-7.
    fileprivate var scientificText: String {
        guard isFinite && self != 0 else { return "\(self)" }
        var (mantissa, exponent) = (magnitude, 0)
        while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        return (sign == .minus ? "-" : "") + mantissa.text(1) + "e\(exponent)"
    }
}
