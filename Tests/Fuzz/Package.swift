// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that who uses w2v-c never builds the fuzzers. Tests/Fuzz/run builds and runs them.
let package = Package(
    name: "w2v-c-fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "w2v-c", path: "../..")],
    targets: [
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "fuzz", dependencies: ["CFuzzer", .product(name: "Word2Vec", package: "w2v-c")]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
