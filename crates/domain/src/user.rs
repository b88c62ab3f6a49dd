//! People: what role they have and how much they may carry.

use crate::id::UserId;
use crate::text_enum::text_enum;

text_enum! {
    /// A built-in role. A role is a set of permissions ([`crate::access::permissions_of`]).
    Role {
        /// Sets up the organisation.
        Admin = "admin",
        /// Sees all teams, receives escalations, reassigns.
        Supervisor = "supervisor",
        /// Receives assigned conversations and steps into the queue.
        TeamLeader = "team_leader",
        /// Answers what is assigned to them.
        Agent = "agent",
        /// Opens tickets and follows their own.
        Customer = "customer",
    }
}

impl Role {
    /// Whether people of this role work here (everybody but customers).
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Customer)
    }
}

text_enum! {
    /// A customer's service tier.
    Tier {
        /// The usual promise.
        Normal = "normal",
        /// The shorter promise.
        Vip = "vip",
    }
}

/// A person as others see them beside a ticket or message.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// Display name.
    pub name: String,
    /// Address; never shown to customers.
    pub email: Option<String>,
    /// Role.
    pub role: Role,
}

/// Addresses are compared without case: the one canonical form that is stored.
pub fn canonical_email(email: &str) -> String {
    email.trim().to_lowercase()
}
