//! Two ways in which a member of a body is optional, which serde's `Option` mixes up.

use serde::{Deserialize, Deserializer};

/// May be left out, but is not `null`: for the members of a PATCH. Wants `#[serde(default)]` beside it.
pub(crate) fn unless_absent<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// May be `null`, but is not left out: taking somebody away is said, not implied.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer)
}
