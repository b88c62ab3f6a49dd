//! Tickets: opening, finding, changing, handing over.

use baton_domain::access::{Permission, rights};
use baton_domain::conversation::{self, Counters, Message, MessageKind};
use baton_domain::event::{self, Fact, MessageEffect};
use baton_domain::id::{EventId, TeamId, TicketId, UserId};
use baton_domain::limits::{self, Checks};
use baton_domain::routing::{self, Trigger, Verdict};
use baton_domain::sla::{Clock, next_due};
use baton_domain::ticket::{Channel, NewTicket, Priority, QueueState, Status, TicketSnapshot, TicketState, unit_moves};
use baton_domain::user::{Person, Tier};
use baton_domain::wake::Wake;
use baton_store::tickets::{self, Listed, Loaded, Seen};
use baton_store::{
    Db, Tx, assignments, conversations, events as event_rows, feed, sla as policy_rows, staff, teams,
    users as user_rows,
};
use serde::{Deserialize, Serialize};

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::events::{Source, event, of_ticket};
use crate::idempotency;
use crate::ids::new_id;
use crate::routing::outlook;
use crate::{sla, users};

mod saving;

pub use baton_store::tickets::{Counts, Key, ListQuery, Sort};
pub(crate) use saving::{Change, Next, save_all, save_change};

/// A ticket as one reader sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketView {
    /// The whole ticket.
    pub ticket: TicketSnapshot,
    /// How far the reader has read, for both audiences.
    pub read: Counters,
    /// How many wait before it in its queue, while it waits.
    pub waiting_before: Option<i64>,
    /// A forecast of its wait; also `None` when that was not worked out.
    pub expected_wait_seconds: Option<i64>,
}

/// Who asks, when staff open a ticket for a customer.
#[derive(Debug, Clone)]
pub struct Requester {
    /// Address.
    pub email: String,
    /// Name, for somebody new.
    pub name: Option<String>,
    /// Tier, for somebody new.
    pub tier: Option<Tier>,
}

/// A ticket to open.
#[derive(Debug, Clone)]
pub struct OpenTicket {
    /// What it is about.
    pub subject: String,
    /// Its first message, by the requester.
    pub body: Option<String>,
    /// How urgent.
    pub priority: Priority,
    /// How it comes in; a customer's comes in by portal, staff's by hand, unless it says.
    pub channel: Option<Channel>,
    /// The team it goes to, by slug or id; the organisation's default if none.
    pub team: Option<String>,
    /// For whom; a customer opens for themselves.
    pub requester: Option<Requester>,
    /// Labels.
    pub tags: Vec<String>,
    /// The organisation's own fields: a JSON object.
    pub custom_fields: serde_json::Value,
    /// The closed ticket that this one follows.
    pub follow_up_of: Option<TicketId>,
}

fn check_open(can: &Can<rights::TicketsCreate>, open: &OpenTicket) -> Result<()> {
    let mut checks = Checks::new();
    checks.text("/subject", &open.subject, limits::SUBJECT_CHARS);
    if let Some(body) = &open.body {
        checks.text("/body", body, limits::BODY_CHARS);
    }
    check_tags(&mut checks, &open.tags);
    check_custom_fields(&mut checks, &open.custom_fields);
    if !can.actor().role.is_staff() {
        checks
            .require(open.tags.is_empty(), "/tags", "is for staff to set")
            .require(open.custom_fields == serde_json::json!({}), "/custom_fields", "is for staff to set")
            .require(
                matches!(open.channel, None | Some(Channel::Portal | Channel::Widget | Channel::Api)),
                "/channel",
                "must be portal, widget or api for a customer",
            );
    }
    match &open.requester {
        Some(requester) => {
            if !can.actor().may(Permission::TicketsCreateFor) {
                return Err(Error::Forbidden(Permission::TicketsCreateFor));
            }
            checks.email("/requester/email", &requester.email);
            if let Some(name) = &requester.name {
                checks.optional_text("/requester/name", name, limits::NAME_CHARS);
            }
        }
        None => {
            checks.require(!can.actor().role.is_staff(), "/requester", "is needed: for whom is this ticket?");
        }
    }
    Ok(checks.finish()?)
}

