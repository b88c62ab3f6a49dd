//! How single settings are read. A variable of the environment is always text, so that a key of digits stays what
//! it is; numbers and lists are therefore read from text too. No message repeats a value: it may be a secret.

use std::str::FromStr;

use figment::value::Value;
use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer, Error};

pub(super) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    match <Value as Deserialize>::deserialize(deserializer)? {
        Value::String(_, text) if !text.is_empty() => Ok(text.into()),
        Value::String(..) => Err(D::Error::custom("empty")),
        _ => Err(D::Error::custom("must be text in quotes")),
    }
}

pub(super) fn optional_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    secret(deserializer).map(Some)
}

pub(super) fn number<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr + TryFrom<u128>,
{
    let value = <Value as Deserialize>::deserialize(deserializer)?;
    let number = match &value {
        Value::String(_, text) => text.trim().parse().ok(),
        Value::Num(_, number) => whole(*number),
        _ => None,
    };
    number.ok_or_else(|| D::Error::custom("must be a whole number, not negative and not too big"))
}

/// A list; as text, its items are separated by commas.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let wrong = || D::Error::custom("must be a list of texts");
    match <Value as Deserialize>::deserialize(deserializer)? {
        Value::String(_, text) => {
            Ok(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
        }
        Value::Array(_, items) => items.into_iter().map(|item| item.into_string().ok_or_else(wrong)).collect(),
        _ => Err(wrong()),
    }
}

fn whole<T: TryFrom<u128>>(number: figment::value::Num) -> Option<T> {
    let whole = number.to_u128().or_else(|| number.to_i128().and_then(|number| u128::try_from(number).ok()));
    whole.and_then(|number| T::try_from(number).ok())
}
