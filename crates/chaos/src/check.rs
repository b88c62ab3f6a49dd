//! The checker: pure functions over a recorded history. It knows nothing of how Baton works, only what it promises.

mod delivery;
mod jobs;
mod latency;
mod messages;
mod promises;
mod routing;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::history::{
    Answer, Call, Clock, Conversation, Decision, Event, Fault, Heard, Job, JobEnd, Letter, Message, Micros, Outcome,
    Person, Record, Run, Screen, Settled, Staff, What,
};

pub(crate) use latency::{Latency, latencies};

/// How many findings of one rule are told one by one.
const TOLD: usize = 10;

/// A history, sorted into its kinds.
#[derive(Debug, Default)]
pub(crate) struct History {
    pub(crate) run: Run,
    pub(crate) people: HashMap<String, Person>,
    pub(crate) calls: Vec<Call>,
    pub(crate) answers: HashMap<u64, Answer>,
    /// What came to screens and became of their connections, in order, by screen.
    pub(crate) screens: BTreeMap<u64, Vec<Seen>>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) settled: Option<Settled>,
    pub(crate) messages: HashMap<String, Message>,
    /// Events in the order of the feed, those without a place first.
    pub(crate) events: Vec<Event>,
    /// Places that no event has.
    pub(crate) canaries: Vec<i64>,
    pub(crate) conversations: Vec<Conversation>,
    pub(crate) staff: Vec<Staff>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) job_ends: Vec<JobEnd>,
    pub(crate) letters: Vec<Letter>,
}

/// What a screen lived through.
#[derive(Debug)]
pub(crate) enum Seen {
    /// Its connection.
    Line(Screen),
    /// An event.
    Heard(Heard),
}

impl History {
    /// Sorts records.
    pub(crate) fn of(records: Vec<Record>) -> Self {
        let mut all = Self::default();
        for record in records {
            match record {
                Record::Run(run) => all.run = run,
                Record::Person(person) => drop(all.people.insert(person.id.clone(), person)),
                Record::Call(call) => all.calls.push(call),
                Record::Answer(answer) => drop(all.answers.insert(answer.n, answer)),
                Record::Screen(line) => all.screens.entry(line.screen).or_default().push(Seen::Line(line)),
                Record::Heard(heard) => all.screens.entry(heard.screen).or_default().push(Seen::Heard(heard)),
                Record::Fault(fault) => all.faults.push(fault),
                Record::Settled(settled) => all.settled = Some(settled),
                Record::Message(message) => drop(all.messages.insert(message.id.clone(), message)),
                Record::Event(event) => all.events.push(event),
                Record::Conversation(conversation) => all.conversations.push(conversation),
                Record::Staff(staff) => all.staff.push(staff),
                Record::Decision(decision) => all.decisions.push(decision),
                Record::Clock(clock) => all.clocks.push(clock),
                Record::Job(job) => all.jobs.push(job),
                Record::JobEnd(end) => all.job_ends.push(end),
                Record::Letter(letter) => all.letters.push(letter),
                Record::Canary(canary) => all.canaries.push(canary.position),
            }
        }
        all.events.sort_by_key(|event| event.position);
        all
    }

    /// Events that have a place, in its order.
    fn placed(&self) -> impl Iterator<Item = (i64, &Event)> {
        self.events.iter().filter_map(|event| Some((event.position?, event)))
    }

    /// Calls with what came of them, those that nobody answered left out.
    fn answered(&self) -> impl Iterator<Item = (&Call, &Answer)> {
        self.calls.iter().filter_map(|call| Some((call, self.answers.get(&call.n)?)))
    }

    /// Calls that were acknowledged: with the id that they named, and the `seq`.
    fn acknowledged(&self, what: What) -> impl Iterator<Item = (&Call, &str, Option<i64>)> {
        self.answered().filter_map(move |(call, answer)| match &answer.outcome {
            Outcome::Done { id: Some(id), seq } if call.what == what => Some((call, id.as_str(), *seq)),
            _ => None,
        })
    }

    fn is_staff(&self, who: &str) -> bool {
        self.people.get(who).is_some_and(|person| person.role != "customer")
    }
}

/// A rule: its name, what must hold, and what breaks it in a history.
pub(crate) struct Rule {
    /// Its name.
    pub(crate) name: &'static str,
    /// What must hold, in one line.
    pub(crate) holds: &'static str,
    find: fn(&History) -> Vec<String>,
}

