// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "w2v-c",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Word2Vec", targets: ["Word2Vec"]),
        .library(name: "NLEmbeddingNames", targets: ["NLEmbeddingNames"]),
        .executable(name: "w2v-c", targets: ["w2v-c"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        .target(
            name: "CWord2Vec",
            path: ".",
            exclude: ["Benchmarks", "CHANGELOG.md", "Examples", "LICENSE", "README.md", "Sources", "Tests"],
            sources: ["csrc"],
            publicHeadersPath: "include",
            cSettings: [.define("NDEBUG", .when(configuration: .release))],
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]
        ),
        .target(name: "Word2VecCore", dependencies: ["CWord2Vec"]),
        .target(name: "Word2Vec", dependencies: ["Word2VecCore"]),
        .target(name: "NLEmbeddingNames", dependencies: ["Word2Vec"]),
        .executableTarget(
            name: "w2v-c",
            dependencies: [
                "Word2Vec",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        .target(
            name: "CReference", path: "Tests/CReference",
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "CWord2VecTests", dependencies: ["CWord2Vec", "CReference", "TestSupport"]),
        .testTarget(
            name: "Word2VecTests",
            dependencies: ["Word2Vec", "Word2VecCore", "NLEmbeddingNames", "CWord2Vec", "CReference", "TestSupport"]),
        .testTarget(name: "CLITests", dependencies: ["w2v-c", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
