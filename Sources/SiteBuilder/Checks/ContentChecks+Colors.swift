import StructuredData
import Tenancy

extension ContentChecks {
    /// Colours of the school that the palette had to change so that every text can be read.
    func colorFindings(_ files: [DataFile]) -> [Finding] {
        guard let colors = files.first(where: { $0.path == TenantLoader.settingsFile })?.node["colors"] else { return [] }
        return palette.adjustments.compactMap { adjustment in
            // A colour of the theme's own is not the school's to mend.
            guard let node = colors[adjustment.setting.rawValue] else { return nil }
            return Finding(
                .adjustedColor, path: TenantLoader.settingsFile, at: node.mark, problem(adjustment),
                advice: "leave it, or write a darker or stronger shade that you like better; the site stays readable either way")
        }
    }

    /// The message without its full stop and with a small letter, as findings are written.
    private func problem(_ adjustment: Palette.Adjustment) -> String {
        let message = adjustment.message.hasSuffix(".") ? String(adjustment.message.dropLast()) : adjustment.message
        return message.prefix(1).lowercased() + message.dropFirst()
    }
}
