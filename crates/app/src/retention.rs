//! What is kept for how long. Each call takes a bounded batch away, in a transaction of its own; none may be missed,
//! and doing it twice does nothing, so it needs no job of its own: a supervised loop calls it.

use baton_store::{SystemDb, retention};
use jiff::SignedDuration;

use crate::error::Result;

/// How long an event can be caught up on. The events themselves are kept for ever.
const FEED: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a first answer is given again.
const IDEMPOTENCY: SignedDuration = SignedDuration::from_hours(24);
/// How long a sign-in that is over is kept, and a refresh token that was exchanged: until then its reuse is theft and
/// ends the sign-in, later it is only refused.
const SIGN_INS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a job that was done is kept.
const DONE_JOBS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a dead job is kept, for somebody to look at it.
const DEAD_JOBS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What can be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Places of the feed.
    Feed,
    /// First answers to idempotency keys.
    IdempotencyKeys,
    /// Refresh tokens.
    RefreshTokens,
    /// Sign-ins; their tokens go first.
    Sessions,
    /// Jobs.
    Jobs,
}

impl Kept {
    /// All of it, in the order in which it is taken away.
    pub const ALL: [Self; 5] = [Self::Feed, Self::IdempotencyKeys, Self::RefreshTokens, Self::Sessions, Self::Jobs];
}

/// What one batch took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// Rows.
    pub rows: usize,
    /// Whether there may be more.
    pub more: bool,
}

/// Takes the next batch of what is over away.
pub async fn prune(db: &SystemDb, kept: Kept) -> Result<Pruned> {
    let tx = db.begin("prune").await?;
    let before = |age: SignedDuration| tx.now() - age;
    let rows = match kept {
        Kept::Feed => retention::feed(&tx, before(FEED)).await,
        Kept::IdempotencyKeys => retention::idempotency_keys(&tx, before(IDEMPOTENCY)).await,
        Kept::RefreshTokens => retention::refresh_tokens(&tx, before(SIGN_INS)).await,
        Kept::Sessions => retention::sessions(&tx, before(SIGN_INS)).await,
        Kept::Jobs => retention::jobs(&tx, before(DONE_JOBS), before(DEAD_JOBS)).await,
    }?;
    tx.commit().await?;
    Ok(Pruned { rows, more: rows >= retention::BATCH })
}