fn check_tags(checks: &mut Checks, tags: &[String]) {
    checks.require(tags.len() <= limits::TAGS, "/tags", format!("at most {} tags are allowed", limits::TAGS));
    for (index, tag) in tags.iter().enumerate() {
        checks.text(&format!("/tags/{index}"), tag, limits::TAG_CHARS);
    }
}

fn check_custom_fields(checks: &mut Checks, fields: &serde_json::Value) {
    checks.require(fields.is_object(), "/custom_fields", "must be an object");
    let text = fields.to_string();
    checks.require(
        text.len() <= limits::CUSTOM_FIELDS_BYTES,
        "/custom_fields",
        format!("must be at most {} bytes of JSON", limits::CUSTOM_FIELDS_BYTES),
    );
    checks.require(!text.contains("\\u0000"), "/custom_fields", "must not contain the NUL character");
}

/// Opens a ticket: in its team's queue, its first message stored, in one commit.
pub async fn open(can: &Can<rights::TicketsCreate>, db: &Db, open: OpenTicket) -> Result<TicketView> {
    check_open(can, &open)?;
    let actor = can.actor();
    let tx = db.checkout("open_ticket", actor.org).await?;
    let ((), team, own, number, policies) = futures::try_join!(
        async { Ok(tx.start().await?) },
        team_of(&tx, open.team.as_deref()),
        async { Ok(user_rows::by_id(&tx, actor.user).await?) },
        async { Ok(tickets::next_number(&tx).await?) },
        async { Ok(policy_rows::current(&tx).await?) },
    )?;
    if let Some(first) = idempotency::recall(&tx, can.ctx()).await? {
        return Ok(first);
    }
    let requester = match &open.requester {
        Some(r) => users::customer_of(&tx, &r.email, r.name.as_deref(), r.tier).await?,
        None => own.ok_or(Error::NotFound("user"))?,
    };
    check_follow_up(can, &tx, open.follow_up_of).await?;
    let default_channel = if actor.role.is_staff() { Channel::Manual } else { Channel::Portal };
    let state = TicketState::open(
        NewTicket {
            subject: open.subject.trim().to_owned(),
            priority: open.priority,
            channel: open.channel.unwrap_or(default_channel),
            tier: requester.tier,
            team: team.id,
            requester: requester.id,
            tags: open.tags,
            custom_fields: open.custom_fields,
        },
        tx.now(),
    );
    let clocks = sla::begin(&tx, &policies, &state);
    let new = tickets::NewTicket {
        id: new_id(),
        number,
        state: &state,
        sla_due_at: next_due(&clocks),
        follow_up_of: open.follow_up_of,
    };
    let first = open.body.map(|body| first_message(&tx, new.id, &requester, body));
    let view = store_opened(can, &tx, &new, clocks, first).await?;
    idempotency::remember(&tx, can.ctx(), &view).await?;
    tx.wake(Wake::Queue(tx.org(), team.id));
    tx.commit().await?;
    Ok(view)
}

/// The team that a new ticket names, or the default one.
async fn team_of(tx: &Tx, reference: Option<&str>) -> Result<teams::Team> {
    match reference {
        Some(reference) => {
            teams::find(tx, reference).await?.ok_or_else(|| Error::invalid("/team", "is no team's slug or id"))
        }
        None => {
            teams::default_team(tx).await?.ok_or_else(|| Error::invalid("/team", "is needed: there is no default team"))
        }
    }
}

async fn check_follow_up(can: &Can<rights::TicketsCreate>, tx: &Tx, follow_up_of: Option<TicketId>) -> Result<()> {
    let Some(earlier) = follow_up_of else { return Ok(()) };
    let found = tickets::load(tx, earlier).await?;
    match found {
        Some(found) if can.actor().sees(&found.state.place()) => Ok(()),
        _ => Err(Error::invalid("/follow_up_of", "is no ticket that you may see")),
    }
}

