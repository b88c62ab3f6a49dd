//! Bounds on what comes in, in one place so that the document, the check and the column agree.

/// Longest message body, in characters.
pub const BODY_CHARS: usize = 20_000;
/// Longest ticket subject, in characters.
pub const SUBJECT_CHARS: usize = 300;
/// Longest name of a person, team or organisation, in characters.
pub const NAME_CHARS: usize = 120;
/// Longest e-mail address, in characters (RFC 5321, 4.5.3.1.3: a path is at most 256 octets with its brackets).
pub const EMAIL_CHARS: usize = 254;
/// Longest `client_id`, in characters.
pub const CLIENT_ID_CHARS: usize = 64;
/// Longest `Idempotency-Key`, in characters.
pub const IDEMPOTENCY_KEY_CHARS: usize = 128;
/// Most tags on a ticket.
pub const TAGS: usize = 30;
/// Longest tag, in characters.
pub const TAG_CHARS: usize = 50;
/// Largest custom-fields object, in bytes of JSON.
pub const CUSTOM_FIELDS_BYTES: usize = 16_384;
/// Largest number of units a person may be given.
pub const CAPACITY_UNITS: i32 = 1_000;
/// Shortest password a person may choose, in characters (OWASP ASVS 5.0, 6.2.1).
pub const PASSWORD_MIN_CHARS: usize = 8;
/// Longest password, in characters; hashing cost must not be the caller's to choose.
pub const PASSWORD_MAX_CHARS: usize = 128;
/// Characters of the last reply kept as a ticket's preview.
pub const PREVIEW_CHARS: usize = 140;

/// One thing wrong with an input, named by a JSON pointer into it (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// Where: `/subject`, `/requester/email`.
    pub pointer: String,
    /// What is wrong and what would be right, for a person.
    pub detail: String,
}

impl Violation {
    /// A violation at `pointer`.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// A word that is not of a closed vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWord {
    /// The words that would have been right.
    pub expected: &'static [&'static str],
}

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "must be one of {}", self.expected.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// Collects what is wrong with an input, so that the caller hears all of it at once.
#[derive(Debug, Default)]
pub struct Checks {
    violations: Vec<Violation>,
}

impl Checks {
    /// Starts with nothing wrong.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes `detail` at `pointer` unless `holds`.
    pub fn require(&mut self, holds: bool, pointer: &str, detail: impl Into<String>) -> &mut Self {
        if !holds {
            self.violations.push(Violation::at(pointer, detail));
        }
        self
    }

    /// A text that must hold something and at most `max_chars` characters, none of them NUL
    /// (which Postgres cannot store).
    pub fn text(&mut self, pointer: &str, text: &str, max_chars: usize) -> &mut Self {
        self.require(!text.trim().is_empty(), pointer, "must not be empty");
        self.optional_text(pointer, text, max_chars)
    }

    /// A text that may be empty.
    pub fn optional_text(&mut self, pointer: &str, text: &str, max_chars: usize) -> &mut Self {
        let chars = text.chars().count();
        self.require(chars <= max_chars, pointer, format!("has {chars} characters; at most {max_chars} are allowed"));
        self.require(!text.contains('\0'), pointer, "must not contain the NUL character")
    }

    /// An e-mail address: something, one `@`, something, no white space. Delivery is the only
    /// real proof of an address, so the check stays this small.
    pub fn email(&mut self, pointer: &str, email: &str) -> &mut Self {
        let well_formed = email
            .split_once('@')
            .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
            && !email.chars().any(|c| c.is_whitespace() || c.is_control());
        self.require(well_formed, pointer, "must be an e-mail address such as ana@example.org");
        self.optional_text(pointer, email, EMAIL_CHARS)
    }

    /// All that was wrong, or nothing.
    pub fn finish(self) -> Result<(), Vec<Violation>> {
        if self.violations.is_empty() { Ok(()) } else { Err(self.violations) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_violation_is_named() {
        let mut checks = Checks::new();
        checks.text("/subject", " ", 10).email("/requester/email", "no at").text("/body", "a\0b", 2);
        let pointers: Vec<_> = checks.finish().unwrap_err().into_iter().map(|v| v.pointer).collect();
        assert_eq!(pointers, ["/subject", "/requester/email", "/body", "/body"]);
    }

    #[rstest::rstest]
    #[case("a@b", true)]
    #[case("ana.maria+tag@example.org", true)]
    #[case("@b", false)]
    #[case("a@", false)]
    #[case("a@b@c", false)]
    #[case("a b@c", false)]
    #[case("a\n@c", false)]
    fn emails(#[case] email: &str, #[case] good: bool) {
        let mut checks = Checks::new();
        checks.email("/email", email);
        assert_eq!(checks.finish().is_ok(), good);
    }
}
