//! The intake: messages that came while Postgres was away, kept until they can be stored.
//!
//! A courtesy, not an acknowledgement: Redis may lose them. Their senders send them again under the same name until they
//! are stored or refused.

use std::sync::LazyLock;

use baton_domain::conversation::MessageKind;
use baton_domain::id::{ConversationId, OrgId, SessionId};
use redis::streams::StreamRangeReply;
use redis::{Script, Value};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::redis::Redis;

/// How many messages wait at most.
const ROOM: usize = 10_000;
/// The field of an entry that holds the message.
const FIELD: &str = "m";

static PUT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("intake/put.lua")));
static REMOVE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("intake/remove.lua")));

/// A message that waits to be stored. Whether it may be is found out then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Whose organisation.
    pub org: OrgId,
    /// The sign-in it came under.
    pub session: SessionId,
    /// Where it goes.
    pub conversation: ConversationId,
    /// Who is to see it.
    pub kind: MessageKind,
    /// Its text.
    pub body: String,
    /// The sender's own name for it.
    pub client_id: String,
    /// The trace it came under (W3C `traceparent`).
    pub trace: Option<String>,
}

impl Waiting {
    /// What it is known by: sent again, it is the same.
    fn name(&self) -> String {
        let Self { session, conversation, client_id, .. } = self;
        format!("{session}/{conversation}/{client_id}")
    }
}

/// A message that waits, as it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name by which it is [`remove`]d.
    pub id: String,
    /// Milliseconds since 1970 when it came, by Redis' clock.
    pub since: i64,
    /// The message; `None` when it cannot be read.
    pub message: Option<Waiting>,
}

/// Keeps a message, once however often it is sent; `false` when too many wait already.
///
/// # Errors
/// When Redis is away or full. It may be kept all the same: then it is stored once, or known by its name.
pub async fn put(redis: &Redis, message: &Waiting) -> Result<bool> {
    let text = serde_json::to_string(message)?;
    let (stream, names) = (redis.keys().intake(), redis.keys().intake_names());
    redis.ask(PUT.key(stream).key(names).arg(message.name()).arg(ROOM).arg(FIELD).arg(text)).await
}

/// Those that have waited longest, at most `count`, in the order in which they came.
///
/// # Errors
/// When Redis is away.
pub async fn first(redis: &Redis, count: usize) -> Result<Vec<Found>> {
    let key = redis.keys().intake();
    let found: StreamRangeReply =
        redis.ask(redis::cmd("XRANGE").arg(&key).arg("-").arg("+").arg("COUNT").arg(count)).await?;
    let read = |field: Option<&Value>| match field {
        Some(Value::BulkString(text)) => serde_json::from_slice(text).ok(),
        _ => None,
    };
    let since = |id: &str| id.split_once('-').and_then(|(ms, _)| ms.parse().ok()).unwrap_or_default();
    let found = found.ids.into_iter();
    Ok(found
        .map(|entry| Found { since: since(&entry.id), message: read(entry.map.get(FIELD)), id: entry.id })
        .collect())
}

/// Forgets a message that waits no more.
///
/// # Errors
/// When Redis is away; it is found again, and known by its name.
pub async fn remove(redis: &Redis, found: &Found) -> Result<()> {
    let name = found.message.as_ref().map(Waiting::name).unwrap_or_default();
    let (stream, names) = (redis.keys().intake(), redis.keys().intake_names());
    redis.ask(REMOVE.key(stream).key(names).arg(&found.id).arg(name)).await
}
