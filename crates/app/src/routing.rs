//! Handing out what waits: the assigner's ticks, the queues, and why each ticket went where.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use baton_domain::access::rights;
use baton_domain::id::{OrgId, TeamId, TicketId, UserId};
use baton_domain::notification::NotificationKind;
use baton_domain::routing::{self, BATCH, Candidate, Outlook, PACE_MOST, PACE_WINDOW, Trigger};
use baton_domain::sla::next_due;
use baton_domain::ticket::{QueueState, TicketState, changed, unit_moves};
use baton_domain::user::Person;
use baton_domain::wake::Wake;
use baton_store::assignments::{self, Decision};
use baton_store::tickets::{self, Loaded, NextState};
use baton_store::{
    Db, SystemDb, Tx, conversations, events as event_rows, routing as queue_rows, staff, teams, users as user_rows,
};
use jiff::Timestamp;

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::events::{Source, of_ticket};
use crate::idempotency;
use crate::ids::new_id;
use crate::notifications::{self, Notice};
use crate::tickets::{Change, TicketView, hand_over, save_change};
use crate::workers::{Backlog, COUNTED};

pub use baton_store::assignments::Decision as AssignmentDecision;
pub use baton_store::routing::Depth;

/// Most tickets that one look at an absent person takes back.
const RETURNS: i64 = 50;

/// What one tick did for a team.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assigned {
    /// Tickets handed out.
    pub tickets: usize,
    /// Of each, under which trace it came to wait, and for how long it did.
    pub waited: Vec<Waited>,
    /// Whether another tick may find more at once.
    pub more: bool,
}

/// How a ticket that was handed out had waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waited {
    /// Which.
    pub ticket: TicketId,
    /// The trace of the last thing that had happened to it (W3C `traceparent`).
    pub trace: Option<String>,
    /// For how long.
    pub time: Duration,
}

/// The tickets of all organisations that wait in queues.
pub async fn backlog(db: &SystemDb) -> Result<Backlog> {
    let tx = db.begin("queue_backlog").await?;
    let waiting = queue_rows::waiting(&tx, COUNTED).await?;
    let backlog = Backlog::of(waiting, tx.now());
    tx.commit().await?;
    Ok(backlog)
}

/// Hands out the next waiting tickets of a team, in the queue's order.
///
/// The queue's lock is taken first (another worker skips the team, never a ticket), then those of the
/// tickets and of the people; then everything is read again under the locks, decided, and saved with
/// its reasons and events in one commit. Killed anywhere, nothing happened.
pub async fn assign_waiting(db: &SystemDb, org: OrgId, team: TeamId) -> Result<Assigned> {
    let tx = db.begin("assign_waiting").await?.enter(org).await?;
    let (locked, waiting) =
        futures::try_join!(queue_rows::lock_queue(&tx, team), queue_rows::next_waiting(&tx, team, BATCH))?;
    if !locked || waiting.is_empty() {
        tx.commit().await?;
        return Ok(Assigned::default());
    }
    let ((), (), rule, loaded, people, traces) = futures::try_join!(
        conversations::lock_many(&tx, waiting.clone()),
        staff::lock_members(&tx, team),
        teams::by_id(&tx, team),
        tickets::load_many(&tx, waiting.clone()),
        staff::candidates(&tx, team),
        event_rows::last_traces(&tx, waiting.clone()),
    )?;
    let rule = rule.ok_or(Error::NotFound("team"))?;
    let still_waiting = in_order(&waiting, loaded, team);
    let asked = still_waiting.len();
    let batch = decide(&tx, &rule, (still_waiting, traces), people)?;
    let more = asked as i64 == BATCH && batch.len() == asked;
    let assigned =
        Assigned { tickets: batch.len(), waited: batch.iter().map(|given| given.waited(&tx)).collect(), more };
    save_batch(tx, &rule, batch).await?;
    Ok(assigned)
}

/// The tickets that still wait in this team, in the queue's order: the check again, under the lock.
fn in_order(order: &[TicketId], loaded: Vec<Loaded>, team: TeamId) -> Vec<Loaded> {
    let mut by_id: HashMap<TicketId, Loaded> = loaded.into_iter().map(|ticket| (ticket.id, ticket)).collect();
    let waits = |ticket: &Loaded| ticket.state.queue == QueueState::Waiting && ticket.state.team == team;
    #[cfg(feature = "planted")]
    let waits =
        |ticket: &Loaded| baton_domain::planted::is_planted(baton_domain::planted::Bug::NoRecheck) || waits(ticket);
    order.iter().filter_map(|id| by_id.remove(id)).filter(waits).collect()
}

