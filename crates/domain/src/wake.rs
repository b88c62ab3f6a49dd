//! What a commit may wake. A wake says *look*, never *what*: losing one costs latency, nothing else.

use crate::id::{OrgId, TeamId};

/// Something that changed and that a sleeping loop of some process should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wake {
    /// The outbox has rows: the sequencer looks.
    Outbox,
    /// Jobs may be due: a worker looks.
    Jobs,
    /// A team's queue may have something to assign: an assigner looks.
    Queue(OrgId, TeamId),
    /// Somebody of an organisation's staff came, left or chose another availability: a gateway looks.
    Presence(OrgId),
}

impl Wake {
    /// The form in which a wake travels: `outbox`, `jobs`, `queue:<org>:<team>`, `presence:<org>`.
    pub fn encode(self) -> String {
        match self {
            Self::Outbox => "outbox".to_owned(),
            Self::Jobs => "jobs".to_owned(),
            Self::Queue(org, team) => format!("queue:{org}:{team}"),
            Self::Presence(org) => format!("presence:{org}"),
        }
    }

    /// Reads [`Wake::encode`]'s form; anything else is nothing (a newer process may speak of more).
    pub fn decode(text: &str) -> Option<Self> {
        match text {
            "outbox" => return Some(Self::Outbox),
            "jobs" => return Some(Self::Jobs),
            _ => {}
        }
        if let Some(org) = text.strip_prefix("presence:") {
            return org.parse().ok().map(Self::Presence);
        }
        let (org, team) = text.strip_prefix("queue:")?.split_once(':')?;
        Some(Self::Queue(org.parse().ok()?, team.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn travels_and_comes_back() {
        let org = OrgId(Uuid::from_u128(1));
        let wakes = [Wake::Outbox, Wake::Jobs, Wake::Queue(org, TeamId(Uuid::from_u128(2))), Wake::Presence(org)];
        for wake in wakes {
            assert_eq!(Wake::decode(&wake.encode()), Some(wake));
        }
        assert_eq!(Wake::decode("queue:x"), None);
    }
}
