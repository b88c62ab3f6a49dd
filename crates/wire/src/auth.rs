//! Signing in and out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::given::unless_absent;
use crate::users::Person;

/// How the refresh token travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// In the body, for programs.
    #[default]
    Body,
    /// As an HttpOnly cookie, for browsers; never in the body.
    Cookie,
}

/// A sign-in by password.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The organisation's short name.
    #[schema(example = "demo", max_length = 120)]
    pub organization: String,
    /// Address.
    #[schema(example = "ana@example.org", max_length = 254)]
    pub email: String,
    /// Password.
    #[schema(max_length = 128, format = Password)]
    pub password: String,
    /// How the refresh token is to travel.
    #[serde(default)]
    pub transport: Transport,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("organization", &self.organization).finish_non_exhaustive()
    }
}

/// A refresh token to exchange or to give back. Browsers leave it out: theirs is in the cookie.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The token.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 256, format = Password)]
    pub refresh_token: Option<String>,
}

impl std::fmt::Debug for Refresh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Refresh").finish_non_exhaustive()
    }
}

/// What a sign-in or an exchange gives.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Tokens {
    /// For `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// How long the access token is good, in seconds.
    pub expires_in: i64,
    /// For the next exchange; left out when it travels as a cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who signed in.
    pub user: Person,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("user", &self.user.id).finish_non_exhaustive()
    }
}
