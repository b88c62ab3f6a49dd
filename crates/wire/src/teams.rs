//! Teams, their members and their rules.

use baton_domain::id::{TeamId, UserId};
use baton_domain::routing::{MemberRole, Policy, Receives};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::given::unless_absent;
use crate::users::Person;
use crate::words;

/// A team as it stands beside a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TeamRef {
    /// Which.
    #[schema(value_type = uuid::Uuid)]
    pub id: TeamId,
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

impl From<baton_domain::ticket::TeamRef> for TeamRef {
    fn from(team: baton_domain::ticket::TeamRef) -> Self {
        Self { id: team.id, slug: team.slug, name: team.name }
    }
}

/// A team with its members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Team {
    /// Which.
    #[schema(value_type = uuid::Uuid)]
    pub id: TeamId,
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// How it chooses who gets a ticket.
    #[schema(value_type = words::Policy)]
    pub policy: Policy,
    /// Who of it receives tickets.
    #[schema(value_type = words::Receives)]
    pub receives: Receives,
    /// Moves with every change of the rule; decisions name the one they were made by.
    pub version: i64,
    /// Its members, by name.
    pub members: Vec<Member>,
}

/// A member of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Who.
    pub user: Person,
    /// Their role in the team.
    #[schema(value_type = words::MemberRole)]
    pub role: MemberRole,
}

/// A new team.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// Its short name in addresses: small letters, digits and dashes.
    #[schema(example = "support", max_length = 120)]
    pub slug: String,
    /// Its name.
    #[schema(max_length = 120)]
    pub name: String,
    /// How it chooses; `most_free` if left out.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Policy>)]
    pub policy: Option<Policy>,
    /// Who receives; `leaders` if left out.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Receives>)]
    pub receives: Option<Receives>,
}

/// What may change of a team; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamPatch {
    /// Its name.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// How it chooses.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Policy>)]
    pub policy: Option<Policy>,
    /// Who receives.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Receives>)]
    pub receives: Option<Receives>,
}

/// A place in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberPut {
    /// Their role in the team.
    #[schema(value_type = words::MemberRole)]
    pub role: MemberRole,
}

/// A team and a person, as paths name them.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MemberPath {
    /// The team.
    #[param(value_type = uuid::Uuid)]
    pub id: TeamId,
    /// The person.
    #[param(value_type = uuid::Uuid)]
    pub user_id: UserId,
}
