import ArgumentParser
import Word2Vec

extension NameSpecification {
    /// A flag with the original's single dash, and with two.
    static func original(_ name: String) -> NameSpecification {
        [.customLong(name, withSingleDash: true), .customLong(name)]
    }
}

extension TrainingOptions.NegativeSharing: ExpressibleByArgument {}

/// 0 or 1, as the original spells no and yes.
enum Switch: String, ExpressibleByArgument, CaseIterable {
    case off = "0"
    case on = "1"

    var isOn: Bool { self == .on }
}
