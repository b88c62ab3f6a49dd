//! The intake: messages that came while Postgres was away, kept until they can be stored.
//!
//! A courtesy, not an acknowledgement: Redis may lose them. Their senders send them again under the same name until they
//! are stored or refused.

use baton_domain::conversation::MessageKind;
use baton_domain::id::{ConversationId, OrgId, SessionId};
use redis::Value;
use redis::streams::StreamRangeReply;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::redis::Redis;

/// How many messages wait at most.
const ROOM: usize = 10_000;
/// The field of an entry that holds the message.
const FIELD: &str = "m";

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

/// Keeps a message; `false` when too many wait already.
///
/// # Errors
/// When Redis is away or full. It may be kept all the same: then it is stored once, or known by its name.
pub async fn put(redis: &Redis, message: &Waiting) -> Result<bool> {
    let key = redis.keys().intake();
    let waiting: usize = redis.ask(redis::cmd("XLEN").arg(&key)).await?;
    if waiting >= ROOM {
        return Ok(false);
    }
    let text = serde_json::to_string(message)?;
    let _id: String = redis.ask(redis::cmd("XADD").arg(&key).arg("*").arg(FIELD).arg(text)).await?;
    Ok(true)
}

/// Those that have waited longest, at most `count`, in the order in which they came, each with the name by which it is
/// [`remove`]d. `None` stands for what cannot be read.
///
/// # Errors
/// When Redis is away.
pub async fn first(redis: &Redis, count: usize) -> Result<Vec<(String, Option<Waiting>)>> {
    let key = redis.keys().intake();
    let found: StreamRangeReply =
        redis.ask(redis::cmd("XRANGE").arg(&key).arg("-").arg("+").arg("COUNT").arg(count)).await?;
    let read = |field: Option<&Value>| match field {
        Some(Value::BulkString(text)) => serde_json::from_slice(text).ok(),
        _ => None,
    };
    Ok(found.ids.into_iter().map(|entry| (entry.id, read(entry.map.get(FIELD)))).collect())
}

/// Forgets a message that waits no more.
///
/// # Errors
/// When Redis is away; it is found again, and known by its name.
pub async fn remove(redis: &Redis, id: &str) -> Result<()> {
    let _removed: usize = redis.ask(redis::cmd("XDEL").arg(redis.keys().intake()).arg(id)).await?;
    Ok(())
}
