//! Tickets: the state that rules decide on, the whole that screens show, and the lists.

use baton_domain::access::TicketScope;
use baton_domain::conversation::Counters;
use baton_domain::id::{TeamId, TicketId, UserId};
use baton_domain::sla::Clock;
use baton_domain::ticket::{Channel, Priority, QueueState, Status, TeamRef, TicketSnapshot, TicketState};
use baton_domain::user::{Person, Tier};
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};
use serde_json::Value;

use crate::Tx;
use crate::error::{Error, Result};
use crate::sla::read_clocks;
use crate::statement::{sql, statement};

mod list;

pub use list::{Key, ListQuery, Listed, Sort, list};

/// A ticket's state and what else a change of it needs.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Its id.
    pub id: TicketId,
    /// Its number in the organisation.
    pub number: i64,
    /// What rules decide on.
    pub state: TicketState,
    /// The version before the change.
    pub version: i64,
    /// Its clocks that are not over: what they promise is still to be done, or their breach to be told.
    pub clocks: Vec<Clock>,
}

#[derive(Debug, Queryable)]
struct StateRow {
    id: TicketId,
    subject: String,
    status: Status,
    priority: Priority,
    channel: Channel,
    team: TeamId,
    requester: UserId,
    assignee: Option<UserId>,
    units: i32,
    queue: QueueState,
    #[diesel(deserialize_as = NullableTimestamp)]
    eligible_at: Option<Timestamp>,
    #[diesel(deserialize_as = NullableTimestamp)]
    waiting_since: Option<Timestamp>,
    #[diesel(deserialize_as = NullableTimestamp)]
    resolved_at: Option<Timestamp>,
    #[diesel(deserialize_as = NullableTimestamp)]
    deleted_at: Option<Timestamp>,
    tags: Vec<String>,
    custom_fields: Value,
    version: i64,
    number: i64,
    tier: Tier,
    escalation_level: i16,
    clocks: Value,
}

impl StateRow {
    fn into_loaded(self) -> Result<Loaded> {
        let row = self;
        Ok(Loaded {
            id: row.id,
            number: row.number,
            version: row.version,
            clocks: read_clocks(row.clocks)?,
            state: TicketState {
                subject: row.subject,
                status: row.status,
                priority: row.priority,
                channel: row.channel,
                tier: row.tier,
                escalation_level: row.escalation_level,
                team: row.team,
                requester: row.requester,
                assignee: row.assignee,
                units: row.units,
                queue: row.queue,
                eligible_at: row.eligible_at,
                waiting_since: row.waiting_since,
                resolved_at: row.resolved_at,
                deleted_at: row.deleted_at,
                tags: row.tags,
                custom_fields: row.custom_fields,
            },
        })
    }
}

statement! {
    /// The states of tickets. Read under their conversations' locks when they are to be changed.
    Load { ids: Vec<TicketId> } -> (
        sql::Uuid, sql::Text, sql::Text, sql::Text, sql::Text, sql::Uuid, sql::Uuid, sql::Nullable<sql::Uuid>, sql::Integer,
        sql::Text, sql::Nullable<sql::Timestamptz>, sql::Nullable<sql::Timestamptz>, sql::Nullable<sql::Timestamptz>,
        sql::Nullable<sql::Timestamptz>, sql::Array<sql::Text>, sql::Jsonb, sql::BigInt, sql::BigInt, sql::Text, sql::SmallInt,
        sql::Jsonb
    )
    "select id, subject, status, priority, channel, team_id, requester_id, assignee_id, units, queue_state, eligible_at,
        waiting_since, resolved_at, deleted_at,
        array(select tag from ticket_tags g where g.org_id = t.org_id and g.ticket_id = t.id order by tag),
        custom_fields, version, number, tier, escalation_level,
        coalesce((select jsonb_agg(to_jsonb(clock) order by clock.started_at, clock.id) from sla_clocks clock
            where clock.org_id = t.org_id and clock.ticket_id = t.id
                and (clock.fire_at is not null or (clock.met_at is null and clock.state <> 'cancelled'))), '[]')
     from tickets t where id = any(" [ids: sql::Array<sql::Uuid>] ") and deleted_at is null"
}

