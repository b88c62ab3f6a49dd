//! Lists of tickets: any filter, any sort, the first page in the same time however many there are.
//!
//! Every ticket is in one team and one status, and each of the sort indexes begins with these two.
//! So a list reads the first rows of each (team, status) in question along its index and merges
//! them: work grows with teams × page, not with tickets. The other filters thin out what is read.

use baton_domain::access::TicketScope;
use baton_domain::id::{TeamId, TicketId, UserId};
use baton_domain::ticket::{Priority, QueueState, Status};
use diesel::Queryable;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use super::{JOINS, SNAPSHOT, Seen, SnapshotColumns, SnapshotRow};
use crate::Tx;
use crate::error::Result;
use crate::statement::sql;

/// What a list is ordered by; ties by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Last change that the reader sees.
    UpdatedAt,
    /// Opening.
    CreatedAt,
    /// Priority, the most urgent first.
    Priority,
    /// The next promise, what has none last.
    SlaDueAt,
    /// The oldest unanswered message, what has none last.
    WaitingSince,
}

impl Sort {
    fn column(self, public: bool) -> (&'static str, &'static str) {
        match self {
            Self::UpdatedAt if public => ("t.public_updated_at", "timestamptz"),
            Self::UpdatedAt => ("t.updated_at", "timestamptz"),
            Self::CreatedAt => ("t.created_at", "timestamptz"),
            Self::Priority => ("t.priority_rank", "smallint"),
            Self::SlaDueAt => ("coalesce(t.sla_due_at, 'infinity')", "timestamptz"),
            Self::WaitingSince => ("coalesce(t.waiting_since, 'infinity')", "timestamptz"),
        }
    }
}

/// Where a page ended: the sort's value, as Postgres prints it, and the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The sort's value.
    pub value: String,
    /// The last ticket.
    pub id: TicketId,
}

/// What to list.
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// What the reader may know of.
    pub scope: TicketScope,
    /// Whose read marks come along.
    pub reader: UserId,
    /// Only these statuses; empty for all.
    pub statuses: Vec<Status>,
    /// Only these priorities; empty for all.
    pub priorities: Vec<Priority>,
    /// Only these teams; empty for all.
    pub teams: Vec<TeamId>,
    /// Only those assigned to one of these; empty for all.
    pub assignees: Vec<UserId>,
    /// Only those assigned to nobody (together with `assignees`: or to nobody).
    pub unassigned: bool,
    /// Only those asked by one of these; empty for all.
    pub requesters: Vec<UserId>,
    /// Only those with one of these tags; empty for all.
    pub tags: Vec<String>,
    /// Only those whose wait is in one of these states; empty for all.
    pub queues: Vec<QueueState>,
    /// Only those whose customer does, or does not, wait for an answer.
    pub unanswered: Option<bool>,
    /// Only those that were, or were not, escalated.
    pub escalated: Option<bool>,
    /// Only those opened at or after this.
    pub from: Option<Timestamp>,
    /// Only those opened before this.
    pub to: Option<Timestamp>,
    /// Only those whose subject holds this text, or whose number it is.
    pub text: Option<String>,
    /// What to order by.
    pub sort: Sort,
    /// Turned: the largest value first.
    pub descending: bool,
    /// Go on after here.
    pub after: Option<Key>,
    /// Most rows.
    pub limit: i64,
}

/// One row of a list, and where the page would go on after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The ticket.
    pub seen: Seen,
    /// Its place in the order.
    pub key: Key,
}

/// Which teams' tickets a way into the table reaches.
#[derive(Clone, Copy)]
enum Within<'a> {
    /// Every team's.
    All,
    /// These teams'.
    Teams(&'a Vec<TeamId>),
    /// Those of a person in all other teams.
    OutsideOf { teams: &'a Vec<TeamId>, user: &'a UserId },
}

struct Statement {
    query: ListQuery,
    statuses: Vec<Status>,
    pattern: Option<String>,
    number: Option<i64>,
    from: Option<jiff_diesel::Timestamp>,
    to: Option<jiff_diesel::Timestamp>,
}

impl QueryId for Statement {
    type QueryId = ();
    /// The text varies; diesel caches it by the text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = (SnapshotColumns, sql::Text);
}