/// A ticket with the state and the decision that it gets.
struct Given {
    before: Loaded,
    after: TicketState,
    decision: routing::Decision,
    /// Who does it, under the trace of what had it wait.
    source: Source,
}

impl Given {
    fn waited(&self, tx: &Tx) -> Waited {
        let since = self.before.state.eligible_at.unwrap_or(tx.now());
        let time = Duration::try_from(tx.now().duration_since(since)).unwrap_or_default();
        Waited { ticket: self.before.id, trace: self.source.trace.clone(), time }
    }

    fn state(&self) -> NextState<'_> {
        NextState { id: self.before.id, state: &self.after, sla_due_at: next_due(&self.before.clocks), public: true }
    }

    fn notice(&self) -> Option<Notice> {
        Some(Notice::about(&self.before, self.decision.chosen?, NotificationKind::Assigned))
    }
}

fn decide(
    tx: &Tx,
    team: &teams::Team,
    (waiting, mut traces): (Vec<Loaded>, HashMap<TicketId, String>),
    people: Vec<Candidate>,
) -> Result<Vec<Given>> {
    let units: Vec<_> = waiting.iter().map(|ticket| routing::units_of(ticket.state.channel)).collect();
    let decisions = routing::assign(team.rule(), people, &units, tx.now());
    waiting
        .into_iter()
        .zip(decisions)
        .filter_map(|(before, decision)| decision.chosen.map(|chosen| (before, decision, chosen)))
        .map(|(before, decision, chosen)| {
            let after = before.state.clone().assigned_to(chosen, tx.now())?;
            let source = Source { trace: traces.remove(&before.id), ..Source::system("routing") };
            Ok(Given { before, after, decision, source })
        })
        .collect()
}

/// Saves a batch: states, units, decisions, and then the events with the commit.
async fn save_batch(tx: Tx, team: &teams::Team, batch: Vec<Given>) -> Result<()> {
    if batch.is_empty() {
        return Ok(tx.commit().await?);
    }
    let moves: Vec<_> = batch.iter().flat_map(|given| unit_moves(Some(&given.before.state), &given.after)).collect();
    let states: Vec<_> = batch.iter().map(Given::state).collect();
    let notices: Vec<_> = batch.iter().filter_map(|given| Some((&given.source, given.notice()?))).collect();
    let decisions: Vec<_> = batch.iter().map(|given| decision_row(&tx, team, given)).collect();
    let ids = batch.iter().map(|given| given.before.id).collect();
    let ((), (), (), told, seen) = futures::try_join!(
        tickets::update(&tx, &states),
        staff::move_units(&tx, &moves),
        assignments::insert(&tx, &decisions),
        notifications::notify_each(&tx, notices),
        tickets::snapshots(&tx, ids, UserId(uuid::Uuid::nil())),
    )?;
    let mut snapshots: HashMap<_, _> = seen.into_iter().map(|seen| (seen.ticket.id, seen.ticket)).collect();
    let mut events = Vec::with_capacity(batch.len());
    for given in &batch {
        let Some(after) = snapshots.remove(&given.before.id) else { continue };
        let fields = changed(&given.before.state, &given.after);
        events.extend(of_ticket(&tx, &given.source, Some(&given.before.state.place()), after, fields));
    }
    events.extend(told);
    Ok(event_rows::record_and_commit(tx, &events).await?)
}

fn decision_row(tx: &Tx, team: &teams::Team, given: &Given) -> Decision {
    Decision {
        id: new_id(),
        ticket: given.before.id,
        team: team.id,
        at: tx.now(),
        trigger: Trigger::Queue,
        policy: team.policy,
        policy_version: team.version,
        chosen: given.decision.chosen,
        waited_ms: given.waited(tx).time.as_millis() as i64,
        over_limit: false,
        by: given.source.by.clone(),
        candidates: given.decision.candidates.clone(),
    }
}

/// Queues in which something waits, across organisations: the sweep that proves no wake was missed.
pub async fn waiting_queues(db: &SystemDb) -> Result<Vec<(OrgId, TeamId)>> {
    let tx = db.begin("waiting_queues").await?;
    let queues = queue_rows::waiting_queues(&tx).await?;
    tx.commit().await?;
    Ok(queues)
}

