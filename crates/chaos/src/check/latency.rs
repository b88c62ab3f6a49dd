//! How fast it was while nothing was broken, and had not been for five seconds.

use std::collections::HashMap;

use super::{History, SECOND, Seen};
use crate::history::{Call, Micros, Outcome, What};

/// How long after a fault latencies are not counted.
const AFTER: Micros = 5 * SECOND;

/// Percentiles of some latencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Latency {
    /// How many there were.
    pub(crate) count: usize,
    /// Half of them took no longer, in microseconds.
    pub(crate) p50: Micros,
    /// 99 of 100 took no longer, in microseconds.
    pub(crate) p99: Micros,
}

impl Latency {
    fn of(mut all: Vec<Micros>) -> Self {
        all.sort_unstable();
        let at = |percent: usize| {
            all.get((all.len() * percent / 100).min(all.len().saturating_sub(1))).copied().unwrap_or_default()
        };
        Self { count: all.len(), p50: at(50), p99: at(99) }
    }
}

/// When something was broken, or had been in the last seconds: in order, and apart from each other.
fn troubled(history: &History) -> Vec<(Micros, Micros)> {
    let mut all: Vec<_> = history.faults.iter().map(|fault| (fault.at, fault.until + AFTER)).collect();
    all.sort_unstable();
    all.dedup_by(|(begin, end), (_, before)| {
        let touches = begin <= before;
        if touches {
            *before = (*before).max(*end);
        }
        touches
    });
    all
}

/// From a post to its answer, and from a post to each screen, outside of five seconds after each fault.
pub(crate) fn latencies(history: &History) -> (Latency, Latency) {
    let troubled = troubled(history);
    let calm = |from: Micros, to: Micros| {
        let next = troubled.partition_point(|(_, end)| *end <= from);
        troubled.get(next).is_none_or(|(begin, _)| *begin >= to)
    };
    let mut posted: HashMap<&str, &Call> = HashMap::new();
    let mut answers = Vec::new();
    for (call, answer) in history.answered() {
        let Outcome::Done { id: Some(id), .. } = &answer.outcome else { continue };
        if call.what == What::Post && call.repeat == 0 && calm(call.at, answer.at) {
            posted.insert(id, call);
            answers.push(answer.at - call.at);
        }
    }
    let messages: HashMap<&str, &str> =
        history.events.iter().filter_map(|event| Some((event.id.as_str(), event.message.as_deref()?))).collect();
    let heard = history.screens.values().flatten().filter_map(|seen| match seen {
        Seen::Heard(heard) if !heard.late => Some(heard),
        _ => None,
    });
    let screens = heard.filter_map(|heard| {
        let call = posted.get(messages.get(heard.id.as_str())?)?;
        calm(call.at, heard.at).then(|| heard.at - call.at)
    });
    (Latency::of(answers), Latency::of(screens.collect()))
}
