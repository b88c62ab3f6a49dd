//! First answers to requests that carry an `Idempotency-Key`.

use baton_domain::id::UserId;
use diesel::Queryable;
use jiff_diesel::ToDiesel;
use serde_json::Value;

use crate::Tx;
use crate::error::Result;
use crate::statement::{sql, statement};

/// What a key stands for.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Who asks.
    pub user: UserId,
    /// `POST`.
    pub method: String,
    /// The request's path.
    pub path: String,
    /// The client's key.
    pub key: String,
}

statement! {
    /// The right to be the one that answers, until the transaction ends.
    TryLock { name: String } -> (sql::Bool)
    "select pg_try_advisory_xact_lock(hashtextextended(" [name: sql::Text] ", 0))"
}

/// Takes the key for the rest of the transaction; `false` while a twin holds it.
pub async fn try_lock(tx: &Tx, scope: &Scope) -> Result<bool> {
    let name = format!("idempotency {} {} {} {} {}", tx.org(), scope.user, scope.method, scope.path, scope.key);
    let (locked,): (bool,) = tx.only(TryLock { name }).await?;
    Ok(locked)
}

/// A first answer.
#[derive(Debug, Queryable)]
pub struct Answer {
    /// SHA-256 of the body it answered.
    pub body_hash: Vec<u8>,
    /// What it said.
    pub answer: Value,
}

statement! {
    /// The first answer to a key, for 24 hours.
    Find { user: UserId, method: String, path: String, key: String, since: jiff_diesel::Timestamp } -> (sql::Binary, sql::Jsonb)
    "select body_hash, answer from idempotency_keys where user_id = " [user: sql::Uuid] " and method = "
    [method: sql::Text] " and path = " [path: sql::Text] " and key = " [key: sql::Text] " and created_at > "
    [since: sql::Timestamptz]
}

/// The first answer to a key, if it was given within the last 24 hours.
pub async fn find(tx: &Tx, scope: &Scope) -> Result<Option<Answer>> {
    let scope = scope.clone();
    let since = (tx.now() - jiff::SignedDuration::from_hours(24)).to_diesel();
    tx.row(Find { user: scope.user, method: scope.method, path: scope.path, key: scope.key, since }).await
}

statement! {
    /// A first answer; it takes the place of one that outlived its day.
    Insert {
        user: UserId, method: String, path: String, key: String, body_hash: Vec<u8>, answer: Value, at: jiff_diesel::Timestamp,
    } -> ()
    "insert into idempotency_keys (org_id, user_id, method, path, key, body_hash, answer, created_at)
     values (baton_org(), " [user: sql::Uuid] ", " [method: sql::Text] ", " [path: sql::Text] ", " [key: sql::Text] ", "
    [body_hash: sql::Binary] ", " [answer: sql::Jsonb] ", " [at: sql::Timestamptz] ")
     on conflict (org_id, user_id, method, path, key) do update
        set body_hash = excluded.body_hash, answer = excluded.answer, created_at = excluded.created_at"
}

/// Stores a first answer in the transaction that gave it.
pub async fn insert(tx: &Tx, scope: &Scope, body_hash: Vec<u8>, answer: Value) -> Result<()> {
    let scope = scope.clone();
    let insert = Insert {
        user: scope.user,
        method: scope.method,
        path: scope.path,
        key: scope.key,
        body_hash,
        answer,
        at: tx.now().to_diesel(),
    };
    tx.execute(insert).await.map(drop)
}
