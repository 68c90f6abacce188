// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that who uses w2v-c never builds the benchmarks.
let package = Package(
    name: "w2v-c-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "w2v-c", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    ],
    targets: [
        .target(name: "CMachine"),
        .target(name: "Machine", dependencies: ["CMachine"]),
        // The library brings its C core along: `kernels` imports that, so what is timed is what the library runs.
        .executableTarget(
            name: "kernels",
            dependencies: [
                "Machine",
                .product(name: "Word2Vec", package: "w2v-c"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(
            name: "search",
            dependencies: [
                "Machine",
                .product(name: "Word2Vec", package: "w2v-c"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(
            name: "train",
            dependencies: [
                "Machine",
                .product(name: "Word2Vec", package: "w2v-c"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(
            name: "load",
            dependencies: [
                "Machine",
                .product(name: "Word2Vec", package: "w2v-c"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
