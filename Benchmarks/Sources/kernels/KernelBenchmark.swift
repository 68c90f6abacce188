import ArgumentParser
import CWord2Vec
import Machine

@main
struct KernelBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels",
        abstract: "Times every kernel on every instruction set of this processor.",
        discussion: """
            Each round takes one sample, of about a millisecond, of every kernel, in an order drawn anew, and of what the \
            core can do at most: multiply-adds in registers, and updates of random rows fetched ahead. Shares are medians \
            over the rounds, each of a sample and a limit of the same round; times are medians and, as best, the 5% \
            quantile, in processor time. With -compiler the kernels as another compiler makes them are timed in the same \
            rounds, with their speed as a share of the speed of these.
            """
    )

    @Option(
        name: [.customLong("compiler", withSingleDash: true), .long],
        help: ArgumentHelp("Time the C core as built by this compiler, too, such as gcc.", valueName: "command"))
    var compilers: [String] = []

    @Option(name: [.customLong("rounds", withSingleDash: true), .long], help: "Samples of each kernel.")
    var rounds = 60

    @Option(
        name: [.customLong("rows", withSingleDash: true), .long],
        help: "Rows of each of the two matrices that random rows are drawn from.")
    var rows = 70_000

    func validate() throws {
        guard rounds > 0, rows >= 1000 else { throw ValidationError("-rounds from 1, -rows from 1000") }
    }

    /// The limits of one instruction set, in the round in hand.
    private struct Limit {
        var operationsPerSecond = Samples()
        var now = 0.0
    }

    func run() throws {
        let others = try compilers.map(CompiledCore.init)
        Core.pin()
        var generator = SeededGenerator(seed: 1)
        let sets = (0..<W2V_ISA_COUNT).map { w2v_isa(UInt32($0)) }
        let tables = sets.compactMap { w2v_kernels_for($0)?.pointee }
        var cases: [KernelCase] = []
        var walks: [Int: RowWalk] = [:]
        for dimensions in [100, 300] {
            let small = (0..<2).map { _ in RowTable(rows: 18, dimensions: dimensions, generator: &generator) }
            let large = (0..<2).map { _ in RowTable(rows: rows, dimensions: dimensions, generator: &generator) }
            func storage(_ shape: BlockShape, _ place: KernelCase.Place) -> BlockStorage {
                let matrices = place == .cache ? small : large
                return BlockStorage(
                    shape, count: place == .cache ? shape.inputs.count : rows, input: matrices[0], output: matrices[1],
                    fetches: place == .memory, generator: &generator)
            }
            let work = Self.work.map { ($0, storage($0.shape, $0.place)) }
            for kernels in tables {
                let builds =
                    [("", kernels)]
                    + others.compactMap { core in core.kernels(kernels.isa).map { (core.compiler, $0) } }
                for (work, storage) in work {
                    for (compiler, kernels) in builds {
                        cases.append(
                            KernelCase(
                                work.kernel, work.shape, work.place, kernels: kernels, compiler: compiler,
                                dimensions: dimensions, storage: storage))
                    }
                }
            }
            let order = storage(BlockShape(inputs: [6], outputs: 6), .memory).rows
            walks[dimensions] = RowWalk(order, in: large)
        }
        measure(cases, tables, walks, &generator)
    }

    /// What is timed.
    private static let work: [(kernel: KernelCase.Kernel, shape: BlockShape, place: KernelCase.Place)] = [
        (.dot, BlockShape(inputs: [1], outputs: 6), .cache),
        (.update, BlockShape(inputs: [1], outputs: 6), .cache),
        (.update, BlockShape(inputs: [6], outputs: 6), .cache),
        (.update, .windows(outputs: 6), .cache),
        (.update, BlockShape(inputs: [6], outputs: 12), .cache),
        (.update, BlockShape(inputs: [6], outputs: 18), .cache),
        (.updateMean, BlockShape(inputs: [6], outputs: 6), .cache),
        (.update, BlockShape(inputs: [1], outputs: 6), .memory),
        (.update, BlockShape(inputs: [6], outputs: 6), .memory),
        (.update, BlockShape(inputs: [6], outputs: 18), .memory),
        (.updateMean, BlockShape(inputs: [6], outputs: 6), .memory),
    ]

    private func measure(
        _ cases: [KernelCase], _ tables: [w2v_kernels], _ walks: [Int: RowWalk], _ generator: inout SeededGenerator
    ) {
        let widest = tables.map(\.lanes).max() ?? 4
        var limits: [Int: Limit] = Dictionary(uniqueKeysWithValues: tables.map { ($0.lanes, Limit()) })
        var rowSeconds: [Int: Samples] = walks.mapValues { _ in Samples() }
        var (ofPeak, ofRows, ofThis) = (
            cases.map { _ in Samples() }, cases.map { _ in Samples() }, cases.map { _ in Samples() }
        )
        // The same work by the kernels that are linked: the builds of one kernel follow each other, these first.
        let linked = cases.indices.map { n in cases[...n].lastIndex { $0.compiler.isEmpty } ?? n }
        for _ in 0..<rounds {
            var secondsPerRow: [Int: Double] = [:]
            for lanes in limits.keys.sorted() {
                let rate = Core.operationsPerSecond(lanes: lanes, rounds: 50_000)
                limits[lanes]?.operationsPerSecond.add(rate)
                limits[lanes]?.now = rate
            }
            for (dimensions, walk) in walks {
                let seconds = walk.secondsPerRow(lanes: widest)
                rowSeconds[dimensions]?.add(seconds)
                secondsPerRow[dimensions] = seconds
            }
            var secondsNow = cases.map { _ in 0.0 }
            for n in cases.indices.shuffled(using: &generator) {
                let kernel = cases[n]
                let seconds = kernel.sample() / 1e9
                secondsNow[n] = seconds
                ofPeak[n].add(kernel.operations / seconds / (limits[kernel.kernels.lanes]?.now ?? .nan))
                ofRows[n].add(kernel.rows / seconds * (secondsPerRow[kernel.dimensions] ?? .nan))
            }
            for n in cases.indices { ofThis[n].add(secondsNow[linked[n]] / secondsNow[n]) }
        }

        var machine = MarkdownTable("limit", "median", "best")
        for kernels in tables {
            guard let rates = limits[kernels.lanes]?.operationsPerSecond else { continue }
            machine.add(
                "\(kernels.title): \(kernels.arithmetic), GFLOP/s", (rates.median / 1e9).text(1),
                (rates.quantile(0.95) / 1e9).text(1))
        }
        for (dimensions, seconds) in rowSeconds.sorted(by: { $0.key < $1.key }) {
            machine.add(
                "random rows of \(dimensions), fetched ahead, read and updated, M rows/s",
                (1e-6 / seconds.median).text(1), (1e-6 / seconds.quantile(0.05)).text(1))
        }
        print(machine.text + "\n")

        var table = MarkdownTable(
            "kernel", "set", "D", "inputs x outputs", "rows", "ns a call", "best", "GFLOP/s", "of peak", "M rows/s",
            "of row rate", "built by", "speed")
        for (n, kernel) in cases.enumerated() {
            let (median, isFar) = (kernel.nanoseconds.median, kernel.place == .memory)
            table.add(
                kernel.kernel.rawValue, kernel.kernels.title, "\(kernel.dimensions)",
                kernel.kernel == .dot ? "1 x 1" : "\(kernel.shape)", kernel.place.rawValue, median.text(),
                kernel.nanoseconds.quantile(0.05).text(), (kernel.operations / median).text(1),
                ofPeak[n].median.percent, isFar ? (kernel.rows / median * 1e3).text(1) : "",
                isFar ? ofRows[n].median.percent : "", kernel.compiler.isEmpty ? "SwiftPM" : kernel.compiler,
                ofThis[n].median.text(2))
        }
        print(table.text)
    }
}

extension w2v_kernels {
    var title: String { String(cString: name) }

    /// Floats in a register of the set.
    var lanes: Int {
        switch isa {
        case W2V_ISA_AVX512: 16
        case W2V_ISA_AVX2: 8
        default: 4
        }
    }

    /// What the limit is made of.
    fileprivate var arithmetic: String {
        #if arch(x86_64)
            isa == W2V_ISA_SCALAR
                ? "multiplications and additions of 4 floats"
                : "fused multiply-adds of \(lanes) floats"
        #else
            "fused multiply-adds of \(lanes) floats"
        #endif
    }
}
