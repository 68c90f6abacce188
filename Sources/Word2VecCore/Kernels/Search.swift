internal import CWord2Vec

/// An answer of a search.
package struct Hit: Equatable, Sendable {
    package var row: Int
    package var similarity: Float
}

/// A query: which rows are most similar to a vector?
package struct SearchQuery: Sendable {
    /// The vector (D), of any length.
    package var vector: [Float]
    /// Rows that are excluded from the answers.
    package var excluded: [Int] = []

    package init(vector: [Float], excluded: [Int] = []) {
        (self.vector, self.excluded) = (vector, excluded)
    }
}

/// The rows of an analogy: a is to b as c is to ?
package struct AnalogyQuery: Hashable, Sendable {
    package var a: Int
    package var b: Int
    package var c: Int

    package init(a: Int, b: Int, c: Int) {
        (self.a, self.b, self.c) = (a, b, c)
    }
}

/// A search for the best answers among the first rows of a matrix. The answers are exact (see `w2v_search.h`): the same
/// for any number of threads and on every instruction set. The best comes first, and equal ones are in order of their
/// rows.
package struct Search: Sendable {
    package let tables: SearchTables
    /// The number of rows to search, from the first on.
    package let rows: Int
    /// The maximum number of answers per query.
    package let count: Int
    /// Only rows with a larger similarity are answers.
    package let floor: Float
    /// The number of threads. Nil: chosen by the amount of work.
    package let threads: Int?
    /// The kernels. Nil: the default ones.
    package let kernels: KernelTable?

    package init(
        tables: SearchTables, rows: Int, count: Int, floor: Float = -.infinity, threads: Int? = nil,
        kernels: KernelTable? = nil
    ) {
        (self.tables, self.rows, self.count, self.floor) = (tables, rows, count, floor)
        (self.threads, self.kernels) = (threads, kernels)
    }

    /// The maximum number of queries in a batch.
    private static let queriesPerBatch = 1024

    /// Fewer queries than this are searched one by one, because each then reads a quarter of the bytes.
    private static let leastBatch = 4

    /// The rows nearest to each query. If `accepts` is given, it is called for each row that is among the best so far,
    /// and the search runs on one thread.
    ///
    /// - Complexity: O(V x D) for each query.
    package func nearest(
        to queries: [SearchQuery], where accepts: ((Int) -> Bool)? = nil
    ) throws(CoreError) -> [[Hit]] {
        var answers: [[Hit]] = []
        answers.reserveCapacity(queries.count)
        var start = 0
        while start < queries.count {
            let isBatch = tables.matrix != nil && queries.count - start >= Self.leastBatch
            let end = min(start + (isBatch ? Self.queriesPerBatch : 1), queries.count)
            let part = try QueryMemory(Array(queries[start..<end]), dimensions: tables.dimensions, accepts: accepts)
            answers += try isBatch ? run(SearchBatch(nearest: part, dimensions: tables.dimensions)) : one(part)
            start = end
        }
        return answers
    }

    /// The rows that answer each analogy best: by 3CosMul, whose values may be above 1, if `multiplies` is true,
    /// otherwise by 3CosAdd. The rows of the question are excluded. Needs a matrix.
    ///
    /// - Complexity: O(V x (U x D + questions)) for U distinct rows in them.
    package func analogies(
        _ questions: [AnalogyQuery], multiplies: Bool, where accepts: ((Int) -> Bool)? = nil
    ) throws(CoreError) -> [[Hit]] {
        guard let matrix = tables.matrix else { preconditionFailure("analogies without a matrix") }
        var answers: [[Hit]] = []
        answers.reserveCapacity(questions.count)
        var start = 0
        while start < questions.count {
            // A batch ends when it has so many distinct rows, whose scores are to stay in the cache.
            var places: [Int: Int32] = [:]
            var end = start
            while end < questions.count, places.count < Self.queriesPerBatch {
                for row in [questions[end].a, questions[end].b, questions[end].c] where places[row] == nil {
                    places[row] = Int32(places.count)
                }
                end += 1
            }
            answers += try run(
                SearchBatch(
                    Array(questions[start..<end]), places: places, multiplies: multiplies, matrix: matrix,
                    accepts: accepts))
            start = end
        }
        return answers
    }

    /// Searches the int8 copy for one query.
    private func one(_ query: QueryMemory) throws(CoreError) -> [[Hit]] {
        nonisolated(unsafe) let kernels = try KernelTable.pointer(kernels)
        return try overRows(
            questions: 1, operations: rows * tables.dimensions, oneThread: query.acceptance != nil, workspace: 0
        ) { index, range, _, tops in
            w2v_search_one(
                kernels, index, query.queries, range.lowerBound, range.upperBound, query.filters, tops)
        }
    }

    private func run(_ batch: SearchBatch) throws(CoreError) -> [[Hit]] {
        nonisolated(unsafe) let kernels = try KernelTable.pointer(kernels)
        var view = batch.cBatch
        let workspace = w2v_search_workspace(&view, tables.dimensions)
        let (operations, tooMany) = (rows * view.words).multipliedReportingOverflow(by: tables.dimensions)
        return try overRows(
            questions: view.questions, operations: tooMany ? .max : operations,
            oneThread: batch.questions.acceptance != nil, workspace: workspace
        ) { index, range, workspace, tops in
            var view = batch.cBatch
            w2v_search_many(kernels, index, &view, range.lowerBound, range.upperBound, workspace, tops)
        }
    }

    /// Runs `body` over ranges of the rows on several threads, each with heaps of its own, and merges their answers.
    private func overRows(
        questions: Int, operations: Int, oneThread: Bool, workspace: Int,
        _ body:
            @Sendable (
                UnsafePointer<w2v_search_index>, Range<Int>, UnsafeMutablePointer<Float>,
                UnsafeMutablePointer<w2v_search_top>
            ) -> Void
    ) throws(CoreError) -> [[Hit]] {
        let rows = min(rows, tables.rows)
        let threads = oneThread ? 1 : self.threads ?? Pieces.threads(for: operations)
        @Sendable func worker(_ next: () -> Range<Int>?) throws(CoreError) -> Heaps {
            let heaps = try Heaps(questions: questions, capacity: max(0, min(count, rows)), floor: floor)
            let floats = try Memory(zeroed: workspace * MemoryLayout<Float>.stride, for: "the search")
            var index = tables.cIndex
            while let piece = next() { body(&index, piece, floats.bound(to: Float.self), heaps.pointer) }
            withExtendedLifetime(tables) {}
            return heaps
        }
        if threads == 1 {
            var rest: Range<Int>? = 0..<rows
            return try worker { rest.take() }.sorted()
        }
        let panel = Int(W2V_SEARCH_PANEL)
        let share = max(16 * panel, rows / (8 * threads))
        let work = Pieces(0..<rows, of: (share + panel - 1) / panel * panel)
        let workers = try inParallel(max(1, min(threads, work.count))) { _ throws(CoreError) in
            try worker { work.next() }
        }
        for worker in workers.dropFirst() { workers[0].add(worker) }
        return workers[0].sorted()
    }
}

