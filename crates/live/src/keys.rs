//! Every name that Baton uses in Redis, in one place.

use std::fmt;
use std::sync::Arc;

/// The names, all below one prefix, so that several Batons (or tests) can share a Redis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    prefix: Arc<str>,
}

impl Keys {
    /// The prefix of an installation that sets none.
    pub const DEFAULT_PREFIX: &'static str = "baton:";

    /// Names below `prefix`, which is taken as it is: end it with a colon.
    pub fn new(prefix: impl Into<Arc<str>>) -> Self {
        Self { prefix: prefix.into() }
    }

    /// The stream of durable events.
    pub fn events(&self) -> String {
        format!("{}events", self.prefix)
    }

    /// The stream of messages that wait for Postgres.
    pub fn intake(&self) -> String {
        format!("{}intake", self.prefix)
    }

    /// Which of them has which name.
    pub fn intake_names(&self) -> String {
        format!("{}intake:names", self.prefix)
    }

    /// The channel on which processes wake each other.
    pub fn wakes(&self) -> String {
        format!("{}wakes", self.prefix)
    }

    /// The channel on which gateways tell each other what nobody keeps.
    pub fn whispers(&self) -> String {
        format!("{}whispers", self.prefix)
    }

    /// The rate limit called `quota` of one subject. The braces keep all limits of a subject on one node of a
    /// cluster; a subject's own braces cannot move the tag, since the first pair counts.
    pub fn limit(&self, quota: &str, subject: &str) -> String {
        let subject = Escaped(subject);
        format!("{}limit:{{{subject}}}:{quota}", self.prefix)
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::new(Self::DEFAULT_PREFIX)
    }
}

/// A subject may be anything a client sent (an address, a login): `}` would end the hash tag early.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '}' => f.write_str("%7D")?,
                '%' => f.write_str("%25")?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_cannot_leave_its_hash_tag() {
        let keys = Keys::default();
        assert_eq!(keys.limit("login", "a}b"), "baton:limit:{a%7Db}:login");
        assert_ne!(keys.limit("login", "a}b"), keys.limit("login", "a%7Db"));
    }
}
