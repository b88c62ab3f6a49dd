//! What the scenarios stand on: the real services as processes, people who are signed in, and their screens.

mod binaries;
mod collector;
mod database;
mod driver;
mod people;
mod postgres;
mod replica;
mod rest;
mod screen;
mod stack;

pub(crate) use collector::{Collector, Span};
pub(crate) use database::Hold;
pub(crate) use people::{Person, Tenant};
pub(crate) use postgres::Postgres;
pub(crate) use replica::{Replica, Service};
pub(crate) use rest::{Answer, Rest};
pub(crate) use screen::{CatchUp, Screen, Seen, Transport};
pub(crate) use stack::{Fleet, Ground, Stack};

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How long anything may take that is awaited: long enough for a loaded machine with two cores, since only a test
/// that fails waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A member of a JSON object that must be a text.
#[track_caller]
pub(crate) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no text {name:?} in {value}"))
}

/// The `id` of an answer.
#[track_caller]
pub(crate) fn id(value: &Value) -> String {
    text(value, "id").to_owned()
}

/// That a value has the shape of a wire type and nothing beside it: read and written, it is the same.
#[track_caller]
pub(crate) fn is_exactly<T: Serialize + DeserializeOwned>(value: &Value) {
    let read: T = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"));
    assert_eq!(&serde_json::to_value(read).unwrap(), value);
}