/// Takes the unanswered tickets of people who are gone beyond the grace back to their queues, where
/// they wait from their first eligible time. Returns how many.
pub async fn return_from_absent(db: &SystemDb) -> Result<usize> {
    let tx = db.begin("find_absent").await?;
    let absent = staff::absent_with_work(&tx).await?;
    tx.commit().await?;
    let mut returned = 0;
    for (org, user) in absent {
        returned += return_from(db, org, user).await?;
    }
    Ok(returned)
}

async fn return_from(db: &SystemDb, org: OrgId, user: UserId) -> Result<usize> {
    let tx = db.begin("return_from_absent").await?.enter(org).await?;
    let held = queue_rows::unanswered_of(&tx, user, RETURNS).await?;
    if held.is_empty() {
        tx.commit().await?;
        return Ok(0);
    }
    let ((), (), loaded, person) = futures::try_join!(
        conversations::lock_many(&tx, held.clone()),
        staff::lock(&tx, vec![user]),
        tickets::load_many(&tx, held),
        staff::one(&tx, user),
    )?;
    // Under the locks: they may be back, or the ticket answered, closed or given away meanwhile.
    if !person.is_some_and(|person| person.presence.is_gone(tx.now())) {
        tx.commit().await?;
        return Ok(0);
    }
    let source = Source::system("routing");
    let mut returned = 0;
    for before in loaded {
        if before.state.assignee != Some(user) || before.state.waiting_since.is_none() {
            continue;
        }
        let after = before.state.clone().unassigned(tx.now());
        let team = teams::by_id(&tx, after.team).await?.ok_or(Error::NotFound("team"))?;
        let decision = Decision {
            id: new_id(),
            ticket: before.id,
            team: team.id,
            at: tx.now(),
            trigger: Trigger::Absence,
            policy: team.policy,
            policy_version: team.version,
            chosen: None,
            waited_ms: 0,
            over_limit: false,
            by: source.by.clone(),
            candidates: Vec::new(),
        };
        assignments::insert(&tx, &[decision]).await?;
        save_change(&tx, &source, &Change { before: &before, after: &after }).await?;
        returned += 1;
    }
    tx.commit().await?;
    Ok(returned)
}

/// Wakes the queues of every team that a person receives from.
pub(crate) async fn wake_queues_of(tx: &Tx, user: UserId) -> Result<()> {
    for team in teams::of_user(tx, user).await? {
        tx.wake(Wake::Queue(tx.org(), team));
    }
    Ok(())
}

/// Takes the next waiting ticket of a team for oneself; `None` when nothing waits.
pub async fn take_next(can: &Can<rights::TicketsClaim>, db: &Db, team: &str) -> Result<Option<TicketView>> {
    let actor = can.actor();
    let tx = db.begin("take_next", actor.org).await?;
    if let Some(first) = idempotency::recall(&tx, can.ctx()).await? {
        return Ok(Some(first));
    }
    let team = teams::find(&tx, team).await?.ok_or(Error::NotFound("team"))?;
    let reachable =
        matches!(actor.ticket_scope(), baton_domain::access::TicketScope::All) || actor.teams.contains(&team.id);
    if !reachable {
        return Err(Error::NotFound("team"));
    }
    let next = queue_rows::next_waiting(&tx, team.id, BATCH).await?;
    conversations::lock_many(&tx, next.clone()).await?;
    let loaded = tickets::load_many(&tx, next.clone()).await?;
    let Some(before) = in_order(&next, loaded, team.id).into_iter().next() else {
        tx.commit().await?;
        return Ok(None);
    };
    let after = before.state.clone().claimed_by(actor.user, tx.now())?;
    hand_over(can, tx, before, after, Trigger::Claim).await.map(Some)
}

/// A queue and the people who serve it.
#[derive(Debug, Clone)]
pub struct QueueView {
    /// The team.
    pub team: teams::Team,
    /// Tickets waiting.
    pub waiting: i64,
    /// Since when the oldest waits.
    pub oldest: Option<Timestamp>,
    /// Its members as routing sees them.
    pub people: Vec<(teams::Member, Candidate)>,
    /// When this was read.
    pub now: Timestamp,
}

