internal import CWord2Vec

/// Queries and filters for the C core, with the memory that they point to.
package struct QueryMemory: Sendable {
    package let count: Int
    package let acceptance: Acceptance?
    private let memory: Memory
    /// The offset of the filters, which follow the queries.
    private let filtersStart: Int

    package init(_ queries: [SearchQuery], dimensions: Int, accepts: ((Int) -> Bool)?) throws(CoreError) {
        let width = w2v_search_width(dimensions)
        var layout = MemoryLayouts()
        _ = layout.add(w2v_search_query.self, queries.count)
        filtersStart = layout.add(w2v_search_filter.self, queries.count)
        let valuesStart = layout.add(Float.self, queries.count * dimensions)
        let unitsStart = layout.add(Float.self, queries.count * width)
        let excludedStart = layout.add(Int32.self, queries.reduce(0) { $0 + $1.excluded.count })
        count = queries.count
        acceptance = accepts.map(Acceptance.init)
        memory = try Memory(zeroed: layout.byteCount, for: "queries")
        var values = memory.bound(to: Float.self, at: valuesStart)
        var units = memory.bound(to: Float.self, at: unitsStart)
        var excluded = memory.bound(to: Int32.self, at: excludedStart)
        for (n, query) in queries.enumerated() {
            precondition(query.vector.count == dimensions, "a query has \(dimensions) values")
            values.update(from: query.vector, count: dimensions)
            self.queries[n] = w2v_search_query(values: values, square: 0, unit: units)
            w2v_search_prepare(self.queries + n, dimensions)
            filters[n] = w2v_search_filter(
                excluded: excluded, excluded_count: query.excluded.count,
                accepts: acceptance == nil ? nil : Acceptance.ask,
                context: acceptance.map { Unmanaged.passUnretained($0).toOpaque() })
            for row in query.excluded {
                excluded.pointee = Int32(truncatingIfNeeded: row)
                excluded += 1
            }
            values += dimensions
            units += width
        }
    }

    /// By query; valid while this value is.
    var queries: UnsafeMutablePointer<w2v_search_query> { memory.bound(to: w2v_search_query.self) }

    /// By query; valid while this value is.
    var filters: UnsafeMutablePointer<w2v_search_filter> {
        memory.bound(to: w2v_search_filter.self, at: filtersStart)
    }

    /// The unit vectors of the queries in the layout of the kernels.
    package func packed(dimensions: Int) throws(CoreError) -> Memory {
        let packed = try Memory(
            zeroed: w2v_search_packed(count, dimensions) * MemoryLayout<Float>.stride, for: "queries")
        w2v_search_pack(queries, count, dimensions, packed.bound(to: Float.self))
        return packed
    }
}

/// A caller's filter. `@unchecked Sendable`, because a search with a filter runs on one thread.
package final class Acceptance: @unchecked Sendable {
    private let body: (Int) -> Bool

    package init(_ body: @escaping (Int) -> Bool) {
        self.body = body
    }

    package static let ask: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Bool = { context, row in
        guard let context else { return true }
        return Unmanaged<Acceptance>.fromOpaque(context).takeUnretainedValue().body(Int(row))
    }
}

/// Questions that are answered in one pass over the rows, with the memory that the view for the C core points to.
package struct SearchBatch: Sendable {
    private let kind: w2v_search_kind
    /// The vectors that the panels of rows are multiplied with.
    private let words: QueryMemory
    /// The vectors and filters of the questions.
    package let questions: QueryMemory
    private let analogies: Memory?
    private let packed: Memory

    /// Creates a batch in which each query is a question.
    package init(nearest queries: QueryMemory, dimensions: Int) throws(CoreError) {
        kind = W2V_SEARCH_NEAREST
        words = queries
        questions = queries
        analogies = nil
        packed = try queries.packed(dimensions: dimensions)
    }

    /// Creates a batch of analogies. `places` numbers the rows that occur in them.
    package init(
        _ analogies: [AnalogyQuery], places: [Int: Int32], multiplies: Bool, matrix: FloatMatrix,
        accepts: ((Int) -> Bool)?
    ) throws(CoreError) {
        kind = multiplies ? W2V_SEARCH_MULTIPLY : W2V_SEARCH_ADD
        let rows = places.sorted { $0.value < $1.value }.map(\.key)
        words = try QueryMemory(
            rows.map { SearchQuery(vector: matrix[$0]) }, dimensions: matrix.dimensions, accepts: nil)
        questions = try QueryMemory(
            analogies.map { question in
                SearchQuery(
                    vector: matrix.unitSum([(question.b, 1), (question.c, 1), (question.a, -1)]),
                    excluded: [question.a, question.b, question.c])
            }, dimensions: matrix.dimensions, accepts: accepts)
        self.analogies = try Memory(
            copying: analogies.map {
                w2v_search_analogy(a: places[$0.a] ?? 0, b: places[$0.b] ?? 0, c: places[$0.c] ?? 0)
            }, for: "queries")
        packed = try words.packed(dimensions: matrix.dimensions)
    }

    /// The view for the C core, valid as long as this value.
    var cBatch: w2v_search_batch {
        w2v_search_batch(
            kind: kind, words: words.count, questions: questions.count,
            word_queries: words.queries,
            analogies: analogies.map { UnsafePointer($0.bound(to: w2v_search_analogy.self)) },
            sums: questions.queries,
            filters: questions.filters, packed: packed.bound(to: Float.self))
    }
}
