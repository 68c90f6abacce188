import Foundation
import TestSupport
import Testing

/// What the articles name is there.
@Suite struct DocumentationTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The text of all files in a folder with one of some endings.
    private func text(in folder: String, _ endings: [String]) throws -> String {
        let root = Self.package.appending(path: folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
        return try names.filter { name in endings.contains { name.hasSuffix($0) } }
            .map { try TestSupport.text(of: root.appending(path: $0).path) }.joined(separator: "\n")
    }

    /// What stands between pairs of a mark, within a line that is no fence of code.
    private func marked(_ mark: String, in text: String) -> [String] {
        text.split(separator: "\n").filter { !$0.hasPrefix("```") }.flatMap { line in
            line.components(separatedBy: mark).enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        }
    }

    @Test func theFunctionsOfTheCoreThatAreNamedExist() throws {
        let headers = try text(in: "include", [".h"])
        let article = try text(in: "Sources/Word2Vec/Documentation.docc", ["TheMathematics.md"])
        let single = article.replacing("``", with: "")
        let names = Set(marked("`", in: single).filter { $0.hasPrefix("w2v_") && !$0.hasSuffix(".h") })
        #expect(names.count > 15)
        for name in names where name != "w2v_kernels" { #expect(headers.contains(" \(name)("), "\(name)") }
        for pointer in ["update", "update_mean"] { #expect(headers.contains("(*\(pointer))(")) }
        for header in ["w2v_objective.h", "w2v_network.h"] {
            #expect(article.contains(header))
            #expect(FileManager.default.fileExists(atPath: Self.package.appending(path: "include/\(header)").path))
        }
    }

    @Test func theSymbolsThatAreLinkedExist() throws {
        let sources = try text(in: "Sources/Word2Vec", [".swift"])
        let articles = try text(in: "Sources/Word2Vec/Documentation.docc", [".md"])
        let links = Set(marked("``", in: articles))
        #expect(links.count > 30)
        for link in links where link != "Word2Vec" {
            for part in link.split(separator: "/") {
                let name = part.prefix { $0 != "(" }
                let isWithoutName = ["init", "subscript"].contains(name) && sources.contains("\(name)(")
                let declared =
                    isWithoutName
                    || ["struct", "enum", "class", "func", "var", "let", "case", "typealias"].contains {
                        sources.contains("\($0) \(name)")
                    }
                #expect(declared, "\(link)")
            }
        }
    }

    @Test func theArticlesThatAreLinkedExist() throws {
        let folder = "Sources/Word2Vec/Documentation.docc"
        let articles = try text(in: folder, [".md"])
        let links = articles.components(separatedBy: "<doc:").dropFirst().map { $0.prefix { $0 != ">" } }
        #expect(links.count >= 3)
        for link in links {
            let path = Self.package.appending(path: "\(folder)/\(link).md").path
            #expect(FileManager.default.fileExists(atPath: path), "\(link)")
        }
    }
}
