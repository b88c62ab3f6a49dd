//! Service levels: what tickets' clocks do when something is due, and the policies behind them.

use std::collections::{BTreeMap, HashMap, HashSet};

use baton_domain::access::rights;
use baton_domain::event::Fact;
use baton_domain::id::{OrgId, PolicyId, TeamId, TicketId, UserId};
use baton_domain::notification::NotificationKind;
use baton_domain::routing::{self, Candidate, Receives, Rule, Trigger};
use baton_domain::sla::{Action, Clock, Due, Policy, Recipient, Step, Turn, hand_to};
use baton_domain::ticket::{TicketState, unit_moves};
use baton_domain::user::Tier;
use baton_store::assignments::{self, Decision};
use baton_store::tickets::{self, Loaded};
use baton_store::{Db, SystemDb, Tx, conversations, sla as rows, staff, teams};
use jiff::SignedDuration;

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::events::Source;
use crate::ids::new_id;
use crate::notifications::Notice;
use crate::tickets::{Change, Next, save_all, save_change};
use crate::workers::{Backlog, COUNTED};

mod policies;

pub(crate) use policies::ensure;
pub use policies::{PolicyChange, change_policy, create_policy, policies, policy, policy_versions, retire_policy};

/// Most tickets that one transaction takes, so that its locks are short.
const BATCH: usize = 50;
/// How many timers are looked for at once: several workers find something to do that no other one holds.
const LOOK: i64 = 400;
/// The clocks with which a ticket begins.
pub(crate) fn begin(tx: &Tx, policies: &[Policy], state: &TicketState) -> Vec<Clock> {
    Turn { before: None, after: state, answered: false, now: tx.now() }.follow(&[], policies, new_id)
}

/// The clocks of a ticket after a change; `answered` when a person of the staff has just replied.
pub(crate) async fn follow(tx: &Tx, before: &Loaded, after: &TicketState, answered: bool) -> Result<Vec<Clock>> {
    let turn = Turn { before: Some(&before.state), after, answered, now: tx.now() };
    let policies = if turn.wants_policy(&before.clocks) { rows::current(tx).await? } else { Vec::new() };
    Ok(turn.follow(&before.clocks, &policies, new_id))
}

/// Gives a customer's active tickets another tier: what is promised to them changes.
pub(crate) async fn promise_anew(tx: &Tx, source: &Source, requester: UserId, tier: Tier) -> Result<()> {
    let active = tickets::active_of(tx, requester).await?;
    conversations::lock_many(tx, active.clone()).await?;
    for before in tickets::load_many(tx, active).await? {
        if before.state.status.is_active() {
            let after = TicketState { tier, ..before.state.clone() };
            save_change(tx, source, &Change { before: &before, after: &after }).await?;
        }
    }
    Ok(())
}

/// The clocks of a ticket, the oldest first.
pub async fn clocks(can: &Can<rights::SlaView>, db: &Db, id: TicketId) -> Result<Vec<Clock>> {
    let actor = can.actor();
    let tx = db.checkout("read_clocks", actor.org).await?;
    let ((), seen) = futures::try_join!(tx.start(), tickets::snapshot(&tx, id, actor.user))?;
    tx.commit().await?;
    match seen {
        Some(seen) if seen.ticket.deleted_at.is_none() && actor.sees(&seen.ticket.place()) => Ok(seen.ticket.clocks),
        _ => Err(Error::NotFound("ticket")),
    }
}

/// Tickets with something due, the longest due first, in parts: each of one organisation, and for one transaction.
pub async fn due(db: &SystemDb) -> Result<Vec<(OrgId, Vec<TicketId>)>> {
    let tx = db.checkout("due_clocks").await?;
    tx.start().await?;
    let found = rows::due(&tx, LOOK).await?;
    tx.commit().await?;
    let mut seen = HashSet::with_capacity(found.len());
    let mut by_org: BTreeMap<OrgId, Vec<TicketId>> = BTreeMap::new();
    for (org, ticket) in found.into_iter().filter(|ticket| seen.insert(*ticket)) {
        by_org.entry(org).or_default().push(ticket);
    }
    let parts = |(org, tickets): (OrgId, Vec<TicketId>)| {
        tickets.chunks(BATCH).map(|part| (org, part.to_vec())).collect::<Vec<_>>()
    };
    Ok(by_org.into_iter().flat_map(parts).collect())
}

