//! Mail to staff: what is written about, and in which language.

use crate::text_enum::text_enum;

text_enum! {
    /// What a mail tells.
    MailKind {
        /// A ticket is yours now.
        Assigned = "assigned",
        /// A promise to a customer is about to be broken.
        SlaWarning = "sla_warning",
        /// A promise to a customer was broken.
        SlaBreached = "sla_breached",
        /// A ticket was escalated to you.
        Escalated = "escalated",
    }
}

text_enum! {
    /// A language that mail is written in.
    Language {
        /// English.
        En = "en",
        /// German.
        De = "de",
    }
}