impl Statement {
    fn new(query: ListQuery) -> Self {
        let mut statuses = if query.statuses.is_empty() { Status::ALL.to_vec() } else { query.statuses.clone() };
        if query.queues == [QueueState::Waiting] {
            // No other ticket waits in a queue.
            statuses.retain(|status| matches!(status, Status::New | Status::Open));
        }
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Self {
            statuses,
            pattern: query.text.as_deref().map(|text| format!("%{}%", escaped(text))),
            number: query.text.as_deref().and_then(|text| text.trim_start_matches('#').parse().ok()),
            from: query.from.map(ToDiesel::to_diesel),
            to: query.to.map(ToDiesel::to_diesel),
            query,
        }
    }

    /// The rows of one way into the table, in order, cut to the page.
    fn branch<'b>(
        &'b self,
        out: &mut AstPass<'_, 'b, Pg>,
        entry: impl FnOnce(&mut AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()>,
    ) -> diesel::QueryResult<()> {
        let (column, kind) = self.column();
        let direction = if self.query.descending { " desc" } else { "" };
        out.push_sql("select t.id, ");
        out.push_sql(column);
        out.push_sql(" as k from tickets t where t.deleted_at is null and ");
        entry(out)?;
        self.filters(out)?;
        if let Some(after) = &self.query.after {
            out.push_sql(" and (");
            out.push_sql(column);
            out.push_sql(if self.query.descending { ", t.id) < (" } else { ", t.id) > (" });
            out.push_bind_param::<sql::Text, _>(&after.value)?;
            out.push_sql("::text::");
            out.push_sql(kind);
            out.push_sql(", ");
            out.push_bind_param::<sql::Uuid, _>(&after.id)?;
            out.push_sql(")");
        }
        out.push_sql(" order by ");
        out.push_sql(column);
        out.push_sql(direction);
        out.push_sql(", t.id");
        out.push_sql(direction);
        out.push_sql(" limit ");
        out.push_bind_param::<sql::BigInt, _>(&self.query.limit)
    }

    fn only_waiting(&self) -> bool {
        self.query.queues == [QueueState::Waiting]
    }

    fn column(&self) -> (&'static str, &'static str) {
        self.query.sort.column(matches!(self.query.scope, TicketScope::Requester(_)))
    }

    fn filters<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()> {
        let query = &self.query;
        if !query.priorities.is_empty() {
            out.push_sql(" and t.priority = any(");
            out.push_bind_param::<sql::Array<sql::Text>, _>(&query.priorities)?;
            out.push_sql(")");
        }
        match (query.assignees.is_empty(), query.unassigned) {
            (true, false) => {}
            (true, true) => out.push_sql(" and t.assignee_id is null"),
            // Alone, a person's tickets are an index' own order.
            (false, false) if let [assignee] = query.assignees.as_slice() => {
                out.push_sql(" and t.assignee_id = ");
                out.push_bind_param::<sql::Uuid, _>(assignee)?;
            }
            (false, or_nobody) => {
                out.push_sql(" and (t.assignee_id = any(");
                out.push_bind_param::<sql::Array<sql::Uuid>, _>(&query.assignees)?;
                out.push_sql(if or_nobody { ") or t.assignee_id is null)" } else { "))" });
            }
        }
        if !query.requesters.is_empty() {
            out.push_sql(" and t.requester_id = any(");
            out.push_bind_param::<sql::Array<sql::Uuid>, _>(&query.requesters)?;
            out.push_sql(")");
        }
        if !query.tags.is_empty() {
            out.push_sql(
                " and exists (select 1 from ticket_tags g where g.org_id = t.org_id and g.ticket_id = t.id and g.tag = any(",
            );
            out.push_bind_param::<sql::Array<sql::Text>, _>(&query.tags)?;
            out.push_sql("))");
        }
        if self.only_waiting() {
            // In the words of the indexes of what nobody has, and of what waits.
            out.push_sql(" and t.assignee_id is null and t.queue_state = 'waiting'");
        } else if !query.queues.is_empty() {
            out.push_sql(" and t.queue_state = any(");
            out.push_bind_param::<sql::Array<sql::Text>, _>(&query.queues)?;
            out.push_sql(")");
        }
        match query.unanswered {
            Some(true) => out.push_sql(" and t.waiting_since is not null"),
            Some(false) => out.push_sql(" and t.waiting_since is null"),
            None => {}
        }
        match query.escalated {
            Some(true) => out.push_sql(" and t.escalation_level > 0"),
            Some(false) => out.push_sql(" and t.escalation_level = 0"),
            None => {}
        }
        if let Some(from) = &self.from {
            out.push_sql(" and t.created_at >= ");
            out.push_bind_param::<sql::Timestamptz, _>(from)?;
        }
        if let Some(to) = &self.to {
            out.push_sql(" and t.created_at < ");
            out.push_bind_param::<sql::Timestamptz, _>(to)?;
        }
        if let Some(pattern) = &self.pattern {
            out.push_sql(" and (t.subject ilike ");
            out.push_bind_param::<sql::Text, _>(pattern)?;
            out.push_sql(" or t.number = ");
            out.push_bind_param::<sql::Nullable<sql::BigInt>, _>(&self.number)?;
            out.push_sql(")");
        }
        Ok(())
    }

