//! Who was given what, judged by the ordered events and by the decisions.
//!
//! The order of the feed is that of the locks: whoever moves a person's units holds that person's row from before the
//! event's place in the outbox is drawn until the commit. So adding up along the feed gives what was true at every
//! moment.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{History, SECOND};
use crate::history::{Broken, Micros, Ticket};

/// How long a ticket may wait while somebody has a unit free.
const WAITS: Micros = 5 * SECOND;

/// Routing gives a ticket only while it waits; who takes one takes nobody's. Decisions and events agree.
pub(super) fn assigned_once(history: &History) -> Vec<String> {
    let mut found = Vec::new();
    let mut now: HashMap<&str, &Ticket> = HashMap::new();
    let mut given: HashMap<&str, i64> = HashMap::new();
    for (position, event) in history.placed() {
        let (Some(id), Some(ticket)) = (event.conversation.as_deref(), &event.ticket) else { continue };
        let before = now.insert(id, ticket);
        if event.kind != "ticket:assigned" {
            continue;
        }
        if event.by == "routing" {
            *given.entry(id).or_default() += 1;
            if before.is_none_or(|before| before.queue != "waiting") {
                found.push(format!("at {position}: routing gave {id} to {:?}; before: {before:?}", ticket.assignee));
            }
        }
        let had = before.and_then(|before| before.assignee.as_ref());
        if ticket.assignee.as_ref() == Some(&event.by) && had.is_some_and(|had| *had != event.by) {
            found.push(format!("at {position}: {} took {id}, which was {had:?}'s", event.by));
        }
    }
    let mut decided: HashMap<&str, i64> = HashMap::new();
    for decision in history.decisions.iter().filter(|decision| decision.trigger == "queue") {
        *decided.entry(&decision.ticket).or_default() += 1;
    }
    let tickets: HashSet<&str> = given.keys().chain(decided.keys()).copied().collect();
    let differ = tickets.into_iter().filter(|ticket| given.get(ticket) != decided.get(ticket));
    found.extend(differ.map(|ticket| format!("{ticket}: as many decisions as events there are not")));
    found
}

/// Whoever is given a ticket by routing carries, with it, no more than they may; a decision saw units free. At the end
/// everybody carries as many units as they have tickets.
pub(super) fn within_units(history: &History) -> Vec<String> {
    let mut found = Vec::new();
    let mut held: HashMap<&str, &str> = HashMap::new();
    let mut used: HashMap<&str, i64> = HashMap::new();
    for (position, event) in history.placed() {
        let (Some(id), Some(ticket)) = (event.conversation.as_deref(), &event.ticket) else { continue };
        if let Some(had) = held.remove(id) {
            *used.entry(had).or_default() -= 1;
        }
        let Some(has) = ticket.assignee.as_deref().filter(|_| ticket.queue == "assigned") else { continue };
        held.insert(id, has);
        let carries = used.entry(has).or_default();
        *carries += 1;
        let limit = history.people.get(has).and_then(|person| person.limit);
        let by_routing = event.kind == "ticket:assigned" && event.by == "routing";
        if by_routing && limit.is_some_and(|limit| *carries > limit) {
            found.push(format!("at {position}: {has} carries {carries} of {limit:?} with {id}"));
        }
    }
    for decision in history.decisions.iter().filter(|decision| decision.trigger == "queue") {
        if decision.units_free.is_none_or(|free| free < 1) {
            found.push(format!("decision {} gave {} to somebody with no unit free", decision.id, decision.ticket));
        }
    }
    for staff in &history.staff {
        let carries = used.get(staff.id.as_str()).copied().unwrap_or_default();
        if carries != staff.used {
            found.push(format!("{} carries {carries} tickets and is said to carry {}", staff.id, staff.used));
        }
    }
    found
}

/// Nobody waits long for a unit that is free. Not counted: while Postgres is away, and 5 s after.
pub(super) fn idle_slot(history: &History) -> Vec<String> {
    let away: Vec<(Micros, Micros)> = history
        .faults
        .iter()
        .filter(|fault| fault.what == Broken::Postgres)
        .map(|fault| (fault.at, fault.until + WAITS))
        .collect();
    let mut queues = Queues::of(history);
    let mut found = Vec::new();
    let mut now = 0;
    for (_, event) in history.placed() {
        let (Some(id), Some(ticket)) = (event.conversation.as_deref(), &event.ticket) else { continue };
        now = now.max(event.at);
        found.extend(queues.overdue(&ticket.team, now, &away));
        queues.apply(id, ticket, now);
    }
    if let Some(settled) = &history.settled {
        let teams: Vec<String> = queues.waiting.keys().map(|team| (*team).to_owned()).collect();
        found.extend(teams.iter().flat_map(|team| queues.overdue(team, settled.at, &away)));
    }
    found
}

