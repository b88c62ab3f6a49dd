//! Policies in their versions, and the clocks of tickets, each with its timer.

use baton_domain::id::{OrgId, PolicyId, TicketId};
use baton_domain::sla::{Clock, Policy};
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::statement::{sql, statement};
use crate::{SystemTx, Tx};

#[derive(Debug, Queryable)]
struct PolicyRow {
    id: PolicyId,
    version: i64,
    name: String,
    position: i32,
    rule: Value,
}

impl PolicyRow {
    fn into_policy(self) -> Result<Policy> {
        let broken = |e| Error::Internal(format!("policy {} cannot be read: {e}", self.id));
        Ok(Policy {
            rule: serde_json::from_value(self.rule).map_err(broken)?,
            id: self.id,
            version: self.version,
            name: self.name,
            position: self.position,
        })
    }
}

macro_rules! policy_query {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? } $($rest:tt)+) => {
        statement! {
            $(#[$meta])*
            $name { $($field: $type),* } -> (sql::Uuid, sql::BigInt, sql::Text, sql::Integer, sql::Jsonb)
            "select id, version, name, position, rule from sla_policies "
            $($rest)+
        }
    };
}

policy_query! {
    /// The policies that count now.
    Current {}
    "where current order by is_default, position, id"
}

/// The policies that count now, in their order, the default last.
pub async fn current(tx: &Tx) -> Result<Vec<Policy>> {
    let rows: Vec<PolicyRow> = tx.rows(Current {}).await?;
    rows.into_iter().map(PolicyRow::into_policy).collect()
}

policy_query! {
    /// Every version of some policies.
    Versions { ids: Vec<PolicyId> }
    "where id = any(" [ids: sql::Array<sql::Uuid>] ") order by id, version desc"
}

/// Every version of some policies, of each the newest first.
pub async fn versions(tx: &Tx, ids: Vec<PolicyId>) -> Result<Vec<Policy>> {
    let rows: Vec<PolicyRow> = tx.rows(Versions { ids }).await?;
    rows.into_iter().map(PolicyRow::into_policy).collect()
}

statement! {
    /// Takes the right to change policies, until the transaction ends: their order and their default are theirs together.
    LockPolicies { name: String } -> (sql::Bool)
    "select pg_advisory_xact_lock(hashtextextended(" [name: sql::Text] ", 0)) is not null"
}

/// Takes the right to change the organisation's policies.
pub async fn lock_policies(tx: &Tx) -> Result<()> {
    let _: (bool,) = tx.only(LockPolicies { name: format!("sla policies {}", tx.org()) }).await?;
    Ok(())
}

statement! {
    /// The version that counted counts no more.
    Retire { id: PolicyId } -> ()
    "update sla_policies set current = false where id = " [id: sql::Uuid] " and current"
}

/// Takes a policy out of the order: it promises nothing new. `false` if it was not in it.
pub async fn retire(tx: &Tx, id: PolicyId) -> Result<bool> {
    Ok(tx.execute(Retire { id }).await? > 0)
}

statement! {
    /// A version of a policy that counts from now.
    InsertVersion {
        id: PolicyId, version: i64, name: String, position: i32, rule: Value, is_default: bool, at: jiff_diesel::Timestamp,
    } -> ()
    "insert into sla_policies (org_id, id, version, name, position, rule, is_default, current, created_at)
     values (baton_org(), " [id: sql::Uuid] ", " [version: sql::BigInt] ", " [name: sql::Text] ", "
    [position: sql::Integer] ", " [rule: sql::Jsonb] ", " [is_default: sql::Bool] ", true, " [at: sql::Timestamptz] ")"
}

/// Stores a version that counts from now; the one before is retired already. [`Error::Taken`] when it is a second
/// default.
pub async fn insert_version(tx: &Tx, policy: &Policy) -> Result<()> {
    let insert = InsertVersion {
        id: policy.id,
        version: policy.version,
        name: policy.name.clone(),
        position: policy.position,
        rule: serde_json::to_value(&policy.rule).unwrap_or(Value::Null),
        is_default: policy.rule.is_default(),
        at: tx.now().to_diesel(),
    };
    tx.execute(insert).await.map(drop)
}

statement! {
    /// Clocks as they are now. The columns are the members of the rows.
    Save { rows: Value } -> ()
    "insert into sla_clocks select * from jsonb_populate_recordset(null::sla_clocks, " [rows: sql::Jsonb]
    ") on conflict (org_id, ticket_id, id) do update set state = excluded.state, due_at = excluded.due_at,
        target_ms = excluded.target_ms, warn_lead_ms = excluded.warn_lead_ms, warned_at = excluded.warned_at,
        paused_at = excluded.paused_at, paused_ms = excluded.paused_ms, met_at = excluded.met_at,
        breached_at = excluded.breached_at, detected_at = excluded.detected_at, fire_at = excluded.fire_at,
        policy_id = excluded.policy_id, policy_version = excluded.policy_version, policy_name = excluded.policy_name"
}

/// Stores clocks of tickets whose locks are held, new ones and changed ones.
pub async fn save(tx: &Tx, clocks: &[(TicketId, Clock)]) -> Result<()> {
    if clocks.is_empty() {
        return Ok(());
    }
    let row = |(ticket, clock): &(TicketId, Clock)| {
        let mut row = serde_json::to_value(clock).map_err(|e| Error::Internal(e.to_string()))?;
        if let Some(members) = row.as_object_mut() {
            members.insert("org_id".to_owned(), tx.org().to_string().into());
            members.insert("ticket_id".to_owned(), ticket.to_string().into());
        }
        Ok(row)
    };
    let rows = clocks.iter().map(row).collect::<Result<Vec<_>>>()?;
    tx.execute(Save { rows: Value::Array(rows) }).await.map(drop)
}

/// Clocks as they were selected: a JSON array of rows.
pub(crate) fn read_clocks(rows: Value) -> Result<Vec<Clock>> {
    serde_json::from_value(rows).map_err(|e| Error::Internal(format!("a clock cannot be read: {e}")))
}

statement! {
    /// Tickets with something due, the longest due first.
    Due { now: jiff_diesel::Timestamp, limit: i64 } -> (sql::Uuid, sql::Uuid)
    "select org_id, ticket_id from sla_clocks where fire_at <= " [now: sql::Timestamptz] " order by fire_at limit "
    [limit: sql::BigInt]
}

/// Up to `limit` tickets of all organisations with something due, the longest due first; a ticket may be named twice.
pub async fn due(tx: &SystemTx, limit: i64) -> Result<Vec<(OrgId, TicketId)>> {
    tx.raw().rows(Due { now: tx.now().to_diesel(), limit }).await
}

statement! {
    /// How much is due, and since when.
    Waiting { now: jiff_diesel::Timestamp, limit: i64 } -> (sql::BigInt, sql::Nullable<sql::Timestamptz>)
    "select count(*), min(fire_at) from (select fire_at from sla_clocks where fire_at <= " [now: sql::Timestamptz]
    " order by fire_at limit " [limit: sql::BigInt] ") due"
}

/// How many timers are due, counted up to `bound`, and since when the oldest is.
pub async fn backlog(tx: &SystemTx, bound: i64) -> Result<(i64, Option<Timestamp>)> {
    let waiting = Waiting { now: tx.now().to_diesel(), limit: bound };
    let (due, oldest): (i64, NullableTimestamp) = tx.raw().only(waiting).await?;
    Ok((due, oldest.to_jiff()))
}
