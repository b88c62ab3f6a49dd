//! Identifiers: a UUIDv7 each, typed by what it names so that two kinds cannot be mixed up.

use uuid::Uuid;

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        #[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
        #[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Uuid))]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        #[cfg(feature = "diesel")]
        impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                <Uuid as diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::to_sql(
                    &self.0, out,
                )
            }
        }

        #[cfg(feature = "diesel")]
        impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                <Uuid as diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::from_sql(value)
                    .map(Self)
            }
        }
    )+ };
}

ids! {
    /// An organisation: the tenant.
    OrgId,
    /// A person of an organisation, customers included.
    UserId,
    /// A team, and the queue of its waiting tickets.
    TeamId,
    /// A conversation; a ticket's id is its conversation's id.
    ConversationId,
    /// A message of a conversation.
    MessageId,
    /// A durable event.
    EventId,
    /// A sign-in: one family of refresh tokens.
    SessionId,
    /// An assignment decision.
    DecisionId,
    /// One start of a gateway process.
    GatewayId,
    /// One live socket of a staff member.
    ConnectionId,
    /// One start of a worker process.
    WorkerId,
    /// One service-level clock of one ticket.
    ClockId,
    /// A service-level policy, whatever its version.
    PolicyId,
    /// A notification of one person.
    NotificationId,
    /// A job: outside work asked for in a transaction.
    JobId,
}

/// `ticket.id == conversation.id`: two words for one identity.
pub type TicketId = ConversationId;
