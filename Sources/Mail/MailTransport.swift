/// A way on which mails leave the platform.
package protocol MailTransport: Sendable {
    /// Returns when somebody else has taken the message and will see to it: a mail server, a program, a folder on the disk.
    ///
    /// Throws `DeliveryError`, which says whether trying again makes sense. Where a connection ends before the other side's last word, the
    /// message may have been taken all the same: that is a temporary error, and the recipient may get two with one Message-ID.
    func deliver(_ message: MailMessage) async throws(DeliveryError)
}

/// Why a mail was not taken. Descriptions are for the log: they never have the recipient's address in them, nor what the other side said,
/// which may have it.
package enum DeliveryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Later it may go well: a server that is down, full or busy, or settings that the operator has to mend.
    case temporary(String)
    /// It will never go well: the recipient is refused, or the message.
    case permanent(String)

    package var reason: String {
        switch self {
        case .temporary(let reason), .permanent(let reason): reason
        }
    }

    package var description: String { reason }
}
