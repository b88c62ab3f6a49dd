//! Lists: the envelope of their answers and the forms of their parameters.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Rows of a page when the caller does not say.
pub const DEFAULT_LIMIT: u16 = 20;
/// Most rows of a page.
pub const MAX_LIMIT: u16 = 100;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `null` on the last one. Opaque: of use only with the same filters and sort.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that is always whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// `?limit=`: 1 to [`MAX_LIMIT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// As the store takes it.
    pub fn rows(self) -> i64 {
        i64::from(self.0)
    }
}

impl From<Limit> for usize {
    fn from(limit: Limit) -> Self {
        Self::from(limit.0)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(DEFAULT_LIMIT)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u16::deserialize(deserializer)
            .map_err(|_| D::Error::custom(format_args!("must be a whole number from 1 to {MAX_LIMIT}")))?;
        if (1..=MAX_LIMIT).contains(&number) {
            Ok(Self(number))
        } else {
            Err(D::Error::custom(format_args!("must be from 1 to {MAX_LIMIT}")))
        }
    }
}

/// Several values in one parameter, separated by commas: `?status=new,open`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several<T>(pub Vec<T>);

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T> Deserialize<'de> for Several<T>
where
    T: FromStr,
    T::Err: Display,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts
            .map(|part| part.parse().map_err(|e| D::Error::custom(format_args!("{part:?}: {e}"))))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_domain::ticket::Status;

    #[test]
    fn several_values_and_what_is_wrong_with_one() {
        let statuses: Several<Status> = serde_json::from_str(r#""new, open,""#).unwrap();
        assert_eq!(statuses.0, [Status::New, Status::Open]);
        let error = serde_json::from_str::<Several<Status>>(r#""new,nwe""#).unwrap_err().to_string();
        assert!(error.starts_with(r#""nwe": must be one of new, open"#), "{error}");
    }

    #[test]
    fn limits_are_bounded() {
        assert_eq!(serde_json::from_str::<Limit>("100").unwrap().rows(), 100);
        for bad in ["0", "101", "-1", "70000", "1.5", "\"x\""] {
            let error = serde_json::from_str::<Limit>(bad).unwrap_err().to_string();
            assert!(error.starts_with("must be"), "{bad}: {error}");
        }
    }
}