/// The timers that are due.
pub async fn backlog(db: &SystemDb) -> Result<Backlog> {
    let tx = db.begin("clock_backlog").await?;
    let due = rows::backlog(&tx, COUNTED).await?;
    let backlog = Backlog::of(due, tx.now());
    tx.commit().await?;
    Ok(backlog)
}

/// What one transaction did for an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advanced {
    /// Clocks that warned.
    pub warned: usize,
    /// Clocks whose breach was told.
    pub breached: usize,
    /// Of each, how long it had been due.
    pub late: Vec<SignedDuration>,
}

/// Does what is due of some tickets' clocks: warnings, and breaches with their ladders, in one commit.
///
/// Claims the tickets by their conversations' locks and passes over those that somebody holds; what is due is decided
/// again under the lock. So each is done once, with any number of workers; killed anywhere, nothing happened.
pub async fn advance(db: &SystemDb, org: OrgId, wanted: Vec<TicketId>) -> Result<Advanced> {
    let tx = db.begin("advance_clocks").await?.enter(org).await?;
    let claimed = conversations::lock_free(&tx, wanted).await?;
    let loaded = if claimed.is_empty() { Vec::new() } else { tickets::load_many(&tx, claimed).await? };
    let mut advanced = Advanced::default();
    let turns: Vec<Turning> = loaded.into_iter().filter_map(|ticket| Turning::of(&tx, ticket, &mut advanced)).collect();
    if !turns.is_empty() {
        Round::load(&tx, turns).await?.run(&tx).await?;
    }
    tx.commit().await?;
    Ok(advanced)
}

/// A ticket of which something is due.
struct Turning {
    before: Loaded,
    /// Its clocks after they fired.
    clocks: Vec<Clock>,
    fired: Vec<(Due, Clock)>,
}

impl Turning {
    fn of(tx: &Tx, before: Loaded, advanced: &mut Advanced) -> Option<Self> {
        let (mut clocks, mut fired) = (before.clocks.clone(), Vec::new());
        for clock in &mut clocks {
            let Some((due, since)) = clock.fire(tx.now()) else { continue };
            advanced.late.push(tx.now().duration_since(since));
            match due {
                Due::Warning => advanced.warned += 1,
                Due::Breach => advanced.breached += 1,
            }
            fired.push((due, clock.clone()));
        }
        (!fired.is_empty()).then_some(Self { before, clocks, fired })
    }

    fn breached(&self) -> impl Iterator<Item = &Clock> {
        self.fired.iter().filter(|(due, _)| *due == Due::Breach).map(|(_, clock)| clock)
    }

    fn facts(&self) -> Vec<Fact> {
        let fact = |(due, clock): &(Due, Clock)| match due {
            Due::Warning => Fact::SlaWarning { clock: clock.clone() },
            Due::Breach => Fact::SlaBreached { clock: clock.clone() },
        };
        self.fired.iter().map(fact).collect()
    }
}

/// All that one transaction needs to know to do what is due.
struct Round {
    turns: Vec<Turning>,
    /// The policies that count now, for what is promised anew.
    current: Vec<Policy>,
    /// The ladders of breached clocks, by policy and version.
    ladders: HashMap<(PolicyId, i64), Vec<Step>>,
    leaders: Vec<(TeamId, UserId)>,
    supervisors: Vec<Candidate>,
}

