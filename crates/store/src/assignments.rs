//! Assignment decisions: who got a ticket, and everybody's verdict. Kept for ever.

use baton_domain::event::By;
use baton_domain::id::{DecisionId, TeamId, TicketId, UserId};
use baton_domain::routing::{Policy, Trigger, Verdict};
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde_json::Value;

use crate::Tx;
use crate::error::{Error, Result};
use crate::statement::{sql, statement};

/// A decision as it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// The ticket.
    pub ticket: TicketId,
    /// The team whose rule it followed.
    pub team: TeamId,
    /// When.
    pub at: Timestamp,
    /// What made it be taken.
    pub trigger: Trigger,
    /// How the team chose.
    pub policy: Policy,
    /// The version of the team's rule.
    pub policy_version: i64,
    /// Who got it; nobody if it went back to the queue.
    pub chosen: Option<UserId>,
    /// How long the ticket had waited, in milliseconds.
    pub waited_ms: i64,
    /// Whether a hand assignment went beyond the person's limit.
    pub over_limit: bool,
    /// Who decided.
    pub by: By,
    /// Everybody's verdict.
    pub candidates: Vec<Verdict>,
}

statement! {
    /// New decisions.
    Insert {
        ids: Vec<DecisionId>, tickets: Vec<TicketId>, teams: Vec<TeamId>, triggers: Vec<Trigger>, policies: Vec<Policy>,
        versions: Vec<i64>, chosen: Vec<Option<UserId>>, waited: Vec<i64>, over_limit: Vec<bool>, by: Vec<Value>,
        candidates: Vec<Value>, at: jiff_diesel::Timestamp,
    } -> ()
    "insert into assignments (org_id, id, ticket_id, team_id, at, trigger, policy, policy_version, chosen, waited_ms,
        over_limit, by, candidates)
     select baton_org(), id, ticket_id, team_id, " [at: sql::Timestamptz] ", trigger, policy, version, chosen, waited,
        over_limit, by, candidates
     from unnest(" [ids: sql::Array<sql::Uuid>] ", " [tickets: sql::Array<sql::Uuid>] ", "
    [teams: sql::Array<sql::Uuid>] ", " [triggers: sql::Array<sql::Text>] ", " [policies: sql::Array<sql::Text>] ", "
    [versions: sql::Array<sql::BigInt>] ", " [chosen: sql::Array<sql::Nullable<sql::Uuid>>] ", "
    [waited: sql::Array<sql::BigInt>] ", " [over_limit: sql::Array<sql::Bool>] ", " [by: sql::Array<sql::Jsonb>] ", "
    [candidates: sql::Array<sql::Jsonb>] ")
        as n (id, ticket_id, team_id, trigger, policy, version, chosen, waited, over_limit, by, candidates)"
}

/// Stores decisions.
pub async fn insert(tx: &Tx, decisions: &[Decision]) -> Result<()> {
    if decisions.is_empty() {
        return Ok(());
    }
    let json = |value: std::result::Result<Value, serde_json::Error>| value.unwrap_or(Value::Null);
    let insert = Insert {
        ids: decisions.iter().map(|d| d.id).collect(),
        tickets: decisions.iter().map(|d| d.ticket).collect(),
        teams: decisions.iter().map(|d| d.team).collect(),
        triggers: decisions.iter().map(|d| d.trigger).collect(),
        policies: decisions.iter().map(|d| d.policy).collect(),
        versions: decisions.iter().map(|d| d.policy_version).collect(),
        chosen: decisions.iter().map(|d| d.chosen).collect(),
        waited: decisions.iter().map(|d| d.waited_ms).collect(),
        over_limit: decisions.iter().map(|d| d.over_limit).collect(),
        by: decisions.iter().map(|d| json(serde_json::to_value(&d.by))).collect(),
        candidates: decisions.iter().map(|d| json(serde_json::to_value(&d.candidates))).collect(),
        at: tx.now().to_diesel(),
    };
    tx.execute(insert).await.map(drop)
}

#[derive(Debug, Queryable)]
struct Row {
    id: DecisionId,
    ticket: TicketId,
    team: TeamId,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    at: Timestamp,
    trigger: Trigger,
    policy: Policy,
    policy_version: i64,
    chosen: Option<UserId>,
    waited_ms: i64,
    over_limit: bool,
    by: Value,
    candidates: Value,
}

statement! {
    /// The decisions of a ticket.
    OfTicket { ticket: TicketId, limit: i64 } -> (
        sql::Uuid, sql::Uuid, sql::Uuid, sql::Timestamptz, sql::Text, sql::Text, sql::BigInt, sql::Nullable<sql::Uuid>,
        sql::BigInt, sql::Bool, sql::Jsonb, sql::Jsonb
    )
    "select id, ticket_id, team_id, at, trigger, policy, policy_version, chosen, waited_ms, over_limit, by, candidates
     from assignments where ticket_id = " [ticket: sql::Uuid] " order by id desc limit " [limit: sql::BigInt]
}

/// The decisions of a ticket, the newest first.
pub async fn of_ticket(tx: &Tx, ticket: TicketId, limit: i64) -> Result<Vec<Decision>> {
    let rows: Vec<Row> = tx.rows(OfTicket { ticket, limit }).await?;
    rows.into_iter()
        .map(|row| {
            let broken = |e| Error::Internal(format!("decision {} cannot be read: {e}", row.id));
            Ok(Decision {
                id: row.id,
                ticket: row.ticket,
                team: row.team,
                at: row.at,
                trigger: row.trigger,
                policy: row.policy,
                policy_version: row.policy_version,
                chosen: row.chosen,
                waited_ms: row.waited_ms,
                over_limit: row.over_limit,
                by: serde_json::from_value(row.by).map_err(broken)?,
                candidates: serde_json::from_value(row.candidates).map_err(broken)?,
            })
        })
        .collect()
}