/// A ticket's state; a deleted one is none.
pub async fn load(tx: &Tx, id: TicketId) -> Result<Option<Loaded>> {
    let row: Option<StateRow> = tx.row(Load { ids: vec![id] }).await?;
    row.map(StateRow::into_loaded).transpose()
}

/// The states of several tickets, in no order; deleted ones are missing.
pub async fn load_many(tx: &Tx, ids: Vec<TicketId>) -> Result<Vec<Loaded>> {
    let rows: Vec<StateRow> = tx.rows(Load { ids }).await?;
    rows.into_iter().map(StateRow::into_loaded).collect()
}

statement! {
    /// The next number of the organisation's tickets.
    NextNumber {} -> (sql::BigInt)
    "select baton_next_ticket_number()"
}

/// Draws a ticket number. One that is not used leaves a gap, which is allowed.
pub async fn next_number(tx: &Tx) -> Result<i64> {
    let (number,): (i64,) = tx.only(NextNumber {}).await?;
    Ok(number)
}

statement! {
    /// A new ticket, after its conversation.
    Insert {
        id: TicketId, number: i64, subject: String, status: Status, priority: Priority, channel: Channel, tier: Tier,
        team: TeamId, requester: UserId, queue: QueueState, eligible_at: Option<jiff_diesel::Timestamp>,
        waiting_since: Option<jiff_diesel::Timestamp>, sla_due_at: Option<jiff_diesel::Timestamp>, custom_fields: Value,
        follow_up_of: Option<TicketId>, at: jiff_diesel::Timestamp, tags: Vec<String>,
    } -> ()
    "with t as (insert into tickets (org_id, id, number, subject, status, priority, channel, tier, team_id, requester_id,
        queue_state, eligible_at, waiting_since, sla_due_at, custom_fields, follow_up_of, created_at, updated_at,
        public_updated_at)
     values (baton_org(), " [id: sql::Uuid] ", " [number: sql::BigInt] ", " [subject: sql::Text] ", " [status: sql::Text]
    ", " [priority: sql::Text] ", " [channel: sql::Text] ", " [tier: sql::Text] ", " [team: sql::Uuid] ", "
    [requester: sql::Uuid] ", " [queue: sql::Text] ", " [eligible_at: sql::Nullable<sql::Timestamptz>] ", "
    [waiting_since: sql::Nullable<sql::Timestamptz>] ", " [sla_due_at: sql::Nullable<sql::Timestamptz>] ", "
    [custom_fields: sql::Jsonb] ", "
    [follow_up_of: sql::Nullable<sql::Uuid>] ", " [at: sql::Timestamptz] ", " [at: sql::Timestamptz] ", "
    [at: sql::Timestamptz] ") returning org_id, id)
     insert into ticket_tags (org_id, ticket_id, tag)
        select org_id, id, tag from t, unnest(" [tags: sql::Array<sql::Text>] ") tag"
}

/// A ticket to store.
#[derive(Debug)]
pub struct NewTicket<'a> {
    /// Its id: its conversation's.
    pub id: TicketId,
    /// Its number.
    pub number: i64,
    /// Its state.
    pub state: &'a TicketState,
    /// When the first of its promises breaks.
    pub sla_due_at: Option<Timestamp>,
    /// The ticket it follows.
    pub follow_up_of: Option<TicketId>,
}

/// Stores a new ticket and its tags.
pub async fn insert(tx: &Tx, new: &NewTicket<'_>) -> Result<()> {
    let state = new.state;
    let insert = Insert {
        id: new.id,
        number: new.number,
        subject: state.subject.clone(),
        status: state.status,
        priority: state.priority,
        channel: state.channel,
        tier: state.tier,
        team: state.team,
        requester: state.requester,
        queue: state.queue,
        eligible_at: state.eligible_at.map(ToDiesel::to_diesel),
        waiting_since: state.waiting_since.map(ToDiesel::to_diesel),
        sla_due_at: new.sla_due_at.map(ToDiesel::to_diesel),
        custom_fields: state.custom_fields.clone(),
        follow_up_of: new.follow_up_of,
        at: tx.now().to_diesel(),
        tags: state.tags.clone(),
    };
    tx.execute(insert).await.map(drop)
}