fn first_message(tx: &Tx, id: TicketId, requester: &user_rows::User, body: String) -> Message {
    Message {
        id: new_id(),
        conversation_id: id,
        counters: Counters::default().next(MessageKind::Reply),
        kind: MessageKind::Reply,
        body,
        author: Person { email: None, ..requester.person() },
        client_id: None,
        created_at: tx.now(),
    }
}

/// Stores conversation, ticket, clocks and first message with their events, in two flights.
async fn store_opened(
    can: &Can<rights::TicketsCreate>,
    tx: &Tx,
    new: &tickets::NewTicket<'_>,
    clocks: Vec<Clock>,
    first: Option<Message>,
) -> Result<TicketView> {
    let (source, reader) = (Source::from(can), can.actor().user);
    let clocks: Vec<_> = clocks.into_iter().map(|clock| (new.id, clock)).collect();
    let ((), (), (), seen) = futures::try_join!(
        conversations::insert(tx, new.id),
        tickets::insert(tx, new),
        policy_rows::save(tx, &clocks),
        tickets::snapshot(tx, new.id, reader),
    )?;
    let seen = seen.ok_or(Error::NotFound("ticket"))?;
    let opened = of_ticket(tx, &source, None, seen.ticket, Vec::new());
    let Some(message) = first else {
        let ((), view) =
            futures::try_join!(async { Ok(event_rows::record(tx, &opened).await?) }, opened_view(tx, new.id, reader))?;
        return Ok(view);
    };
    let preview = conversation::preview(&message.body);
    let effect = MessageEffect { preview: preview.clone(), waiting_since: new.state.waiting_since };
    let rooms = event::message_rooms(tx.org(), new.id, &new.state.place(), MessageKind::Reply);
    let fact = Fact::MessageCreated { message: Box::new(message.clone()), effect };
    let created = event(tx, &source, Some(new.id), (rooms, fact));
    let stored = conversations::NewMessage {
        message: &message,
        preview: &preview,
        last_reply_at: tx.now(),
        waiting_since: new.state.waiting_since,
        event: &created,
    };
    let ((), (), view) = futures::try_join!(
        async { Ok(event_rows::record(tx, &opened).await?) },
        async { Ok(conversations::save_message(tx, &stored).await?) },
        opened_view(tx, new.id, reader),
    )?;
    Ok(view)
}

/// A ticket as `reader` sees it, in an open transaction; without a forecast, which takes a flight more.
async fn opened_view(tx: &Tx, id: TicketId, reader: UserId) -> Result<TicketView> {
    let (seen, before) = futures::try_join!(tickets::snapshot(tx, id, reader), tickets::waiting_before(tx, id))?;
    let seen = seen.ok_or(Error::NotFound("ticket"))?;
    Ok(view_of(seen, before))
}

/// A ticket as `reader` sees it, in an open transaction.
async fn view(tx: &Tx, id: TicketId, reader: UserId) -> Result<TicketView> {
    with_forecast(tx, opened_view(tx, id, reader).await?).await
}

fn view_of(seen: Seen, before: i64) -> TicketView {
    let waiting_before = (seen.ticket.queue == QueueState::Waiting).then_some(before);
    TicketView { ticket: seen.ticket, read: seen.read, waiting_before, expected_wait_seconds: None }
}

async fn with_forecast(tx: &Tx, view: TicketView) -> Result<TicketView> {
    let Some(before) = view.waiting_before else { return Ok(view) };
    let outlook = outlook(tx, view.ticket.team.id).await?;
    Ok(TicketView { expected_wait_seconds: outlook.expected_wait_seconds(before + 1, tx.now()), ..view })
}

/// One ticket.
pub async fn get(can: &Can<rights::TicketsView>, db: &Db, id: TicketId) -> Result<TicketView> {
    let actor = can.actor();
    let tx = db.checkout("get_ticket", actor.org).await?;
    let ((), seen, before) =
        futures::try_join!(tx.start(), tickets::snapshot(&tx, id, actor.user), tickets::waiting_before(&tx, id))?;
    let seen = seen.filter(|seen| seen.ticket.deleted_at.is_none() && actor.sees(&seen.ticket.place()));
    let view = with_forecast(&tx, view_of(seen.ok_or(Error::NotFound("ticket"))?, before)).await?;
    tx.commit().await?;
    Ok(view)
}

