import ArgumentParser
import Word2Vec

struct GradCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradcheck",
        abstract: "Check the gradients of all objectives, and check that training follows them.",
        usage: "w2v-c gradcheck [-seed N] [-bound X] [-json]",
        discussion: """
            The first table compares the analytic gradient of each objective with extrapolated central differences. It shows \
            the largest |numeric - analytic| / max(1, |numeric|, |analytic|).

            The second table compares the parameters after an update with parameters - alpha * gradient. The updates are: one \
            block update by the kernels of each available instruction set, one sentence with -exact 1, and one mini-batch of \
            the classifier's network. It shows the largest difference, and a bound that allows for rounding and for the error \
            of the sigmoid table.

            In the shapes, V is the number of words, D of dimensions, and K of negative samples. Dx, H, Dy and N are the \
            numbers of inputs, hidden units, classes and rows of the network.

            The exit status is 1 if a difference is above its bound.
            """
    )

    @Option(
        name: .original("seed"), parsing: .unconditional,
        help: ArgumentHelp("Seed of the random values.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(
        name: .original("bound"), parsing: .unconditional,
        help: ArgumentHelp("Bound on the relative differences in the first table.", valueName: "number"))
    var bound = GradientCheck.bound

    @Flag(name: .original("json"), help: "Print one JSON object instead of tables.")
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
                    ? "All differences are within their bounds (seed \(seed))"
                    : "\(failures) differences are above their bounds (seed \(seed))")
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
    /// Scientific notation with two digits: 1.5e-7.
    fileprivate var scientificText: String {
        guard isFinite && self != 0 else { return "\(self)" }
        var (mantissa, exponent) = (magnitude, 0)
        while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        return (sign == .minus ? "-" : "") + mantissa.text(1) + "e\(exponent)"
    }
}
