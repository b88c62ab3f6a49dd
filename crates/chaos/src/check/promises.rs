//! Promises that break.

use std::collections::HashMap;

use super::{History, SECOND};
use crate::history::Micros;

/// How late a breach may be noticed at the end of a run.
const LATE: Micros = 15 * SECOND;

/// Each clock warns and breaks at most once, never before it is due; whatever is broken was told, and nothing that is
/// long due runs on.
pub(super) fn breach_once(history: &History) -> Vec<String> {
    let mut found = Vec::new();
    let mut told: HashMap<(&str, &str), i64> = HashMap::new();
    for event in &history.events {
        let Some(clock) = &event.clock else { continue };
        *told.entry((&event.kind, clock)).or_default() += 1;
        if event.kind == "sla:breached" && event.due_at.is_some_and(|due| event.at < due) {
            found
                .push(format!("clock {clock} broke {:?} µs before it was due", event.due_at.map(|due| due - event.at)));
        }
    }
    let times = |kind, clock: &str| told.get(&(kind, clock)).copied().unwrap_or_default();
    for clock in &history.clocks {
        let (breaches, warnings) = (times("sla:breached", &clock.id), times("sla:warning", &clock.id));
        if breaches != i64::from(clock.state == "breached") {
            found.push(format!("clock {} is {} and its breach was told {breaches} times", clock.id, clock.state));
        }
        if warnings != i64::from(clock.warned_at.is_some()) {
            found.push(format!("clock {} warned at {:?}, told {warnings} times", clock.id, clock.warned_at));
        }
        let end = history.settled.as_ref().map_or(0, |settled| settled.at);
        if clock.state == "running" && clock.due_at + LATE < end {
            found.push(format!("clock {} is long due, and nobody noticed", clock.id));
        }
    }
    found
}
