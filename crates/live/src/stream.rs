//! The stream of durable events: what the sequencer tells all gateways.
//!
//! An entry's id is `<position>-0`, its one field `e` the event as JSON. Positions come from Postgres (dense, from
//! 1 on), so Redis itself refuses repeats and late writers. The stream is a copy that may be trimmed, emptied or
//! replaced at any time: a reader that sees a hole in the positions reads the feed in Postgres.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::streams::{StreamId, StreamRangeReply, StreamReadReply};
use redis::{RedisResult, Value};

use crate::error::{Error, Result};
use crate::metrics::{APPENDED, CONNECTS, REFUSED};
use crate::redis::Redis;
use crate::subscription::Backoff;

/// About how many entries the stream keeps; older ones are only in Postgres.
const KEPT: usize = 20_000;
/// How many entries a follower is given at once at most.
const READ_AT_ONCE: usize = 500;
/// How much longer than asked Redis may hold a blocked read before its connection counts as lost.
const GRACE: Duration = Duration::from_secs(1);
/// The field of an entry that holds the event.
const FIELD: &str = "e";

/// What became of entries that were to be appended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Appended {
    /// How many Redis took.
    pub added: usize,
    /// How many Redis refused because the stream is already at or past them. After a lost answer this also counts
    /// what the first attempt had added: either way they are in the stream or behind it.
    pub refused: usize,
}

/// An entry of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its position in the feed.
    pub position: i64,
    /// The event as JSON.
    pub payload: Arc<str>,
}

/// Adds entries, each a position (≥ 1) and an event as JSON, in one flight. Give them in order of position:
/// Redis refuses what is not past its last, which is no error but reported.
///
/// # Errors
/// When Redis is away or full. Any part of the entries may have been added; append them all again.
pub async fn append(redis: &Redis, entries: &[(i64, String)]) -> Result<Appended> {
    if entries.is_empty() {
        return Ok(Appended::default());
    }
    let mut pipe = redis::pipe();
    pipe.ignore_errors();
    let key = redis.keys().events();
    for (position, payload) in entries {
        let id = format!("{position}-0");
        pipe.cmd("XADD").arg(&key).arg("MAXLEN").arg("~").arg(KEPT).arg(id).arg(FIELD).arg(payload);
    }
    let answers: Vec<RedisResult<String>> = redis.ask(&pipe).await?;
    tally(answers)
}

fn tally(answers: Vec<RedisResult<String>>) -> Result<Appended> {
    let mut tally = Appended::default();
    let mut failed = None;
    for answer in answers {
        match answer {
            Ok(_) => tally.added += 1,
            Err(error) if is_refusal(&error) => tally.refused += 1,
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    APPENDED.inc_by(u64::try_from(tally.added).unwrap_or_default());
    REFUSED.inc_by(u64::try_from(tally.refused).unwrap_or_default());
    failed.map_or(Ok(tally), |error| Err(error.into()))
}

/// Redis has no code of its own for this refusal, only its words (the same from 5.0 to 8).
fn is_refusal(error: &redis::RedisError) -> bool {
    error.detail().is_some_and(|detail| detail.contains("equal or smaller"))
}

/// The position of the last entry, `None` when the stream is empty or gone.
///
/// # Errors
/// When Redis is away.
pub async fn tip(redis: &Redis) -> Result<Option<i64>> {
    let key = redis.keys().events();
    let last: StreamRangeReply =
        redis.ask(redis::cmd("XREVRANGE").arg(&key).arg("+").arg("-").arg("COUNT").arg(1)).await?;
    Ok(last.ids.first().and_then(|entry| position_of(&entry.id)))
}

/// Reads the stream from a position on, over a connection of its own.
///
/// The follower gives what the stream has past its cursor and promises nothing about holes: entries may have been
/// trimmed before they were read, and after Redis was emptied or replaced the stream may begin anywhere. Positions
/// are dense, so the reader sees a hole when an entry is not the successor of the one before, and reads the feed in
/// Postgres for it. A stream whose last position is before the cursor is silent until it is past it.
#[derive(Debug)]
pub struct Follower {
    redis: Redis,
    connection: Option<MultiplexedConnection>,
    after: i64,
    backoff: Backoff,
}

impl Follower {
    /// Reads what comes after position `after`; 0 reads from the start.
    pub fn new(redis: &Redis, after: i64) -> Self {
        Self { redis: redis.clone(), connection: None, after, backoff: Backoff::default() }
    }

    /// The position up to which this follower has read.
    pub fn position(&self) -> i64 {
        self.after
    }

    /// Goes on after `position`: what a reader does that caught up from Postgres. Never goes back.
    pub fn skip_to(&mut self, position: i64) {
        self.after = self.after.max(position);
    }

    /// The next entries, at most 500; waits for the first at most `block` (rounded up to a millisecond) and gives
    /// none when none came. Dropping the future loses nothing but its connection.
    ///
    /// # Errors
    /// When the connection is lost or cannot be made. The next call makes a new one, after a pause that grows to
    /// half a second; until then the reader has Postgres.
    pub async fn next(&mut self, block: Duration) -> Result<Vec<Entry>> {
        // Taken out while in use: a read that is dropped half way leaves its answer on the connection, and the
        // next would wait behind it.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        let within = block + GRACE;
        let read = tokio::time::timeout(within, self.read(&mut connection, block)).await;
        let reply = match read {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) => return Err(self.lost(error.into())),
            Err(_) => return Err(self.lost(Error::Slow(within))),
        };
        self.connection = Some(connection);
        self.backoff.worked();
        let ids = reply.into_iter().flat_map(|reply| reply.keys).flat_map(|key| key.ids);
        Ok(ids.filter_map(|id| self.take(id)).collect())
    }

    async fn connect(&mut self) -> Result<MultiplexedConnection> {
        self.backoff.pause().await;
        let connection = self.redis.blocking_connection().await.inspect_err(|_| self.backoff.failed())?;
        CONNECTS.with_label_values(&["follower"]).inc();
        Ok(connection)
    }

    async fn read(
        &self,
        connection: &mut MultiplexedConnection,
        block: Duration,
    ) -> RedisResult<Option<StreamReadReply>> {
        // BLOCK 0 would wait for ever.
        let millis = u64::try_from(block.as_millis()).unwrap_or(u64::MAX).max(1);
        let key = self.redis.keys().events();
        let mut command = redis::cmd("XREAD");
        command.arg("COUNT").arg(READ_AT_ONCE).arg("BLOCK").arg(millis);
        command.arg("STREAMS").arg(key).arg(format!("{}-0", self.after));
        command.query_async(connection).await
    }

    fn lost(&mut self, error: Error) -> Error {
        self.backoff.failed();
        error
    }

    /// Moves the cursor past an entry; one that is not ours is left out, and so leaves a hole.
    fn take(&mut self, entry: StreamId) -> Option<Entry> {
        let position = position_of(&entry.id)?;
        self.after = self.after.max(position);
        let Some(Value::BulkString(payload)) = entry.map.get(FIELD) else {
            tracing::warn!(id = entry.id, "an entry of the event stream has no event");
            return None;
        };
        let payload = std::str::from_utf8(payload).ok()?;
        Some(Entry { position, payload: payload.into() })
    }
}

fn position_of(id: &str) -> Option<i64> {
    id.split_once('-')?.0.parse().ok()
}