statement! {
    /// The states that tickets change to; the version moves by one.
    Update {
        ids: Vec<TicketId>, subjects: Vec<String>, statuses: Vec<Status>, priorities: Vec<Priority>, tiers: Vec<Tier>,
        levels: Vec<i16>, teams: Vec<TeamId>,
        assignees: Vec<Option<UserId>>, units: Vec<i32>, queues: Vec<QueueState>,
        eligible: Vec<Option<jiff_diesel::Timestamp>>, waiting: Vec<Option<jiff_diesel::Timestamp>>,
        resolved: Vec<Option<jiff_diesel::Timestamp>>, deleted: Vec<Option<jiff_diesel::Timestamp>>,
        due: Vec<Option<jiff_diesel::Timestamp>>, custom_fields: Vec<Value>, public: Vec<bool>,
        at: jiff_diesel::Timestamp,
    } -> ()
    "update tickets t set subject = n.subject, status = n.status, priority = n.priority, tier = n.tier,
        escalation_level = n.escalation_level, team_id = n.team_id, assignee_id = n.assignee_id, units = n.units, queue_state = n.queue_state, eligible_at = n.eligible_at,
        waiting_since = n.waiting_since, resolved_at = n.resolved_at, deleted_at = n.deleted_at,
        sla_due_at = n.sla_due_at, custom_fields = n.custom_fields, version = t.version + 1, updated_at = " [at: sql::Timestamptz] ",
        public_updated_at = case when n.public then " [at: sql::Timestamptz] " else t.public_updated_at end
     from unnest(" [ids: sql::Array<sql::Uuid>] ", " [subjects: sql::Array<sql::Text>] ", "
    [statuses: sql::Array<sql::Text>] ", " [priorities: sql::Array<sql::Text>] ", " [tiers: sql::Array<sql::Text>] ", "
    [levels: sql::Array<sql::SmallInt>] ", " [teams: sql::Array<sql::Uuid>] ", "
    [assignees: sql::Array<sql::Nullable<sql::Uuid>>] ", " [units: sql::Array<sql::Integer>] ", "
    [queues: sql::Array<sql::Text>] ", " [eligible: sql::Array<sql::Nullable<sql::Timestamptz>>] ", "
    [waiting: sql::Array<sql::Nullable<sql::Timestamptz>>] ", " [resolved: sql::Array<sql::Nullable<sql::Timestamptz>>]
    ", " [deleted: sql::Array<sql::Nullable<sql::Timestamptz>>] ", " [due: sql::Array<sql::Nullable<sql::Timestamptz>>]
    ", " [custom_fields: sql::Array<sql::Jsonb>] ", "
    [public: sql::Array<sql::Bool>] ")
        as n (id, subject, status, priority, tier, escalation_level, team_id, assignee_id, units, queue_state, eligible_at,
            waiting_since, resolved_at, deleted_at, sla_due_at, custom_fields, public)
     where t.id = n.id"
}

/// A ticket's next state, and whether customers see that anything changed.
#[derive(Debug)]
pub struct NextState<'a> {
    /// Which.
    pub id: TicketId,
    /// What it becomes.
    pub state: &'a TicketState,
    /// When the first of its promises breaks, after the change.
    pub sla_due_at: Option<Timestamp>,
    /// Whether the change touches what customers see.
    pub public: bool,
}

