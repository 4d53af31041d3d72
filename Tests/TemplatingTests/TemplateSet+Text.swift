import Templating

extension TemplateSet {
    func text(_ name: String, _ contexts: [TemplateValue]) -> String { String(decoding: render(name, contexts), as: UTF8.self) }
}