impl Round {
    /// Takes the people's locks before it reads what they carry.
    async fn load(tx: &Tx, turns: Vec<Turning>) -> Result<Self> {
        let mut teams: Vec<_> = turns.iter().map(|turn| turn.before.state.team).collect();
        teams.sort();
        teams.dedup();
        let mut broken: Vec<_> = turns.iter().flat_map(Turning::breached).map(|clock| clock.policy_id).collect();
        broken.sort();
        broken.dedup();
        let (leaders, versions, current, somebody) = futures::try_join!(
            staff::leaders(tx, teams),
            rows::versions(tx, broken),
            rows::current(tx),
            staff::supervisors(tx),
        )?;
        let ladders: HashMap<_, _> =
            versions.into_iter().map(|policy| ((policy.id, policy.version), policy.rule.escalation)).collect();
        let hands = ladders.values().flatten().any(|step| step.action == Action::HandToSupervisor);
        let supervisors = if hands {
            let holders = turns.iter().filter_map(|turn| turn.before.state.assignee);
            staff::lock(tx, somebody.iter().map(|person| person.user).chain(holders).collect()).await?;
            staff::supervisors(tx).await?
        } else {
            somebody
        };
        Ok(Self { turns, current, ladders, leaders, supervisors })
    }

    /// The steps that follow the breach of a clock.
    fn steps<'r>(&'r self, clock: &'r Clock) -> impl Iterator<Item = &'r Step> {
        let ladder = self.ladders.get(&(clock.policy_id, clock.policy_version));
        ladder.into_iter().flatten().filter(|step| step.metric == clock.metric)
    }

    fn wants(&self, turn: &Turning, action: Action) -> bool {
        let active = turn.before.state.status.is_active();
        active && turn.breached().any(|clock| self.steps(clock).any(|step| step.action == action))
    }

    /// First what is told and raised, then the hand-overs: two changes of a ticket, each with its own event.
    async fn run(self, tx: &Tx) -> Result<()> {
        let source = Source::system("sla");
        let chosen = self.choose(tx);
        let afters: Vec<TicketState> = self.turns.iter().map(|turn| self.raised(turn)).collect();
        let notices = self.turns.iter().flat_map(|turn| self.notices(turn, chosen.get(&turn.before.id))).collect();
        let mut nexts = Vec::with_capacity(afters.len());
        for (turn, after) in self.turns.iter().zip(&afters) {
            let promised = Turn { before: Some(&turn.before.state), after, answered: false, now: tx.now() };
            let clocks = promised.follow(&turn.clocks, &self.current, new_id);
            nexts.push(Next { told: turn.facts(), ..Next::of(&turn.before, after, clocks) });
        }
        save_all(tx, &source, &nexts, notices).await?;

        let mut handed = Vec::new();
        for next in nexts {
            let Some(supervisor) = chosen.get(&next.before.id) else { continue };
            let after = next.after.clone().assigned_to(*supervisor, tx.now())?;
            let before = Loaded {
                id: next.before.id,
                number: next.before.number,
                state: next.after.clone(),
                version: next.before.version + 1,
                clocks: next.clocks,
            };
            handed.push((before, after));
        }
        self.hand_over(tx, &source, &handed).await
    }

    fn raised(&self, turn: &Turning) -> TicketState {
        let raises = turn.breached().flat_map(|clock| self.steps(clock)).filter(|step| step.action == Action::Raise);
        let count = if turn.before.state.status.is_active() { raises.count() } else { 0 };
        (0..count).fold(turn.before.state.clone(), |state, _| state.raised())
    }

    /// Who gets which ticket. Each choice takes from the room that the next one sees.
    fn choose(&self, tx: &Tx) -> HashMap<TicketId, UserId> {
        let mut chosen = HashMap::new();
        let mut people = self.supervisors.clone();
        for turn in self.turns.iter().filter(|turn| self.wants(turn, Action::HandToSupervisor)) {
            let Some(to) = hand_to(&people, turn.before.state.assignee, tx.now()) else { continue };
            let units = routing::units_of(turn.before.state.channel);
            people.iter_mut().filter(|person| person.user == to).for_each(|person| person.units_used += units);
            chosen.insert(turn.before.id, to);
        }
        chosen
    }

