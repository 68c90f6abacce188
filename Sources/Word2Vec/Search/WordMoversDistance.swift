extension WordVectors {
    /// The word mover's distance between two texts (Kusner et al. 2015, "From Word Embeddings To Document Distances").
    /// It is the minimum total cost of moving the words of one text to the words of the other. Each word has its
    /// relative frequency as weight. The cost of a move is the Euclidean distance of the two word vectors, scaled to
    /// length 1 as in gensim. The minimum is exact.
    ///
    /// Unknown words are skipped. Nil if a text has no known word.
    ///
    /// - Complexity: O(n^2) per step for n distinct words. Usually there are at most 2 n steps.
    public func wordMoversDistance(between first: [String], and second: [String]) -> Double? {
        moversDistance(first.compactMap { rank(of: $0) }, second.compactMap { rank(of: $0) })
    }

    /// The word mover's distance between two texts, split into words at spaces, tabs and line ends.
    public func wordMoversDistance(betweenTexts first: String, and second: String) -> Double? {
        moversDistance(knownRanks(in: first), knownRanks(in: second))
    }

    private func moversDistance(_ first: [Int], _ second: [Int]) -> Double? {
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let (mine, theirs) = (Self.counted(first), Self.counted(second))
        let costs = mine.map { a in theirs.map { b in distance(a.rank, b.rank) } }
        // Weights of both texts as integers in a common unit, so that supply and demand are equal without rounding.
        let transport = Transport(
            supply: mine.map { $0.count * second.count }, demand: theirs.map { $0.count * first.count }, costs: costs)
        return transport.minimumCost() / Double(first.count * second.count)
    }

    /// The distinct ranks with their counts, in ascending order.
    private static func counted(_ ranks: [Int]) -> [(rank: Int, count: Int)] {
        ranks.reduce(into: [:]) { $0[$1, default: 0] += 1 }.map { (rank: $0.key, count: $0.value) }
            .sorted { $0.rank < $1.rank }
    }

    /// The Euclidean distance of two rows scaled to length 1. A zero row stays zero.
    private func distance(_ a: Int, _ b: Int) -> Double {
        let (first, second) = (matrix.inverseLength(of: a), matrix.inverseLength(of: b))
        // |x - y|^2 from the differences: 2 - 2 cos is inexact for vectors that are close.
        let difference = matrix.sum([(a, first), (b, -second)].filter { $0.1 != 0 })
        return difference.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
}

/// The transportation problem: move `supply` from the sources to the `demand` of the sinks at minimum cost. The sums of
/// supply and demand are equal.
///
/// Solved by successive shortest augmenting paths with potentials (Edmonds and Karp 1972, Tomizawa 1971). Each path is
/// a cheapest path in the residual graph, found by Dijkstra's algorithm for dense graphs.
struct Transport {
    private var supply: [Int]
    private var demand: [Int]
    /// The cost per unit by source and sink, 0 or above.
    private let costs: [[Double]]
    private var flow: [[Int]]
    /// The potentials of the sources, then of the sinks. They keep all reduced costs in the residual graph at 0 or
    /// above.
    private var potentials: [Double]

    init(supply: [Int], demand: [Int], costs: [[Double]]) {
        precondition(supply.reduce(0, +) == demand.reduce(0, +), "supply and demand must have the same sum")
        self.supply = supply
        self.demand = demand
        self.costs = costs
        flow = supply.map { _ in demand.map { _ in 0 } }
        potentials = [Double](repeating: 0, count: supply.count + demand.count)
    }

    /// The minimum total cost.
    func minimumCost() -> Double {
        var residual = self
        while residual.augment() {}
        var cost = 0.0
        for (flows, costs) in zip(residual.flow, costs) {
            for (units, each) in zip(flows, costs) { cost += Double(units) * each }
        }
        return cost
    }

    /// Moves as many units as possible along one cheapest path from a source with supply to a sink with demand. Returns
    /// false if there is no such path.
    private mutating func augment() -> Bool {
        let (sources, sinks) = (supply.count, demand.count)
        var distances = [Double](repeating: .infinity, count: sources + sinks)
        var previous = [Int?](repeating: nil, count: sources + sinks)
        var isDone = [Bool](repeating: false, count: sources + sinks)
        for source in 0..<sources where supply[source] > 0 { distances[source] = 0 }
        var end: Int?
        while end == nil {
            var nearest: Int?
            for node in distances.indices where !isDone[node] && distances[node] < .infinity {
                if let best = nearest, distances[best] <= distances[node] { continue }
                nearest = node
            }
            guard let node = nearest else { return false }
            isDone[node] = true
            if node < sources {
                for sink in 0..<sinks where !isDone[sources + sink] {
                    relax(sources + sink, from: node, costs[node][sink], &distances, &previous)
                }
            } else if demand[node - sources] > 0 {
                end = node
            } else {
                for source in 0..<sources where !isDone[source] && flow[source][node - sources] > 0 {
                    relax(source, from: node, -costs[source][node - sources], &distances, &previous)
                }
            }
        }
        guard let end else { return false }
        for node in distances.indices { potentials[node] += Swift.min(distances[node], distances[end]) }

        var path = [end]
        while let node = path.last, let before = previous[node] { path.append(before) }
        path.reverse()
        var units = Swift.min(supply[path[0]], demand[end - sources])
        for (from, to) in zip(path, path.dropFirst()) where from >= sources {
            units = Swift.min(units, flow[to][from - sources])
        }
        for (from, to) in zip(path, path.dropFirst()) {
            if from < sources { flow[from][to - sources] += units } else { flow[to][from - sources] -= units }
        }
        supply[path[0]] -= units
        demand[end - sources] -= units
        return true
    }

    /// Relaxes an edge: updates the distance of a node if the path by `other` is shorter. Reduced costs that rounding
    /// makes negative count as 0.
    private func relax(
        _ node: Int, from other: Int, _ cost: Double, _ distances: inout [Double], _ previous: inout [Int?]
    ) {
        let reduced = Swift.max(0, cost + potentials[other] - potentials[node])
        guard distances[other] + reduced < distances[node] else { return }
        distances[node] = distances[other] + reduced
        previous[node] = other
    }
}
