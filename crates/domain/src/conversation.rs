//! Messages and the two counters every conversation keeps.

use jiff::Timestamp;

use crate::id::{ConversationId, MessageId};
use crate::limits::{self, Checks, Violation};
use crate::text_enum::text_enum;
use crate::user::Person;

text_enum! {
    /// Who sees a message.
    MessageKind {
        /// Every participant.
        Reply = "reply",
        /// Staff only.
        Note = "note",
    }
}

text_enum! {
    /// One of the two ways in which a conversation is seen; each has its own gapless `seq`.
    Audience {
        /// Staff: replies and notes.
        Staff = "staff",
        /// Customers: replies.
        Public = "public",
    }
}

/// How far a conversation has come, for each audience. Both counters are drawn under the
/// conversation's lock, so each has neither gap nor repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Counters {
    /// Number of messages; the `seq` of staff.
    pub seq: i64,
    /// Number of replies; the `seq` of customers.
    pub public_seq: i64,
}

impl Counters {
    /// The counters after one more message of `kind`.
    pub fn next(self, kind: MessageKind) -> Self {
        match kind {
            MessageKind::Reply => Self { seq: self.seq + 1, public_seq: self.public_seq + 1 },
            MessageKind::Note => Self { seq: self.seq + 1, ..self },
        }
    }

    /// The one of the two that `audience` sees as `seq`.
    pub fn of(self, audience: Audience) -> i64 {
        match audience {
            Audience::Staff => self.seq,
            Audience::Public => self.public_seq,
        }
    }
}

/// A message as it was stored.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its number among all messages, and the number of replies up to and including it.
    pub counters: Counters,
    /// Who sees it.
    pub kind: MessageKind,
    /// Its text.
    pub body: String,
    /// Who wrote it (without address).
    pub author: Person,
    /// The sender's own name for it, by which a repeated send is recognised.
    pub client_id: Option<String>,
    /// When it was stored (Postgres' clock).
    pub created_at: Timestamp,
}

/// Checks a message before anything is locked for it.
pub fn check_message(body: &str, client_id: Option<&str>) -> Result<(), Vec<Violation>> {
    let mut checks = Checks::new();
    checks.text("/body", body, limits::BODY_CHARS);
    if let Some(client_id) = client_id {
        checks.text("/client_id", client_id, limits::CLIENT_ID_CHARS);
    }
    checks.finish()
}

/// The first characters of a message on one line, for lists.
pub fn preview(body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(limits::PREVIEW_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_preview_is_one_short_line() {
        assert_eq!(preview("  Hello\n\n there\t"), "Hello there");
        assert_eq!(preview(&"é".repeat(500)), format!("{}…", "é".repeat(limits::PREVIEW_CHARS)));
    }

    proptest! {
        #[test]
        fn each_audience_counts_without_gap(notes in proptest::collection::vec(any::<bool>(), 0..200)) {
            let mut counters = Counters::default();
            let (mut staff, mut public) = (0, 0);
            for note in notes {
                counters = counters.next(if note { MessageKind::Note } else { MessageKind::Reply });
                staff += 1;
                public += i64::from(!note);
                prop_assert_eq!(counters.of(Audience::Staff), staff);
                prop_assert_eq!(counters.of(Audience::Public), public);
            }
        }

        #[test]
        fn a_preview_never_grows(body in ".{0,400}") {
            let line = preview(&body);
            prop_assert!(line.chars().count() <= limits::PREVIEW_CHARS + 1);
            prop_assert!(!line.contains('\n'));
        }
    }
}
