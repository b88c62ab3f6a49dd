//! Messages and the two counters every conversation keeps.

use jiff::Timestamp;

use crate::id::{ConversationId, MessageId, UserId};
use crate::limits::{self, Checks, Violation};
use crate::text_enum::text_enum;
use crate::user::{Person, Role};

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

/// How far one person has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadMark {
    /// Who.
    pub user: UserId,
    /// Their role.
    pub role: Role,
    /// Up to where, for both audiences.
    pub counters: Counters,
}

impl ReadMark {
    /// Up to where `reader`, who belongs to `audience`, may know that this person has read, as that audience counts.
    /// Staff know everybody's mark; customers their own and those of staff. `None`: nothing that they may know of.
    pub fn seen_by(&self, reader: UserId, audience: Audience) -> Option<i64> {
        let known = audience == Audience::Staff || self.role.is_staff() || self.user == reader;
        Some(self.counters.of(audience)).filter(|seq| known && *seq > 0)
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

    #[rstest::rstest]
    #[case::staff_know_a_customers(Role::Customer, Audience::Staff, Some(7))]
    #[case::staff_know_a_colleagues(Role::Agent, Audience::Staff, Some(7))]
    #[case::customers_know_that_of_staff(Role::Agent, Audience::Public, Some(5))]
    #[case::customers_do_not_know_each_others(Role::Customer, Audience::Public, None)]
    fn who_knows_how_far_somebody_read(#[case] role: Role, #[case] audience: Audience, #[case] seen: Option<i64>) {
        let [user, other] = [1, 2].map(|n| UserId(uuid::Uuid::from_u128(n)));
        let mark = ReadMark { user, role, counters: Counters { seq: 7, public_seq: 5 } };
        assert_eq!(mark.seen_by(other, audience), seen);
        assert_eq!(mark.seen_by(user, Audience::Public), Some(5), "one's own");
        let of_notes = ReadMark { counters: Counters { seq: 1, public_seq: 0 }, ..mark };
        assert_eq!(of_notes.seen_by(other, Audience::Public), None, "nothing that a customer counts");
    }

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