/// What of a list the caller chooses; whom it may reach is their scope's.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Only these statuses; empty for all.
    pub statuses: Vec<Status>,
    /// Only these priorities; empty for all.
    pub priorities: Vec<Priority>,
    /// Only these teams, by slug or id; empty for all.
    pub teams: Vec<String>,
    /// Only those assigned to one of these; empty for all.
    pub assignees: Vec<UserId>,
    /// Only those assigned to nobody (or to one of `assignees`).
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
    pub from: Option<jiff::Timestamp>,
    /// Only those opened before this.
    pub to: Option<jiff::Timestamp>,
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

/// A page of tickets, and where it goes on.
#[derive(Debug, Clone)]
pub struct TicketPage {
    /// The tickets in order.
    pub tickets: Vec<TicketView>,
    /// Where the next page begins; none when this was the last.
    pub next: Option<Key>,
}

/// A page of the tickets that the caller may know of. Queue positions are not worked out for lists.
pub async fn list(can: &Can<rights::TicketsView>, db: &Db, filter: Filter) -> Result<TicketPage> {
    let actor = can.actor();
    let limit = filter.limit.clamp(1, 100);
    let tx = db.begin("list_tickets", actor.org).await?;
    let teams = resolve_teams(&tx, &filter.teams).await?;
    if teams.is_empty() && !filter.teams.is_empty() {
        tx.commit().await?;
        return Ok(TicketPage { tickets: Vec::new(), next: None });
    }
    let query = ListQuery {
        scope: actor.ticket_scope(),
        reader: actor.user,
        statuses: filter.statuses,
        priorities: filter.priorities,
        teams,
        assignees: filter.assignees,
        unassigned: filter.unassigned,
        requesters: filter.requesters,
        tags: filter.tags.iter().map(|tag| tag.trim().to_lowercase()).collect(),
        queues: filter.queues,
        unanswered: filter.unanswered,
        escalated: filter.escalated,
        from: filter.from,
        to: filter.to,
        text: filter.text,
        sort: filter.sort,
        descending: filter.descending,
        after: filter.after,
        limit: limit + 1,
    };
    let mut rows = tickets::list(&tx, query).await?;
    tx.commit().await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.key.clone());
    let view = |row: Listed| TicketView {
        ticket: row.seen.ticket,
        read: row.seen.read,
        waiting_before: None,
        expected_wait_seconds: None,
    };
    Ok(TicketPage { tickets: rows.into_iter().map(view).collect(), next })
}

async fn resolve_teams(tx: &Tx, references: &[String]) -> Result<Vec<TeamId>> {
    let mut found = Vec::with_capacity(references.len());
    for reference in references {
        found.extend(teams::find(tx, reference).await?.map(|team| team.id));
    }
    Ok(found)
}

/// Counts, and the place of the feed up to which they surely hold everything that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountsView {
    /// The tabs' counts.
    pub counts: Counts,
    /// The feed's head just before they were counted.
    pub as_of: i64,
}

/// Active tickets as the caller's tabs count them.
pub async fn counts(can: &Can<rights::TicketsView>, db: &Db) -> Result<CountsView> {
    let actor = can.actor();
    let scope = actor.ticket_scope();
    let tx = db.checkout("count_tickets", actor.org).await?;
    let ((), as_of, counts) =
        futures::try_join!(tx.start(), feed::head(&tx), tickets::counts(&tx, &scope, actor.user))?;
    tx.commit().await?;
    Ok(CountsView { counts, as_of })
}

/// Locks a ticket that the actor may know of and, if they say which version they saw, checks it.
async fn lock<R>(can: &Can<R>, tx: &Tx, id: TicketId, if_match: Option<i64>) -> Result<Loaded> {
    let actor = can.actor();
    let (locked, loaded) = futures::try_join!(conversations::lock(tx, id), tickets::load(tx, id))?;
    let loaded = match (locked, loaded) {
        (Some(_), Some(loaded)) if actor.sees(&loaded.state.place()) => loaded,
        _ => return Err(Error::NotFound("ticket")),
    };
    match if_match {
        Some(version) if version != loaded.version => Err(Error::Stale(Box::new(view(tx, id, actor.user).await?))),
        _ => Ok(loaded),
    }
}