/// Stores the next states of tickets whose locks are held. Each one's version moves by one.
pub async fn update(tx: &Tx, tickets: &[NextState<'_>]) -> Result<()> {
    let times = |of: fn(&TicketState) -> Option<Timestamp>| {
        tickets.iter().map(|n| of(n.state).map(ToDiesel::to_diesel)).collect()
    };
    let update = Update {
        ids: tickets.iter().map(|n| n.id).collect(),
        subjects: tickets.iter().map(|n| n.state.subject.clone()).collect(),
        statuses: tickets.iter().map(|n| n.state.status).collect(),
        priorities: tickets.iter().map(|n| n.state.priority).collect(),
        tiers: tickets.iter().map(|n| n.state.tier).collect(),
        levels: tickets.iter().map(|n| n.state.escalation_level).collect(),
        teams: tickets.iter().map(|n| n.state.team).collect(),
        assignees: tickets.iter().map(|n| n.state.assignee).collect(),
        units: tickets.iter().map(|n| n.state.units).collect(),
        queues: tickets.iter().map(|n| n.state.queue).collect(),
        eligible: times(|s| s.eligible_at),
        waiting: times(|s| s.waiting_since),
        resolved: times(|s| s.resolved_at),
        deleted: times(|s| s.deleted_at),
        due: tickets.iter().map(|n| n.sla_due_at.map(ToDiesel::to_diesel)).collect(),
        custom_fields: tickets.iter().map(|n| n.state.custom_fields.clone()).collect(),
        public: tickets.iter().map(|n| n.public).collect(),
        at: tx.now().to_diesel(),
    };
    tx.execute(update).await.map(drop)
}

statement! {
    /// Replaces a ticket's tags.
    ReplaceTags { id: TicketId, tags: Vec<String> } -> ()
    "with gone as (delete from ticket_tags where ticket_id = " [id: sql::Uuid] " and not tag = any("
    [tags: sql::Array<sql::Text>] "))
     insert into ticket_tags (org_id, ticket_id, tag)
        select baton_org(), " [id: sql::Uuid] ", tag from unnest(" [tags: sql::Array<sql::Text>] ") tag
        on conflict do nothing"
}

/// Replaces a ticket's tags.
pub async fn replace_tags(tx: &Tx, id: TicketId, tags: &[String]) -> Result<()> {
    tx.execute(ReplaceTags { id, tags: tags.to_vec() }).await.map(drop)
}

/// A ticket as it is read back.
#[derive(Debug, Queryable)]
pub(crate) struct SnapshotRow {
    id: TicketId,
    number: i64,
    subject: String,
    preview: String,
    status: Status,
    priority: Priority,
    channel: Channel,
    tier: Tier,
    escalation_level: i16,
    team: Value,
    requester: Value,
    assignee: Option<Value>,
    queue: QueueState,
    #[diesel(deserialize_as = NullableTimestamp)]
    eligible_at: Option<Timestamp>,
    #[diesel(deserialize_as = NullableTimestamp)]
    waiting_since: Option<Timestamp>,
    clocks: Value,
    tags: Vec<String>,
    custom_fields: Value,
    version: i64,
    seq: i64,
    public_seq: i64,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    last_message_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    last_reply_at: Timestamp,
    follow_up_of: Option<TicketId>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    updated_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    public_updated_at: Timestamp,
    #[diesel(deserialize_as = NullableTimestamp)]
    resolved_at: Option<Timestamp>,
    #[diesel(deserialize_as = NullableTimestamp)]
    deleted_at: Option<Timestamp>,
    read_seq: i64,
    read_public_seq: i64,
}

/// What is selected for a [`SnapshotRow`], from `t` (tickets) and `r` (the reader's mark).
pub(crate) const SNAPSHOT: &str = "t.id, t.number, t.subject, c.preview, t.status, t.priority, t.channel, t.tier, \
    t.escalation_level, jsonb_build_object('id', tm.id, 'slug', tm.slug, 'name', tm.name), \
    jsonb_build_object('id', q.id, 'name', q.name, 'email', q.email, 'role', q.role), \
    case when a.id is null then null \
        else jsonb_build_object('id', a.id, 'name', a.name, 'email', a.email, 'role', a.role) end, \
    t.queue_state, t.eligible_at, t.waiting_since, \
    coalesce((select jsonb_agg(to_jsonb(clock) order by clock.started_at, clock.id) from sla_clocks clock \
        where clock.org_id = t.org_id and clock.ticket_id = t.id), '[]'), \
    array(select tag from ticket_tags g where g.org_id = t.org_id and g.ticket_id = t.id order by tag), \
    t.custom_fields, t.version, c.last_seq, c.last_public_seq, c.last_message_at, c.last_reply_at, t.follow_up_of, \
    t.created_at, t.updated_at, t.public_updated_at, t.resolved_at, t.deleted_at, \
    coalesce(r.seq, 0), coalesce(r.public_seq, 0) ";

/// The joins that [`SNAPSHOT`] needs; the reader's id follows.
pub(crate) const JOINS: &str = " join conversations c on c.org_id = t.org_id and c.id = t.id \
    join teams tm on tm.org_id = t.org_id and tm.id = t.team_id \
    join users q on q.org_id = t.org_id and q.id = t.requester_id \
    left join users a on a.org_id = t.org_id and a.id = t.assignee_id \
    left join read_marks r on r.org_id = t.org_id and r.conversation_id = t.id and r.user_id = ";

pub(crate) type SnapshotColumns = (
    sql::Uuid,
    sql::BigInt,
    sql::Text,
    sql::Text,
    sql::Text,
    sql::Text,
    sql::Text,
    sql::Text,
    sql::SmallInt,
    sql::Jsonb,
    sql::Jsonb,
    sql::Nullable<sql::Jsonb>,
    sql::Text,
    sql::Nullable<sql::Timestamptz>,
    sql::Nullable<sql::Timestamptz>,
    sql::Jsonb,
    sql::Array<sql::Text>,
    sql::Jsonb,
    sql::BigInt,
    sql::BigInt,
    sql::BigInt,
    sql::Timestamptz,
    sql::Timestamptz,
    sql::Nullable<sql::Uuid>,
    sql::Timestamptz,
    sql::Timestamptz,
    sql::Timestamptz,
    sql::Nullable<sql::Timestamptz>,
    sql::Nullable<sql::Timestamptz>,
    sql::BigInt,
    sql::BigInt,
);

/// A ticket as one reader sees it: the whole, and how far they have read.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The ticket.
    pub ticket: TicketSnapshot,
    /// The reader's mark, for both audiences.
    pub read: Counters,
}

