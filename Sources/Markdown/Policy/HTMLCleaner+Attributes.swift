/// Attributes: each is written only when its rule accepts its value, which is then written in quotes.
extension HTMLCleaner {
    /// False when one is missing without which the element is of no use: a picture's address.
    mutating func writeAttributes(of element: HTMLElement, _ tag: HTMLTokenizer.Tag) -> Bool {
        var written: [HTMLAttribute] = []
        var writtenOther: [PackedName] = []
        var relations: ArraySlice<UInt8> = []
        for attribute in tokenizer.attributes {
            guard let name = HTMLAttribute.named(attribute.name), let rule = HTMLAttributeRule.rule(for: name, on: element) else {
                writeThemeAttribute(attribute, seen: &writtenOther, element, tag)
                continue
            }
            guard !written.contains(name) else { continue }
            let value = attribute.value.map { tokenizer.input[$0] } ?? []
            if case .relations = rule {
                relations = value
                written.append(.rel)
            } else if write(name, value, rule, tag, at: attribute.range) {
                written.append(name)
            }
        }
        if element == .a { writeRelations(relations, opensWindow: written.contains(.target)) }
        switch element {
        case .img: return written.contains(.src)
        case .source: return written.contains(.srcset)
        default: return true
        }
    }

    /// `name="value"` for plain text.
    mutating func writeAttribute(_ name: some Sequence<UInt8>, plain value: some Sequence<UInt8>) {
        beginAttribute(name)
        output.appendHTML(plain: value)
        output.append(UInt8(ascii: "\""))
    }

    private mutating func beginAttribute(_ name: some Sequence<UInt8>) {
        output.append(UInt8(ascii: " "))
        output.append(contentsOf: name)
        output.append(contentsOf: "=\"".utf8)
    }

    /// `data-…` and `aria-…` in themes.
    private mutating func writeThemeAttribute(
        _ attribute: HTMLTokenizer.Attribute, seen: inout [PackedName], _ element: HTMLElement, _ tag: HTMLTokenizer.Tag
    ) {
        let name = tokenizer.input[attribute.nameRange].map(ASCII.lowercased)
        let isKnown = HTMLAttribute.named(attribute.name) != nil
        let isData = name.starts(with: "data-".utf8) && !name.starts(with: "data-embed-".utf8)
        guard policy.profile != .page, !isKnown, isData || name.starts(with: "aria-".utf8), let packed = attribute.name,
            name.allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") })
        else {
            return report(.attributeRemoved(name: excerpt(attribute.nameRange)), tag, at: attribute.nameRange)
        }
        guard !seen.contains(packed) else { return }
        seen.append(packed)
        beginAttribute(name)
        if let value = attribute.value { output.appendHTML(source: tokenizer.input[value]) }
        output.append(UInt8(ascii: "\""))
    }

    // MARK: Values

    /// Writes an attribute when its value is in order, else reports it.
    private mutating func write(
        _ name: HTMLAttribute, _ value: ArraySlice<UInt8>, _ rule: HTMLAttributeRule, _ tag: HTMLTokenizer.Tag, at place: Range<Int>
    ) -> Bool {
        let key = name.rawValue.utf8
        switch rule {
        case .text:
            beginAttribute(key)
            output.appendHTML(source: value)
            output.append(UInt8(ascii: "\""))
        case .flag:
            output.append(UInt8(ascii: " "))
            output.append(contentsOf: key)
        case .link, .image, .formAction, .embed:
            let address = URLPolicy.trimmed(CharacterReference.decoded(value))
            guard let accepted = accept(address, rule) else {
                report(refusal(of: address, rule, name), tag, at: place)
                return false
            }
            writeAttribute(key, plain: accepted)
        case .imageSet:
            let candidates = PictureCandidates(CharacterReference.decoded(value))
            for address in candidates.refused { report(.pictureRefused(address: excerpt(address)), tag, at: place) }
            guard !candidates.accepted.isEmpty else { return false }
            writeAttribute(key, plain: candidates.accepted.joined(separator: ", ".utf8))
        case .classNames:
            let names = value.split(whereSeparator: ASCII.isSpace).filter { $0.allSatisfy(AttributeBytes.isClassName) }
            guard !names.isEmpty else { return false }
            writeAttribute(key, plain: names.joined(separator: " ".utf8))
        case .oneOf(let words):
            guard let word = AttributeBytes.word(of: words, matching: URLPolicy.trimmed(value)) else {
                report(.attributeRemoved(name: name.rawValue), tag, at: place)
                return false
            }
            writeAttribute(key, plain: word)
        case .identifier, .identifiers, .integer, .number, .length, .token, .mediaCondition, .relations:
            let value = URLPolicy.trimmed(value)
            guard AttributeBytes.isValid(value, rule) else {
                report(.attributeRemoved(name: name.rawValue), tag, at: place)
                return false
            }
            writeAttribute(key, plain: value)
        }
        return true
    }

    /// The address to write, or nil when the rule does not allow it.
    private func accept(_ address: ArraySlice<UInt8>, _ rule: HTMLAttributeRule) -> ArraySlice<UInt8>? {
        switch rule {
        case .link: URLPolicy.isSafeLink(address) ? address : nil
        case .image: URLPolicy.isSafeImage(address) ? address : nil
        case .embed: EmbedHosts.match(address).map { $0.address[...] }
        case .formAction: isFormAction(address) ? address : nil
        default: nil
        }
    }

