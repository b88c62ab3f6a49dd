//! People.

use baton_domain::access::Permission;
use baton_domain::availability::Availability;
use baton_domain::conversation::Audience;
use baton_domain::id::{TeamId, UserId};
use baton_domain::user::{Role, Tier};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::given::unless_absent;
use crate::list::{Limit, Several};
use crate::words;

/// A person as they stand beside a ticket or message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Who.
    #[schema(value_type = uuid::Uuid)]
    pub id: UserId,
    /// Display name.
    pub name: String,
    /// Address; staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Role.
    #[schema(value_type = words::Role)]
    pub role: Role,
}

impl Person {
    /// `person` as `audience` may know them: customers learn nobody's address.
    pub fn of(person: baton_domain::user::Person, audience: Audience) -> Self {
        let email = person.email.filter(|_| audience == Audience::Staff);
        Self { id: person.id, name: person.name, email, role: person.role }
    }
}

/// A person as those who may list people see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Who.
    #[schema(value_type = uuid::Uuid)]
    pub id: UserId,
    /// Address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Role.
    #[schema(value_type = words::Role)]
    pub role: Role,
    /// Service tier; of meaning for customers.
    #[schema(value_type = words::Tier)]
    pub tier: Tier,
    /// Units of work they may carry; `null` for customers.
    pub units_limit: Option<i32>,
    /// Whether the account is disabled.
    pub disabled: bool,
    /// When the account was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A new person.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Address.
    #[schema(example = "ana@example.org", max_length = 254)]
    pub email: String,
    /// Display name.
    #[schema(max_length = 120)]
    pub name: String,
    /// Role.
    #[schema(value_type = words::Role)]
    pub role: Role,
    /// Service tier; `normal` if left out.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Tier>)]
    pub tier: Option<Tier>,
    /// First password; without one they cannot sign in by password.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 8, max_length = 128, format = Password)]
    pub password: Option<String>,
    /// Units of work they may carry; of meaning for staff.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1000)]
    pub units_limit: Option<i32>,
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser").field("role", &self.role).finish_non_exhaustive()
    }
}

/// What may change of a person; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// Display name.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// Role.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Role>)]
    pub role: Option<Role>,
    /// Service tier.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Tier>)]
    pub tier: Option<Tier>,
    /// Whether the account is disabled; disabling ends every sign-in of theirs.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// How much a person may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// Units of work.
    #[schema(minimum = 0, maximum = 1000)]
    pub units: i32,
}

/// What a person chooses for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenAvailability {
    /// The choice; it persists until they choose otherwise.
    #[schema(value_type = words::Availability)]
    pub status: Availability,
}

/// The signed-in person, with what their screens need to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Who.
    #[schema(value_type = uuid::Uuid)]
    pub id: UserId,
    /// Address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// Role.
    #[schema(value_type = words::Role)]
    pub role: Role,
    /// What the role allows.
    #[schema(value_type = Vec<words::Permission>)]
    pub permissions: Vec<Permission>,
    /// The teams they are in.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub teams: Vec<TeamId>,
    /// What they chose; `null` for customers.
    #[schema(value_type = Option<words::Availability>)]
    pub availability: Option<Availability>,
    /// Whether they may be given work now: chose `online` and are here; `null` for customers.
    pub available: Option<bool>,
    /// Units of work they carry; `null` for customers.
    pub units_used: Option<i32>,
    /// Units of work they may carry; `null` for customers.
    pub units_limit: Option<i32>,
}

/// Which people to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct UsersQuery {
    /// Roles, separated by commas.
    #[param(value_type = Option<String>, example = "agent,team_leader")]
    pub role: Several<Role>,
    /// Most rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}