impl SnapshotRow {
    pub(crate) fn into_seen(self) -> Result<Seen> {
        let person = |value: Value| {
            serde_json::from_value::<Person>(value)
                .map_err(|e| Error::Internal(format!("a person cannot be read: {e}")))
        };
        let team: TeamRef =
            serde_json::from_value(self.team).map_err(|e| Error::Internal(format!("a team cannot be read: {e}")))?;
        let ticket = TicketSnapshot {
            id: self.id,
            number: self.number,
            subject: self.subject,
            preview: self.preview,
            status: self.status,
            priority: self.priority,
            channel: self.channel,
            tier: self.tier,
            escalation_level: self.escalation_level,
            team,
            requester: person(self.requester)?,
            assignee: self.assignee.map(person).transpose()?,
            queue: self.queue,
            eligible_at: self.eligible_at,
            waiting_since: self.waiting_since,
            clocks: read_clocks(self.clocks)?,
            tags: self.tags,
            custom_fields: self.custom_fields,
            version: self.version,
            counters: Counters { seq: self.seq, public_seq: self.public_seq },
            last_message_at: self.last_message_at,
            last_reply_at: self.last_reply_at,
            follow_up_of: self.follow_up_of,
            created_at: self.created_at,
            updated_at: self.updated_at,
            public_updated_at: self.public_updated_at,
            resolved_at: self.resolved_at,
            deleted_at: self.deleted_at,
        };
        Ok(Seen { ticket, read: Counters { seq: self.read_seq, public_seq: self.read_public_seq } })
    }
}

/// The whole of some tickets.
#[derive(Debug)]
struct Snapshots {
    ids: Vec<TicketId>,
    reader: UserId,
}

impl diesel::query_builder::QueryId for Snapshots {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl diesel::query_builder::Query for Snapshots {
    type SqlType = SnapshotColumns;
}

impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for Snapshots {
    fn walk_ast<'b>(
        &'b self,
        mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
    ) -> diesel::QueryResult<()> {
        out.push_sql("select ");
        out.push_sql(SNAPSHOT);
        out.push_sql(" from tickets t ");
        out.push_sql(JOINS);
        out.push_bind_param::<sql::Uuid, _>(&self.reader)?;
        out.push_sql(" where t.id = any(");
        out.push_bind_param::<sql::Array<sql::Uuid>, _>(&self.ids)?;
        out.push_sql(")");
        Ok(())
    }
}