    /// Whom to tell of what happened to a ticket's clocks: everybody once for each, by the first reason there is.
    /// Whoever it is handed to hears of that.
    fn notices(&self, turn: &Turning, chosen: Option<&UserId>) -> Vec<Notice> {
        let escalated = chosen.is_some() || self.wants(turn, Action::Raise);
        let mut notices: Vec<Notice> = Vec::new();
        for (due, clock) in &turn.fired {
            let mut told: Vec<UserId> = chosen.filter(|_| *due == Due::Breach).into_iter().copied().collect();
            let recipients: Vec<Recipient> = match due {
                Due::Warning if turn.before.state.assignee.is_some() => vec![Recipient::Assignee],
                Due::Warning => vec![Recipient::Leaders],
                Due::Breach => self.steps(clock).flat_map(|step| step.whom.iter().copied()).collect(),
            };
            for recipient in recipients {
                let kind = match (due, recipient) {
                    (Due::Warning, _) => NotificationKind::SlaWarning,
                    (Due::Breach, Recipient::Supervisors) if escalated => NotificationKind::Escalated,
                    (Due::Breach, _) => NotificationKind::SlaBreached,
                };
                for user in self.people(recipient, &turn.before.state) {
                    if !told.contains(&user) {
                        told.push(user);
                        notices.push(Notice::about(&turn.before, user, kind).of_clock(clock));
                    }
                }
            }
        }
        notices
    }

    fn people(&self, recipient: Recipient, ticket: &TicketState) -> Vec<UserId> {
        let leads = |(team, user): &(TeamId, UserId)| (*team == ticket.team).then_some(*user);
        match recipient {
            Recipient::Assignee => ticket.assignee.into_iter().collect(),
            Recipient::Leaders => self.leaders.iter().filter_map(leads).collect(),
            Recipient::Supervisors => {
                self.supervisors.iter().filter(|person| !person.disabled).map(|person| person.user).collect()
            }
        }
    }

    async fn hand_over(&self, tx: &Tx, source: &Source, handed: &[(Loaded, TicketState)]) -> Result<()> {
        if handed.is_empty() {
            return Ok(());
        }
        let all = teams::all(tx).await?;
        let team = |id: TeamId| all.iter().find(|team| team.id == id).ok_or(Error::NotFound("team"));
        let mut decisions = Vec::with_capacity(handed.len());
        for (before, after) in handed {
            decisions.push(self.decision(tx, source, team(after.team)?, (before, after)));
        }
        assignments::insert(tx, &decisions).await?;
        let nexts: Vec<_> = handed
            .iter()
            .map(|(before, after)| Next {
                given: NotificationKind::Escalated,
                ..Next::of(before, after, before.clocks.clone())
            })
            .collect();
        save_all(tx, source, &nexts, Vec::new()).await
    }

    fn decision(
        &self,
        tx: &Tx,
        source: &Source,
        team: &teams::Team,
        (before, after): (&Loaded, &TicketState),
    ) -> Decision {
        let rule = Rule { policy: routing::Policy::FewestOpen, receives: Receives::All };
        let units = routing::units_of(after.channel);
        let taken = unit_moves(Some(&before.state), after);
        let chosen = self.supervisors.iter().find(|person| Some(person.user) == after.assignee);
        Decision {
            id: new_id(),
            ticket: before.id,
            team: team.id,
            at: tx.now(),
            trigger: Trigger::Escalation,
            policy: rule.policy,
            policy_version: team.version,
            chosen: after.assignee,
            waited_ms: 0,
            over_limit: chosen.is_some_and(|person| !taken.is_empty() && person.units_free() < units),
            by: source.by.clone(),
            candidates: routing::rank(rule, &self.supervisors, units, tx.now()).candidates,
        }
    }
}