/// What may change of a ticket. What is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct TicketChange {
    /// What it is about.
    pub subject: Option<String>,
    /// Where it is in its life.
    pub status: Option<Status>,
    /// How urgent.
    pub priority: Option<Priority>,
    /// The team it is moved to, by slug or id.
    pub team: Option<String>,
    /// Labels, all of them.
    pub tags: Option<Vec<String>>,
    /// The organisation's own fields; merged in, `null` removes one (RFC 7396, one level).
    pub custom_fields: Option<serde_json::Value>,
}

fn check_change(change: &TicketChange) -> Result<()> {
    let mut checks = Checks::new();
    if let Some(subject) = &change.subject {
        checks.text("/subject", subject, limits::SUBJECT_CHARS);
    }
    if let Some(tags) = &change.tags {
        check_tags(&mut checks, tags);
    }
    if let Some(fields) = &change.custom_fields {
        check_custom_fields(&mut checks, fields);
    }
    Ok(checks.finish()?)
}

fn merge_fields(into: &mut serde_json::Value, patch: serde_json::Value) {
    let (serde_json::Value::Object(fields), serde_json::Value::Object(patch)) = (into, patch) else { return };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            fields.insert(name, value);
        }
    }
}

/// Changes a ticket. `if_match` is the version the caller saw; when it has moved on, nothing changes.
pub async fn change(
    can: &Can<rights::TicketsUpdate>,
    db: &Db,
    id: TicketId,
    if_match: Option<i64>,
    change: TicketChange,
) -> Result<TicketView> {
    check_change(&change)?;
    let actor = can.actor();
    let tx = db.begin("change_ticket", actor.org).await?;
    let before = lock(can, &tx, id, if_match).await?;
    let mut after = before.state.clone();
    if let Some(subject) = change.subject {
        after.subject = subject.trim().to_owned();
    }
    after.priority = change.priority.unwrap_or(after.priority);
    if let Some(tags) = change.tags {
        after = after.with_tags(tags);
    }
    if let Some(patch) = change.custom_fields {
        merge_fields(&mut after.custom_fields, patch);
        let mut checks = Checks::new();
        check_custom_fields(&mut checks, &after.custom_fields);
        checks.finish()?;
    }
    if let Some(reference) = &change.team {
        let team =
            teams::find(&tx, reference).await?.ok_or_else(|| Error::invalid("/team", "is no team's slug or id"))?;
        after = after.moved_to(team.id, tx.now());
    }
    if let Some(status) = change.status {
        after = after.with_status(status, tx.now())?;
    }
    save_change(&tx, &Source::from(can), &Change { before: &before, after: &after }).await?;
    let view = view(&tx, id, actor.user).await?;
    tx.commit().await?;
    Ok(view)
}

/// Deletes a ticket, softly: nobody finds it any more, its history stays.
pub async fn delete(can: &Can<rights::TicketsDelete>, db: &Db, id: TicketId, if_match: Option<i64>) -> Result<()> {
    let tx = db.begin("delete_ticket", can.actor().org).await?;
    let before = lock(can, &tx, id, if_match).await?;
    let after = before.state.clone().deleted(tx.now());
    save_change(&tx, &Source::from(can), &Change { before: &before, after: &after }).await?;
    Ok(tx.commit().await?)
}

/// Gives a ticket to a person, or with `None` back to the queue. A person's limit may be exceeded by
/// hand; the decision says so.
pub async fn assign(
    can: &Can<rights::TicketsAssign>,
    db: &Db,
    id: TicketId,
    if_match: Option<i64>,
    to: Option<UserId>,
) -> Result<TicketView> {
    let tx = db.begin("assign_ticket", can.actor().org).await?;
    let before = lock(can, &tx, id, if_match).await?;
    let after = match to {
        Some(user) => {
            let person = user_rows::by_id(&tx, user).await?;
            if !person.is_some_and(|p| p.role.is_staff() && p.disabled_at.is_none()) {
                return Err(Error::invalid("/user_id", "is nobody of the staff"));
            }
            before.state.clone().assigned_to(user, tx.now())?
        }
        None => before.state.clone().unassigned(tx.now()),
    };
    hand_over(can, tx, before, after, Trigger::Manual).await
}

