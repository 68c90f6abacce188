extension WordVectors {
    /// The word mover's distance of two texts: the least that it takes to move the words of the one to those of the other,
    /// each word weighing its share of its text, a move costing the distance of the two words' vectors scaled to
    /// length 1 (Kusner et al. 2015, "From Word Embeddings To Document Distances"; lengths as gensim has them). Exact.
    ///
    /// Words that the vectors lack do not count. Nil if a text has no other.
    ///
    /// - Complexity: O(n^2) a step for n distinct words; mostly there are at most 2 n steps.
    public func wordMoversDistance(between first: [String], and second: [String]) -> Double? {
        moversDistance(first.compactMap { rank(of: $0) }, second.compactMap { rank(of: $0) })
    }

    /// The same of texts whose words stand between spaces, tabs and line ends.
    public func wordMoversDistance(betweenTexts first: String, and second: String) -> Double? {
        moversDistance(knownRanks(in: first), knownRanks(in: second))
    }

    private func moversDistance(_ first: [Int], _ second: [Int]) -> Double? {
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let (mine, theirs) = (Self.counted(first), Self.counted(second))
        let costs = mine.map { a in theirs.map { b in distance(a.rank, b.rank) } }
        // Shares of both texts as whole numbers of one unit, so that nothing is left over by rounding.
        let transport = Transport(
            supply: mine.map { $0.count * second.count }, demand: theirs.map { $0.count * first.count }, costs: costs)
        return transport.leastCost() / Double(first.count * second.count)
    }

    /// Distinct ranks with their numbers, in order.
    private static func counted(_ ranks: [Int]) -> [(rank: Int, count: Int)] {
        ranks.reduce(into: [:]) { $0[$1, default: 0] += 1 }.map { (rank: $0.key, count: $0.value) }
            .sorted { $0.rank < $1.rank }
    }

    /// The Euclidean distance of two rows scaled to length 1; a row without length is zero.
    private func distance(_ a: Int, _ b: Int) -> Double {
        let (first, second) = (matrix.inverseLength(of: a), matrix.inverseLength(of: b))
        // |x - y|^2 of unit vectors; of differences, since 2 - 2 cos is inexact where they are close.
        let difference = matrix.sum([(a, first), (b, -second)].filter { $0.1 != 0 })
        return difference.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
}

/// The transportation problem: `supply` is to be moved to where `demand` is, at a cost a unit. Both have the same sum.
///
/// Solved by shortest augmenting paths with potentials (Edmonds and Karp 1972, Tomizawa 1971): each path takes the cheapest
/// way in what is left, found by Dijkstra's algorithm over a dense graph.
struct Transport {
    private var supply: [Int]
    private var demand: [Int]
    /// By source and sink, none below 0.
    private let costs: [[Double]]
    private var flow: [[Int]]
    /// Of sources, then sinks: with them no way that is left has a cost below 0.
    private var potentials: [Double]

    init(supply: [Int], demand: [Int], costs: [[Double]]) {
        precondition(supply.reduce(0, +) == demand.reduce(0, +), "supply and demand of one sum")
        self.supply = supply
        self.demand = demand
        self.costs = costs
        flow = supply.map { _ in demand.map { _ in 0 } }
        potentials = [Double](repeating: 0, count: supply.count + demand.count)
    }

    /// The least cost of moving everything.
    func leastCost() -> Double {
        var rest = self
        while rest.augment() {}
        var cost = 0.0
        for (flows, costs) in zip(rest.flow, costs) {
            for (units, each) in zip(flows, costs) { cost += Double(units) * each }
        }
        return cost
    }

    /// Moves as much as goes along one cheapest way from any source with supply to a sink with demand. False if there is none.
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

        var way = [end]
        while let node = way.last, let before = previous[node] { way.append(before) }
        way.reverse()
        var units = Swift.min(supply[way[0]], demand[end - sources])
        for (from, to) in zip(way, way.dropFirst()) where from >= sources {
            units = Swift.min(units, flow[to][from - sources])
        }
        for (from, to) in zip(way, way.dropFirst()) {
            if from < sources { flow[from][to - sources] += units } else { flow[to][from - sources] -= units }
        }
        supply[way[0]] -= units
        demand[end - sources] -= units
        return true
    }

    /// Reaches a node by a way of such a cost. What rounding leaves below 0 is 0.
    private func relax(
        _ node: Int, from other: Int, _ cost: Double, _ distances: inout [Double], _ previous: inout [Int?]
    ) {
        let reduced = Swift.max(0, cost + potentials[other] - potentials[node])
        guard distances[other] + reduced < distances[node] else { return }
        distances[node] = distances[other] + reduced
        previous[node] = other
    }
}
