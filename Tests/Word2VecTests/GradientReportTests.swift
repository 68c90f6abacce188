import CWord2Vec
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct GradientReportTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func allGradientsHold(seed: UInt64) throws {
        let report = try GradientReport(seed: seed)
        for row in report.objectives + report.trainers {
            #expect(row.passes, "\(row.name), \(row.shape): \(row.difference)")
        }
        #expect(report.passes)
    }

    @Test func everyObjectiveShapeAndTrainerIsThere() throws {
        let report = try GradientReport()
        let names = Set(report.objectives.map(\.name))
        let windows = ["skip-gram", "CBOW sum", "CBOW mean"].flatMap { ["\($0), softmax", "\($0), negative sampling"] }
        #expect(names == Set(windows + ["sigmoid", "softmax", "negative sampling", "two-layer network"]))
        for name in windows {
            let shapes = report.objectives.filter { $0.name == name }.map(\.shape)
            for part in ["repeated", "1 context", "D 1,", "+-1000", "near 1000"] {
                #expect(shapes.contains { $0.contains(part) }, "\(name): \(part)")
            }
        }
        let trainers = Set(report.trainers.map(\.name))
        let kernels = InstructionSet.present.flatMap { set in
            ["update", "update_mean", "update_mean, divided"].map { "\(set.rawValue) \($0)" }
        }
        #expect(trainers == Set(kernels + ["-exact 1, skip-gram", "-exact 1, CBOW", "two-layer network's step"]))
        for name in kernels {
            let shapes = report.trainers.filter { $0.name == name }.map(\.shape)
            for part in ["softmax", "repeats", "D 1,"] { #expect(shapes.contains { $0.contains(part) }, "\(name)") }
        }
        for rows in [report.objectives, report.trainers] {
            #expect(rows.contains { $0.name.hasPrefix("two-layer network") && $0.shape.contains("L2 0.5") })
        }
    }

    @Test func whatIsAboveItsBoundFails() throws {
        let report = try GradientReport(seed: 1, bound: 1e-12)
        #expect(!report.passes)
        #expect(report.objectives.contains { !$0.passes } && report.trainers.allSatisfy(\.passes))
        var row = try #require(report.trainers.first)
        for (difference, passes) in [(0, true), (1, true), (1.5, false), (.infinity, false), (.nan, false)] {
            (row.difference, row.bound) = (difference, 1)
            #expect(row.passes == passes)
        }
    }

    @Test func theBoundsOfTheTrainersAreFarBelowAStep() throws {
        for row in try GradientReport().trainers {
            // A share of a step is alpha * g * value, some .05 * .5 * .3 at D = 8 or 20, .05 * .5 * .1 at D = 100.
            let isExact = row.name.hasPrefix("-exact")
            #expect(row.bound < (isExact ? 0.0101 : 4e-6), "\(row.name), \(row.shape): \(row.bound)")
            #expect(row.difference > 0)
        }
    }
}