/// Takes a ticket for oneself. What is somebody else's is refused: `already_assigned`.
pub async fn claim(
    can: &Can<rights::TicketsClaim>,
    db: &Db,
    id: TicketId,
    if_match: Option<i64>,
) -> Result<TicketView> {
    let tx = db.begin("claim_ticket", can.actor().org).await?;
    if let Some(first) = idempotency::recall(&tx, can.ctx()).await? {
        return Ok(first);
    }
    let before = lock(can, &tx, id, if_match).await?;
    let after = before.state.clone().claimed_by(can.actor().user, tx.now())?;
    hand_over(can, tx, before, after, Trigger::Claim).await
}

/// Saves an assignment by hand with its decision. The people's locks are taken before their capacity
/// is read.
pub(crate) async fn hand_over<R>(
    can: &Can<R>,
    tx: Tx,
    before: Loaded,
    after: TicketState,
    trigger: Trigger,
) -> Result<TicketView> {
    let source = Source::from(can);
    if after.assignee != before.state.assignee {
        let involved = unit_moves(Some(&before.state), &after).into_iter().map(|(user, _)| user).collect();
        staff::lock(&tx, involved).await?;
        let decision = by_hand(&tx, &source, &before, &after, trigger).await?;
        assignments::insert(&tx, &[decision]).await?;
    }
    save_change(&tx, &source, &Change { before: &before, after: &after }).await?;
    let view = view(&tx, before.id, can.actor().user).await?;
    idempotency::remember(&tx, can.ctx(), &view).await?;
    tx.commit().await?;
    Ok(view)
}

/// The decision row of a hand assignment: what routing would have said of everybody, and who was
/// chosen instead.
async fn by_hand(
    tx: &Tx,
    source: &Source,
    before: &Loaded,
    after: &TicketState,
    trigger: Trigger,
) -> Result<assignments::Decision> {
    let team = teams::by_id(tx, after.team).await?.ok_or(Error::NotFound("team"))?;
    let mut people = staff::candidates(tx, after.team).await?;
    if let Some(user) = after.assignee
        && !people.iter().any(|person| person.user == user)
    {
        people.extend(staff::one(tx, user).await?);
    }
    let units = routing::units_of(after.channel);
    let verdicts: Vec<Verdict> = routing::rank(team.rule(), &people, units, tx.now()).candidates;
    let chosen = people.iter().find(|person| Some(person.user) == after.assignee);
    let waited = before.state.eligible_at.filter(|_| before.state.queue == QueueState::Waiting);
    Ok(assignments::Decision {
        id: new_id(),
        ticket: before.id,
        team: after.team,
        at: tx.now(),
        trigger,
        policy: team.policy,
        policy_version: team.version,
        chosen: after.assignee,
        waited_ms: waited.map_or(0, |since| tx.now().duration_since(since).as_millis() as i64),
        over_limit: chosen.is_some_and(|person| person.units_free() < after.units),
        by: source.by.clone(),
        candidates: verdicts,
    })
}

/// What happened to a ticket, oldest first, after the event `after`: at most `limit`, and whether
/// there is more.
pub async fn timeline(
    can: &Can<rights::TicketsView>,
    db: &Db,
    id: TicketId,
    after: Option<EventId>,
    limit: i64,
) -> Result<(Vec<event::Event>, bool)> {
    let actor = can.actor();
    let limit = limit.clamp(1, 100);
    let tx = db.begin("read_timeline", actor.org).await?;
    let loaded = tickets::load(&tx, id).await?;
    if !loaded.is_some_and(|loaded| actor.sees(&loaded.state.place())) {
        return Err(Error::NotFound("ticket"));
    }
    let mut events = event_rows::timeline(&tx, id, after, limit + 1).await?;
    tx.commit().await?;
    let more = events.len() as i64 > limit;
    events.truncate(limit as usize);
    Ok((events, more))
}