/// All rules (docs/RELIABILITY.md explains them).
pub(crate) const RULES: &[Rule] = &[
    Rule { name: "settled", holds: "all that was begun has ended", find: settled },
    Rule { name: "kept", holds: "what was acknowledged is stored as it was acknowledged", find: messages::kept },
    Rule { name: "landed", holds: "what was pending is stored, unless it went with Redis", find: messages::landed },
    Rule {
        name: "phantom",
        holds: "nobody saw what is not stored, nothing is stored that nobody sent",
        find: messages::phantom,
    },
    Rule { name: "doubled", holds: "what was sent again is stored once", find: messages::doubled },
    Rule { name: "dense", holds: "seq has no gap and no repeat for either audience", find: messages::dense },
    Rule {
        name: "placed",
        holds: "every event has one place in the feed, and places have no gap",
        find: delivery::placed,
    },
    Rule {
        name: "order",
        holds: "the feed and every screen hold the order of each conversation",
        find: delivery::order,
    },
    Rule { name: "missed", holds: "every screen heard all that was its to hear", find: delivery::missed },
    Rule { name: "audience", holds: "no screen heard what was not its to hear", find: delivery::audience },
    Rule { name: "assigned_once", holds: "nobody is given a ticket that is somebody's", find: routing::assigned_once },
    Rule {
        name: "within_units",
        holds: "routing gives nobody more than they may carry, at any moment",
        find: routing::within_units,
    },
    Rule {
        name: "idle_slot",
        holds: "no ticket waits over 5 s while somebody of its team has a unit free",
        find: routing::idle_slot,
    },
    Rule {
        name: "breach_once",
        holds: "each promise breaks once, not early, and none unnoticed",
        find: promises::breach_once,
    },
    Rule { name: "job_once", holds: "each job has its effect once", find: jobs::job_once },
];

/// What the checker found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The rule that is broken.
    pub(crate) rule: &'static str,
    /// How often.
    pub(crate) count: usize,
    /// The first few.
    pub(crate) first: Vec<String>,
}

/// Checks a history: every rule that is broken.
pub(crate) fn check(history: &History) -> Vec<Finding> {
    let findings = RULES.iter().map(|rule| {
        let mut found = (rule.find)(history);
        let count = found.len();
        found.truncate(TOLD);
        Finding { rule: rule.name, count, first: found }
    });
    findings.filter(|finding| finding.count > 0).collect()
}

fn settled(history: &History) -> Vec<String> {
    let Some(settled) = &history.settled else { return vec!["the run was cut short".to_owned()] };
    let open = settled.open.iter().map(|open| format!("not ended: {open}"));
    let without_end = history
        .screens
        .iter()
        .filter(|(_, seen)| !matches!(seen.last(), Some(Seen::Line(line)) if line.line == crate::history::Line::Last));
    open.chain(without_end.map(|(screen, _)| format!("screen {screen} did not come back at the end"))).collect()
}

/// Figures of a run.
pub(crate) fn figures(history: &History) -> Vec<(&'static str, u64)> {
    use crate::history::{Broken, Line};
    let count = |n: usize| n as u64;
    let faults = |wanted: fn(Broken) -> bool| count(history.faults.iter().filter(|fault| wanted(fault.what)).count());
    let outcomes =
        |wanted: fn(&Outcome) -> bool| count(history.answers.values().filter(|answer| wanted(&answer.outcome)).count());
    let lines = |wanted: Line| {
        let all = history.screens.values().flatten();
        count(all.filter(|seen| matches!(seen, Seen::Line(screen) if screen.line == wanted)).count())
    };
    let events = |kind: &str| count(history.events.iter().filter(|event| event.kind == kind).count());
    let heard = history.screens.values().flatten().filter(|seen| matches!(seen, Seen::Heard(_))).count();
    let unanswered = history.calls.len().saturating_sub(history.answers.len());
    vec![
        ("messages stored", count(history.messages.len())),
        (
            "messages acknowledged",
            count(history.acknowledged(What::Post).map(|(call, ..)| &call.key).collect::<HashSet<_>>().len()),
        ),
        ("tickets", count(history.conversations.len())),
        ("calls with an unknown end", outcomes(|outcome| matches!(outcome, Outcome::Unknown(_))) + count(unanswered)),
        ("calls refused", outcomes(|outcome| matches!(outcome, Outcome::Refused(_)))),
        ("calls pending", outcomes(|outcome| *outcome == Outcome::Pending)),
        ("events", count(history.events.len())),
        ("events heard on screens", count(heard)),
        ("screens", count(history.screens.len())),
        ("resumes", lines(Line::Resumed)),
        ("reloads asked for (resync_required)", lines(Line::Resync)),
        ("assignments by routing", count(history.decisions.iter().filter(|made| made.trigger == "queue").count())),
        (
            "assignments by hand",
            count(history.decisions.iter().filter(|made| matches!(made.trigger.as_str(), "manual" | "claim")).count()),
        ),
        ("warnings", events("sla:warning")),
        ("breaches", events("sla:breached")),
        ("jobs", count(history.jobs.len())),
        ("letters", count(history.letters.len())),
        ("services killed", faults(|what| what == Broken::Service)),
        ("services frozen", faults(|what| what == Broken::Frozen)),
        ("Postgres killed", faults(|what| what == Broken::Postgres)),
        ("Redis emptied", faults(|what| what == Broken::RedisEmptied)),
        ("Redis killed", faults(|what| what == Broken::Redis)),
        ("connections dropped", faults(Broken::drops)),
        ("connections delayed", faults(|what| what == Broken::Delayed)),
    ]
}

/// A second, in microseconds.
const SECOND: Micros = 1_000_000;

#[cfg(test)]
mod tests;
