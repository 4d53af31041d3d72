import Markdown
import StructuredData
import Tenancy

extension PageChecks {
    /// Pictures without words, or with words that say nothing. HTML that editors wrote is not read here.
    func alternativeTexts() -> [Finding] {
        var findings: [Finding] = []
        for picture in source.document.references where picture.kind != .link {
            let mark = Mark(line: picture.line, column: picture.column)
            if picture.text.trimmingSpaces.isEmpty {
                // Inside a sentence an empty text says that the picture only decorates.
                if picture.kind == .figure {
                    findings.append(missing(picture.destination, at: mark, "write it between the brackets: ![Children planting beans](…)"))
                }
            } else if AlternativeText.isUseless(picture.text, file: picture.destination) {
                findings.append(useless(picture.text, at: mark))
            }
        }
        if let image = frontMatter.image {
            if let alternative = frontMatter.imageAlternative {
                if AlternativeText.isUseless(alternative, file: image) { findings.append(useless(alternative, at: mark(of: "image_alt"))) }
            } else {
                findings.append(missing(image, at: mark(of: "image"), "add image_alt: and say what the picture shows"))
            }
        }
        if let image = frontMatter.hero?.image, image.alternative == nil {
            findings.append(
                missing(image.path, at: Mark(line: image.line, column: image.column), "add image_alt: beside it and say what the picture shows"))
        }
        return findings
    }

    private func missing(_ picture: String, at mark: Mark, _ advice: String) -> Finding {
        Finding(.missingAlternative, path: path, at: mark, "the picture \(picture) has no text for people who can't see it", advice: advice)
    }

    private func useless(_ text: String, at mark: Mark) -> Finding {
        Finding(
            .uselessAlternative, path: path, at: mark, "“\(text)” doesn't say what the picture shows",
            advice: "write what you would say on the phone: Children planting beans in a raised bed")
    }
}
