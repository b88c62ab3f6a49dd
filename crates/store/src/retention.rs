//! What is over is taken away, a bounded batch at a time.

use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use crate::SystemTx;
use crate::error::Result;
use crate::statement::{sql, statement};

/// Rows that one statement takes away at most.
pub const BATCH: usize = 1_000;

statement! {
    /// The feed's oldest places. The head's own stays: by it a cursor that is too old is told from one that is not.
    Feed { before: jiff_diesel::Timestamp, limit: i64 } -> ()
    "with first as materialized (select position, placed_at from feed order by position limit " [limit: sql::BigInt] ")
     delete from feed f using first
     where f.position = first.position and first.placed_at < " [before: sql::Timestamptz]
    " and f.position < (select position from feed_head)"
}

/// Takes the oldest places of before `before` out of the feed; the events stay.
pub async fn feed(tx: &SystemTx, before: Timestamp) -> Result<usize> {
    tx.raw().execute(Feed { before: before.to_diesel(), limit: BATCH as i64 }).await
}

statement! {
    /// First answers that have outlived their day.
    IdempotencyKeys { before: jiff_diesel::Timestamp, limit: i64 } -> ()
    "delete from idempotency_keys k using (
        select org_id, user_id, method, path, key from idempotency_keys
        where created_at < " [before: sql::Timestamptz] " order by created_at limit " [limit: sql::BigInt]
    ") old where k.org_id = old.org_id and k.user_id = old.user_id and k.method = old.method and k.path = old.path
        and k.key = old.key and k.created_at < " [before: sql::Timestamptz]
}

/// Takes first answers of before `before` away.
pub async fn idempotency_keys(tx: &SystemTx, before: Timestamp) -> Result<usize> {
    tx.raw().execute(IdempotencyKeys { before: before.to_diesel(), limit: BATCH as i64 }).await
}

statement! {
    /// Refresh tokens that were exchanged, or whose sign-ins are over.
    RefreshTokens { before: jiff_diesel::Timestamp, limit: i64 } -> ()
    "delete from refresh_tokens t using (
        (select org_id, hash from refresh_tokens where spent_at < " [before: sql::Timestamptz]
    " order by spent_at limit " [limit: sql::BigInt] ")
        union
        (select r.org_id, r.hash from sessions s
            join refresh_tokens r on r.org_id = s.org_id and r.session_id = s.id
        where least(s.expires_at, s.revoked_at) < " [before: sql::Timestamptz] " limit " [limit: sql::BigInt] ")
     ) old where t.org_id = old.org_id and t.hash = old.hash"
}

/// Takes refresh tokens away that were exchanged before `before`, and those of sign-ins that ended before it: at most
/// twice [`BATCH`].
pub async fn refresh_tokens(tx: &SystemTx, before: Timestamp) -> Result<usize> {
    tx.raw().execute(RefreshTokens { before: before.to_diesel(), limit: BATCH as i64 }).await
}

statement! {
    /// Sign-ins that are over and have no token left.
    Sessions { before: jiff_diesel::Timestamp, limit: i64 } -> ()
    "delete from sessions s using (
        select org_id, id from sessions o where least(expires_at, revoked_at) < " [before: sql::Timestamptz]
    " and not exists (select 1 from refresh_tokens r where r.org_id = o.org_id and r.session_id = o.id)
        order by least(expires_at, revoked_at) limit " [limit: sql::BigInt]
    ") old where s.org_id = old.org_id and s.id = old.id"
}

/// Takes sign-ins away that ended before `before` and have no refresh token left.
pub async fn sessions(tx: &SystemTx, before: Timestamp) -> Result<usize> {
    tx.raw().execute(Sessions { before: before.to_diesel(), limit: BATCH as i64 }).await
}

statement! {
    /// Jobs that have been over for long.
    Jobs { done_before: jiff_diesel::Timestamp, dead_before: jiff_diesel::Timestamp, limit: i64 } -> ()
    "delete from jobs j using (
        (select org_id, id from jobs where state = 'done' and finished_at < " [done_before: sql::Timestamptz]
    " order by finished_at limit " [limit: sql::BigInt] ")
        union all
        (select org_id, id from jobs where state = 'dead' and finished_at < " [dead_before: sql::Timestamptz]
    " order by finished_at limit " [limit: sql::BigInt] ")
     ) old where j.org_id = old.org_id and j.id = old.id and j.finished_at is not null"
}

/// Takes jobs away that were done before `done_before` or have been dead since before `dead_before`: at most twice
/// [`BATCH`].
pub async fn jobs(tx: &SystemTx, done_before: Timestamp, dead_before: Timestamp) -> Result<usize> {
    let jobs = Jobs { done_before: done_before.to_diesel(), dead_before: dead_before.to_diesel(), limit: BATCH as i64 };
    tx.raw().execute(jobs).await
}