/// The whole of some tickets, deleted ones too, in no order, with `reader`'s marks.
pub async fn snapshots(tx: &Tx, ids: Vec<TicketId>, reader: UserId) -> Result<Vec<Seen>> {
    let rows: Vec<SnapshotRow> = tx.rows(Snapshots { ids, reader }).await?;
    rows.into_iter().map(SnapshotRow::into_seen).collect()
}

/// The whole of one ticket, deleted or not, with `reader`'s mark.
pub async fn snapshot(tx: &Tx, id: TicketId, reader: UserId) -> Result<Option<Seen>> {
    Ok(snapshots(tx, vec![id], reader).await?.into_iter().next())
}

statement! {
    /// How many tickets wait before one in its queue's stored order.
    Before { id: TicketId } -> (sql::BigInt)
    "select count(*) from tickets t, tickets me
     where me.id = " [id: sql::Uuid] " and me.queue_state = 'waiting' and t.queue_state = 'waiting'
        and t.team_id = me.team_id and t.org_id = me.org_id
        and (t.priority_rank, coalesce(t.sla_due_at, 'infinity'), t.eligible_at, t.id)
            < (me.priority_rank, coalesce(me.sla_due_at, 'infinity'), me.eligible_at, me.id)"
}

statement! {
    /// A customer's tickets that are not over.
    ActiveOf { requester: UserId } -> (sql::Uuid)
    "select id from tickets where requester_id = " [requester: sql::Uuid] " and deleted_at is null
        and status in ('new', 'open', 'waiting', 'on_hold') order by id"
}

/// A customer's tickets that are not over.
pub async fn active_of(tx: &Tx, requester: UserId) -> Result<Vec<TicketId>> {
    let rows: Vec<(TicketId,)> = tx.rows(ActiveOf { requester }).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many tickets wait before this one: 0 for the next.
pub async fn waiting_before(tx: &Tx, id: TicketId) -> Result<i64> {
    let (count,): (i64,) = tx.only(Before { id }).await?;
    Ok(count)
}

/// Active tickets as the tabs count them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Queryable)]
pub struct Counts {
    /// Assigned to the reader.
    pub mine: i64,
    /// Waiting in the queues that the reader may know of: their teams', or all.
    pub team_queue: i64,
    /// Assigned to nobody.
    pub unassigned: i64,
    /// Waiting for staff to answer.
    pub waiting: i64,
    /// All of them.
    pub all: i64,
}

statement! {
    /// Counts of active tickets, for the tabs of one reader.
    Count { everything: bool, teams: Vec<TeamId>, user: UserId, requester: Option<UserId> } ->
        (sql::BigInt, sql::BigInt, sql::BigInt, sql::BigInt, sql::BigInt)
    "select count(*) filter (where assignee_id = " [user: sql::Uuid] "),
        count(*) filter (where queue_state = 'waiting' and (" [everything: sql::Bool] " or team_id = any("
    [teams: sql::Array<sql::Uuid>] "))),
        count(*) filter (where assignee_id is null),
        count(*) filter (where waiting_since is not null),
        count(*)
     from tickets
     where deleted_at is null and status in ('new', 'open', 'waiting', 'on_hold')
        and (" [everything: sql::Bool] " or team_id = any(" [teams: sql::Array<sql::Uuid>] ") or assignee_id = "
    [user: sql::Uuid] " or requester_id = " [requester: sql::Nullable<sql::Uuid>] ")"
}

/// Counts the active tickets that `scope` reaches.
pub async fn counts(tx: &Tx, scope: &TicketScope, reader: UserId) -> Result<Counts> {
    let count = match scope {
        TicketScope::All => Count { everything: true, teams: Vec::new(), user: reader, requester: None },
        TicketScope::Teams { teams, user } => {
            Count { everything: false, teams: teams.clone(), user: *user, requester: None }
        }
        TicketScope::Requester(user) => {
            Count { everything: false, teams: Vec::new(), user: *user, requester: Some(*user) }
        }
    };
    tx.only(count).await
}