    private func isFormAction(_ address: ArraySlice<UInt8>) -> Bool {
        switch URLPolicy.kind(of: address) {
        case .sitePath, .empty, .fragment: return true
        case .external:
            guard case .theme(let origins) = policy.profile else { return false }
            return origins.contains { origin in
                guard !origin.isEmpty, address.starts(with: origin.utf8) else { return false }
                let next = address.dropFirst(origin.utf8.count).first
                return next == nil || next == UInt8(ascii: "/") || next == UInt8(ascii: "?") || next == UInt8(ascii: "#")
            }
        case .mail, .phone, .unsafe: return false
        }
    }

    private func refusal(of address: ArraySlice<UInt8>, _ rule: HTMLAttributeRule, _ name: HTMLAttribute) -> HTMLFinding.What {
        switch rule {
        case .image: .pictureRefused(address: excerpt(address))
        case .formAction: .formActionRefused(address: excerpt(address))
        case .link: .linkRefused(address: excerpt(address))
        default: .attributeRemoved(name: name.rawValue)
        }
    }

    /// A page in a new window must not reach back to the one that opened it.
    private mutating func writeRelations(_ value: ArraySlice<UInt8>, opensWindow: Bool) {
        let allowed: StaticString = "author bookmark external help license me next nofollow noopener noreferrer prev search sponsored tag ugc"
        var words: [[UInt8]] = []
        for word in value.split(whereSeparator: ASCII.isSpace) {
            if let known = AttributeBytes.word(of: allowed, matching: word), !words.contains(known) { words.append(known) }
        }
        let noopener = Array("noopener".utf8)
        if opensWindow, !words.contains(noopener) { words.append(noopener) }
        if !words.isEmpty { writeAttribute("rel".utf8, plain: words.joined(separator: " ".utf8)) }
    }

    // MARK: Elements with their own rules

    /// A task list's box as cmark-gfm writes it; no other input stands in a page.
    mutating func writeTaskCheckbox(_ tag: HTMLTokenizer.Tag) {
        var isCheckbox = false
        var isDisabled = false
        var isChecked = false
        for attribute in tokenizer.attributes {
            switch HTMLAttribute.named(attribute.name) {
            case .type: isCheckbox = attribute.value.map { tokenizer.input[$0].elementsEqual("checkbox".utf8) } ?? false
            case .disabled: isDisabled = true
            case .checked: isChecked = true
            default: break
            }
        }
        guard isCheckbox, isDisabled else { return report(.elementIgnored, tag) }
        let attributes: [(HTMLAttribute, [UInt8])] = [(.type, Array("checkbox".utf8))]
        guard write(.input, attributes: attributes, tag) else { return }
        output.removeLast()  // The `>`: flags follow.
        if isChecked { output.append(contentsOf: " checked".utf8) }
        output.append(contentsOf: " disabled>".utf8)
    }

    /// A frame becomes a link, which the site's script turns into the frame when a reader asks for it: nothing is requested before.
    mutating func embed(_ tag: HTMLTokenizer.Tag) {
        var source: ArraySlice<UInt8> = []
        var title: ArraySlice<UInt8> = []
        for attribute in tokenizer.attributes {
            guard let value = attribute.value.map({ CharacterReference.decoded(tokenizer.input[$0]) }) else { continue }
            switch HTMLAttribute.named(attribute.name) {
            case .src where source.isEmpty: source = URLPolicy.trimmed(value)
            case .title where title.isEmpty: title = URLPolicy.trimmed(value)
            default: break
            }
        }
        tokenizer.skipRawText(of: tag)

        guard let match = EmbedHosts.match(source) else { return writeRefusedFrame(source, title, tag) }
        let ownTitle = title.isEmpty ? nil : String(decoding: title, as: UTF8.self)
        let attributes: [(HTMLAttribute, [UInt8])] = [
            (.class, Array("embed".utf8)), (.embedSource, match.address),
            (.embedTitle, Array((ownTitle ?? match.provider.label).utf8)),
        ]
        guard write(.div, attributes: attributes, tag) else { return }
        writeLink(to: match.address[...], text: Array(policy.embedText(match.provider, ownTitle).utf8)[...], tag)
        end(.div)
    }

    private mutating func writeRefusedFrame(_ source: ArraySlice<UInt8>, _ title: ArraySlice<UInt8>, _ tag: HTMLTokenizer.Tag) {
        switch URLPolicy.kind(of: source) {
        case .external, .sitePath:
            report(.embedRefused(address: excerpt(source)), tag, at: tag.range)
            writeLink(to: source, text: title.isEmpty ? source : title, tag)
        default: report(.elementRemoved, tag)
        }
    }

    private mutating func writeLink(to address: ArraySlice<UInt8>, text: ArraySlice<UInt8>, _ tag: HTMLTokenizer.Tag) {
        let attributes: [(HTMLAttribute, [UInt8])] = [
            (.class, Array("embed-link".utf8)), (.href, Array(address)), (.rel, Array("noopener".utf8)),
        ]
        let isLink = write(.a, attributes: attributes, tag)
        output.appendHTML(plain: text)
        if isLink { end(.a) }
    }
}