/// The queues that the caller may know of: all of them, or their teams'.
pub async fn queues(can: &Can<rights::QueuesView>, db: &Db) -> Result<Vec<QueueView>> {
    let actor = can.actor();
    let tx = db.begin("read_queues", actor.org).await?;
    let mut all = teams::all(&tx).await?;
    if actor.ticket_scope() != baton_domain::access::TicketScope::All {
        all.retain(|team| actor.teams.contains(&team.id));
    }
    let ids: Vec<_> = all.iter().map(|team| team.id).collect();
    let (depths, members) = futures::try_join!(queue_rows::depths(&tx, ids.clone()), teams::members(&tx, ids))?;
    let mut views = Vec::with_capacity(all.len());
    for team in all {
        let depth = depths.iter().find(|depth| depth.team == team.id);
        let candidates = staff::candidates(&tx, team.id).await?;
        let person = |candidate: Candidate| {
            let member = members.iter().find(|m| m.team == team.id && m.user == candidate.user)?;
            Some((member.clone(), candidate))
        };
        views.push(QueueView {
            waiting: depth.map_or(0, |depth| depth.waiting),
            oldest: depth.and_then(|depth| depth.oldest),
            people: candidates.into_iter().filter_map(person).collect(),
            now: tx.now(),
            team,
        });
    }
    tx.commit().await?;
    Ok(views)
}

/// How fast a team's queue moves, and whether anybody serves it.
pub(crate) async fn outlook(tx: &Tx, team: TeamId) -> Result<Outlook> {
    let (row, people, (assignments, first)) = futures::try_join!(
        teams::by_id(tx, team),
        staff::candidates(tx, team),
        queue_rows::pace(tx, team, tx.now() - PACE_WINDOW, PACE_MOST),
    )?;
    let receives = row.ok_or(Error::NotFound("team"))?.receives;
    let served = people.iter().any(|person| person.serves(receives, tx.now()));
    Ok(Outlook { assignments, first, served })
}

/// Where a customer's ticket stands in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub ticket: TicketId,
    /// Its customer.
    pub requester: UserId,
    /// Its place, 1 first.
    pub position: i64,
    /// A forecast ([`Outlook::expected_wait_seconds`]).
    pub expected_wait_seconds: Option<i64>,
}

/// Where the waiting tickets of some customers stand in a team's queue, in order: one pass along the queue for all of
/// them.
pub async fn standings(db: &SystemDb, org: OrgId, team: TeamId, customers: Vec<UserId>) -> Result<Vec<Standing>> {
    let tx = db.begin("standings").await?.enter(org).await?;
    let places = queue_rows::places(&tx, team, customers).await?;
    if places.is_empty() {
        tx.commit().await?;
        return Ok(Vec::new());
    }
    let (outlook, now) = (outlook(&tx, team).await?, tx.now());
    tx.commit().await?;
    let standing = |place: queue_rows::Place| Standing {
        ticket: place.ticket,
        requester: place.requester,
        position: place.position,
        expected_wait_seconds: outlook.expected_wait_seconds(place.position, now),
    };
    Ok(places.into_iter().map(standing).collect())
}

/// How the queues of some teams of an organisation stand, and when that was.
pub async fn depths(db: &SystemDb, org: OrgId, teams: Vec<TeamId>) -> Result<(Vec<Depth>, Timestamp)> {
    let tx = db.begin("queue_depths").await?.enter(org).await?;
    let depths = queue_rows::depths(&tx, teams).await?;
    let now = tx.now();
    tx.commit().await?;
    Ok((depths, now))
}

/// A ticket's decisions with the people whom they name.
#[derive(Debug, Clone)]
pub struct Decisions {
    /// The newest first.
    pub decisions: Vec<Decision>,
    /// Everybody who was chosen or could have been.
    pub people: HashMap<UserId, Person>,
}

/// The decisions of a ticket.
pub async fn decisions(can: &Can<rights::AssignmentsView>, db: &Db, id: TicketId) -> Result<Decisions> {
    let actor = can.actor();
    let tx = db.begin("read_decisions", actor.org).await?;
    let loaded = tickets::load(&tx, id).await?;
    if !loaded.is_some_and(|loaded| actor.sees(&loaded.state.place())) {
        return Err(Error::NotFound("ticket"));
    }
    let decisions = assignments::of_ticket(&tx, id, 100).await?;
    let named =
        decisions.iter().flat_map(|made| made.candidates.iter().map(|verdict| verdict.user_id).chain(made.chosen));
    let named: HashSet<UserId> = named.collect();
    let people = user_rows::by_ids(&tx, named.into_iter().collect()).await?;
    tx.commit().await?;
    Ok(Decisions { decisions, people: people.iter().map(|user| (user.id, user.person())).collect() })
}
