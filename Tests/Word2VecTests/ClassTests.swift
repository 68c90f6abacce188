import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct ClassTests {
    private static func vectors(
        _ count: Int, dimensions: Int, seed: UInt64, centers: Int = 12, spread: Float = 0.4
    ) throws -> WordVectors {
        var random = SeededGenerator(seed: seed)
        func values(_ most: Float) -> [Float] {
            (0..<dimensions).map { _ in Float.random(in: -most...most, using: &random) }
        }
        let middles = (0..<centers).map { _ in values(1) }
        return try WordVectors(
            words: (0..<count).map { "w\($0)" },
            vectors: (0..<count).map { _ in
                zip(middles.randomElement(using: &random)!, values(spread)).map { ($0 + $1) * 3 }
            })
    }

    private func options(_ count: Int, seed: UInt64 = 1, iterations: Int = 100) -> ClassOptions {
        var options = ClassOptions(count: count)
        (options.seed, options.iterations) = (seed, iterations)
        return options
    }

    /// The unit vector of some values, in double; zero if there is none.
    private func unit(_ values: [Double]) -> [Double] {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 && length.isFinite ? values.map { $0 / length } : values.map { _ in 0 }
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test(arguments: [(500, 7, 5), (2100, 33, 13), (300, 50, 130)])
    func noWordIsNearerToAnotherCenter(words: Int, dimensions: Int, count: Int) throws {
        let vectors = try Self.vectors(words, dimensions: dimensions, seed: 4)
        let classes = try vectors.classes(options(count))
        #expect(classes.rounds < 100 && classes.count == count)
        let units = vectors.map { unit($0.vector.map(Double.init)) }
        let centers = classes.members.map { members in
            unit((0..<dimensions).map { d in members.reduce(0.0) { $0 + units[$1][d] } })
        }
        #expect(classes.members.allSatisfy { !$0.isEmpty })
        var cosines = [Double](repeating: 0, count: count)
        var inertia = 0.0
        for (row, group) in classes.assignment.enumerated() {
            let own = dot(units[row], centers[group])
            #expect(centers.allSatisfy { dot(units[row], $0) <= own + 1e-5 })
            cosines[group] += own
            inertia += 2 - 2 * own
        }
        let cohesion = try vectors.cohesion(of: classes)
        #expect(abs(cohesion.inertia - inertia) < 1e-5 * inertia)
        #expect(cohesion.sizes == classes.members.map(\.count) && cohesion.wordsWithoutDirection == 0)
        for (group, mean) in cohesion.meanCosines.enumerated() {
            #expect(abs((mean ?? -9) - cosines[group] / Double(cohesion.sizes[group])) < 1e-5)
        }
    }

    @Test func theResultDependsNeitherOnTheInstructionSetNorOnTheTime() throws {
        let vectors = try Self.vectors(4100, dimensions: 20, seed: 5)
        let expected = try vectors.classes(options(37)).assignment
        for set in InstructionSet.present {
            #expect(try vectors.classes(options(37), on: set).assignment == expected, "\(set)")
        }
        #expect(try vectors.classes(options(37, seed: 2)).assignment != expected)
    }

    @Test func groupsOfAnySizeAreFound() throws {
        // Even draws would nearly never seed the two small groups.
        let vectors = try WordVectors(
            words: (0..<1000).map { "w\($0)" },
            vectors: (0..<1000).map { n in
                let group = n < 990 ? 0 : n < 995 ? 1 : 2
                return (0..<3).map { d in (d == group ? 1 : 0) + Float((n * 7 + d * 3) % 11) * 0.0001 }
            })
        for seed in 1...20 {
            let classes = try vectors.classes(options(3, seed: UInt64(seed)))
            #expect(classes.members.map(\.count).sorted() == [5, 5, 990])
        }
    }

    @Test func noClassIsEmptyEvenIfVectorsCoincide() throws {
        let same = try WordVectors(
            words: (0..<20).map { "w\($0)" }, vectors: (0..<20).map { $0 < 15 ? [1, 1] : [Float($0), 0] })
        for count in [1, 2, 3, 10, 20] {
            let classes = try same.classes(options(count))
            #expect(classes.members.allSatisfy { !$0.isEmpty } && classes.rounds < 10, "\(count)")
            #expect(try same.cohesion(of: classes).inertia < (count == 1 ? 10 : 1e-5))
        }
        // Opposite vectors have a sum without direction.
        let opposite = try WordVectors(words: ["a", "b"], vectors: [[1, 0], [-1, 0]])
        let one = try opposite.classes(options(1))
        #expect(one.assignment == [0, 0])
        #expect(try opposite.cohesion(of: one).meanCosines == [nil])
    }

    @Test func vectorsWithoutDirectionSeedNothing() throws {
        let vectors = try WordVectors(
            words: ["zero", "nan", "infinite", "a", "b", "c"],
            vectors: [[0, 0], [.nan, 1], [.infinity, 1], [1, 0], [0, 1], [0, 2]])
        for seed in 1...10 {
            let classes = try vectors.classes(options(2, seed: UInt64(seed)))
            #expect(classes.assignment[4] == classes.assignment[5] && classes.assignment[3] != classes.assignment[4])
            #expect(classes.assignment[..<3] == [0, 0, 0])
            let cohesion = try vectors.cohesion(of: classes)
            #expect(cohesion.wordsWithoutDirection == 3 && cohesion.meanCosine == 1 && cohesion.inertia == 0)
        }
        let least = ClassOptions(count: 4)
        #expect(throws: Word2VecError.self) { try vectors.classes(least) }
    }

    @Test func theRoundsEndAtTheirLimit() throws {
        let vectors = try Self.vectors(2000, dimensions: 20, seed: 6, centers: 100, spread: 1)
        let short = try vectors.classes(options(40, iterations: 1))
        let long = try vectors.classes(options(40))
        #expect(short.rounds == 1 && long.rounds > 1)
        #expect(try vectors.cohesion(of: long).inertia < vectors.cohesion(of: short).inertia)
    }

    @Test func aNumberOfClassesIsTheDefaultOptions() throws {
        let vectors = try Self.vectors(300, dimensions: 8, seed: 7)
        let (short, long) = (try vectors.classes(4), try vectors.classes(ClassOptions(count: 4)))
        #expect(short.assignment == long.assignment && short.rounds == long.rounds)
        var original = ClassOptions(count: 4)
        original.method = .original
        #expect(try vectors.classes(original).assignment != short.assignment)
    }

    @Test func whatCannotBeIsAnError() throws {
        let vectors = try Self.vectors(10, dimensions: 3, seed: 1)
        for count in [0, -1, 11, 1_000_001] {
            #expect(throws: Word2VecError.self) { try vectors.classes(options(count)) }
        }
        #expect(throws: Word2VecError.self) { try vectors.classes(options(2, iterations: 0)) }
        let other = try Self.vectors(9, dimensions: 3, seed: 1)
        #expect(throws: Word2VecError.self) { try vectors.cohesion(of: other.classes(options(2))) }
        let empty = try WordVectors(words: [], vectors: [])
        #expect(throws: Word2VecError.self) { try empty.classes(options(1)) }
    }
}
