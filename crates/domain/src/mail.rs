//! Mail to staff: in which language it is written. What it is about is a notification.

use crate::text_enum::text_enum;

text_enum! {
    /// A language that mail is written in.
    Language {
        /// English.
        En = "en",
        /// German.
        De = "de",
    }
}