    fn statuses_are<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()> {
        out.push_sql(" and t.status = any(");
        out.push_bind_param::<sql::Array<sql::Text>, _>(&self.statuses)?;
        out.push_sql(")");
        Ok(())
    }

    fn teams_are<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()> {
        if self.query.teams.is_empty() {
            return Ok(());
        }
        out.push_sql(" and t.team_id = any(");
        out.push_bind_param::<sql::Array<sql::Uuid>, _>(&self.query.teams)?;
        out.push_sql(")");
        Ok(())
    }

    /// Every (team, status), each along its index.
    fn by_team<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>, within: Within<'b>) -> diesel::QueryResult<()> {
        out.push_sql("select l.id, l.k from teams tm cross join unnest(");
        out.push_bind_param::<sql::Array<sql::Text>, _>(&self.statuses)?;
        out.push_sql(") s (status) cross join lateral (");
        self.branch(out, |out| {
            out.push_sql("t.org_id = tm.org_id and t.team_id = tm.id and t.status = s.status");
            if let Within::OutsideOf { user, .. } = within {
                out.push_sql(" and t.assignee_id = ");
                out.push_bind_param::<sql::Uuid, _>(user)?;
            }
            Ok(())
        })?;
        out.push_sql(") l where true");
        let mut among = |found, teams| {
            out.push_sql(found);
            out.push_bind_param::<sql::Array<sql::Uuid>, _>(teams)?;
            out.push_sql(")");
            diesel::QueryResult::Ok(())
        };
        match within {
            Within::All => {}
            Within::Teams(teams) => among(" and tm.id = any(", teams)?,
            Within::OutsideOf { teams, .. } => among(" and not tm.id = any(", teams)?,
        }
        if !self.query.teams.is_empty() {
            among(" and tm.id = any(", &self.query.teams)?;
        }
        Ok(())
    }

    /// The ways into the table that together reach what the reader may know of, without overlap.
    fn page<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()> {
        match &self.query.scope {
            TicketScope::All => self.by_team(out, Within::All),
            TicketScope::Teams { teams, user } => {
                self.by_team(out, Within::Teams(teams))?;
                out.push_sql(" union all ");
                self.by_team(out, Within::OutsideOf { teams, user })
            }
            TicketScope::Requester(user) => self.branch(out, |out| {
                out.push_sql("t.requester_id = ");
                out.push_bind_param::<sql::Uuid, _>(user)?;
                self.teams_are(out)?;
                self.statuses_are(out)
            }),
        }
    }
}

impl QueryFragment<Pg> for Statement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()> {
        let direction = if self.query.descending { " desc" } else { "" };
        out.push_sql("with page as materialized (select id, k from (");
        self.page(&mut out)?;
        out.push_sql(") merged order by k");
        out.push_sql(direction);
        out.push_sql(", id");
        out.push_sql(direction);
        out.push_sql(" limit ");
        out.push_bind_param::<sql::BigInt, _>(&self.query.limit)?;
        out.push_sql(") select ");
        out.push_sql(SNAPSHOT);
        out.push_sql(", page.k::text from page join tickets t on t.id = page.id ");
        out.push_sql(JOINS);
        out.push_bind_param::<sql::Uuid, _>(&self.query.reader)?;
        out.push_sql(" order by page.k");
        out.push_sql(direction);
        out.push_sql(", page.id");
        out.push_sql(direction);
        Ok(())
    }
}

#[derive(Debug, Queryable)]
struct Row {
    snapshot: SnapshotRow,
    key: String,
}

/// A page of tickets.
pub async fn list(tx: &Tx, query: ListQuery) -> Result<Vec<Listed>> {
    let rows: Vec<Row> = tx.rows(Statement::new(query)).await?;
    rows.into_iter()
        .map(|row| {
            let seen = row.snapshot.into_seen()?;
            let key = Key { value: row.key, id: seen.ticket.id };
            Ok(Listed { seen, key })
        })
        .collect()
}