/// The heaps of a worker: the best answers to each question so far.
private struct Heaps: Sendable {
    private let questions: Int
    private let memory: Memory

    init(questions: Int, capacity: Int, floor: Float) throws(CoreError) {
        let (places, tooMany) = questions.multipliedReportingOverflow(by: capacity)
        func purpose() -> String { "\(capacity) answers to each of \(questions) questions" }
        guard !tooMany, places <= Int.max / 64 else { throw .outOfMemory(bytes: .max, purpose: purpose()) }
        self.questions = questions
        var layout = MemoryLayouts()
        _ = layout.add(w2v_search_top.self, questions)
        let hitsStart = layout.add(w2v_search_hit.self, places)
        memory = try Memory(zeroed: layout.byteCount, for: purpose())
        let hits = memory.bound(to: w2v_search_hit.self, at: hitsStart)
        for question in 0..<questions {
            pointer[question] = w2v_search_top(
                hits: hits + question * capacity, capacity: capacity, count: 0, floor: floor)
        }
    }

    /// The heaps by question, valid as long as this value.
    var pointer: UnsafeMutablePointer<w2v_search_top> { memory.bound(to: w2v_search_top.self) }

    func add(_ other: Heaps) {
        for question in 0..<questions {
            let top = other.pointer[question]
            for n in 0..<top.count {
                if let hits = top.hits { w2v_search_add(pointer + question, hits[n]) }
            }
        }
        withExtendedLifetime(other) {}
    }

    func sorted() -> [[Hit]] {
        (0..<questions).map { question in
            w2v_search_sort(pointer + question)
            let top = pointer[question]
            return (0..<top.count).compactMap { n in
                top.hits.map { Hit(row: Int($0[n].row), similarity: $0[n].similarity) }
            }
        }
    }
}