/// Who waits and who has units free, since when.
struct Queues<'h> {
    waiting: HashMap<&'h str, BTreeSet<(Micros, &'h str)>>,
    since: HashMap<&'h str, (&'h str, Micros)>,
    free: HashMap<&'h str, BTreeSet<(Micros, &'h str)>>,
    /// Of each person: their team, limit, units in use, and since when one is free.
    people: HashMap<&'h str, Carrier<'h>>,
    held: HashMap<&'h str, &'h str>,
    told: HashSet<&'h str>,
}

struct Carrier<'h> {
    team: &'h str,
    limit: i64,
    used: i64,
    free_since: Option<Micros>,
}

impl<'h> Queues<'h> {
    fn of(history: &'h History) -> Self {
        let mut free: HashMap<&str, BTreeSet<(Micros, &str)>> = HashMap::new();
        let mut people = HashMap::new();
        for person in history.people.values() {
            let (Some(team), Some(limit)) = (person.team.as_deref(), person.limit) else { continue };
            free.entry(team).or_default().insert((0, &person.id));
            people.insert(person.id.as_str(), Carrier { team, limit, used: 0, free_since: Some(0) });
        }
        let (waiting, since, held, told) = Default::default();
        Self { waiting, since, free, people, held, told }
    }

    /// The ticket that waits longest while somebody has had a unit free, if that is too long; told once.
    fn overdue(&mut self, team: &str, now: Micros, away: &[(Micros, Micros)]) -> Option<String> {
        let (since, ticket) = *self.waiting.get(team)?.first()?;
        let (free_since, who) = *self.free.get(team)?.first()?;
        let from = since.max(free_since);
        let overlap = outside(from, now, away);
        (overlap > WAITS && self.told.insert(ticket)).then(|| {
            format!("{ticket} waited {} ms while {who} had a unit free (from {from} to {now} µs)", overlap / 1_000)
        })
    }

    /// `now` is the latest beginning of a transaction so far in the order of the feed: whatever stands here was
    /// committed after that, however early it began.
    fn apply(&mut self, id: &'h str, ticket: &'h Ticket, now: Micros) {
        let waits = ticket.queue == "waiting";
        match self.since.get(id).copied() {
            Some((team, since)) if !waits || team != ticket.team => {
                self.since.remove(id);
                self.waiting.entry(team).or_default().remove(&(since, id));
            }
            _ => {}
        }
        if waits && !self.since.contains_key(id) {
            self.since.insert(id, (&ticket.team, now));
            self.waiting.entry(&ticket.team).or_default().insert((now, id));
        }
        if let Some(had) = self.held.remove(id) {
            self.carry(had, -1, now);
        }
        if let Some(has) = ticket.assignee.as_deref().filter(|_| ticket.queue == "assigned") {
            self.held.insert(id, has);
            self.carry(has, 1, now);
        }
    }

    fn carry(&mut self, who: &'h str, units: i64, now: Micros) {
        let Some(person) = self.people.get_mut(who) else { return };
        person.used += units;
        let free = self.free.entry(person.team).or_default();
        match (person.free_since, person.used < person.limit) {
            (Some(since), false) => {
                free.remove(&(since, who));
                person.free_since = None;
            }
            (None, true) => {
                free.insert((now, who));
                person.free_since = Some(now);
            }
            _ => {}
        }
    }
}

/// How much of `(from, to)` lies outside of all windows, which may overlap.
pub(super) fn outside(from: Micros, to: Micros, windows: &[(Micros, Micros)]) -> Micros {
    let mut windows: Vec<_> = windows.iter().map(|(begin, end)| (from.max(*begin), to.min(*end))).collect();
    windows.sort_unstable();
    let (mut left, mut covered) = ((to - from).max(0), from);
    for (begin, end) in windows {
        let begin = begin.max(covered);
        if end > begin {
            left -= end - begin;
            covered = end;
        }
    }
    left
}
