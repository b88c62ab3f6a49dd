//! The feed, and what screens heard of it.

use std::collections::{HashMap, HashSet};

use super::{History, Seen};
use crate::history::{Event, Line, Person, Screen};

/// Events that gateways act on and no client hears.
const INWARD: &[&str] = &["session:revoked", "access:changed"];

/// Every event has one place; places, of events and of canaries, are 1, 2, 3 …, and nothing waits for one.
pub(super) fn placed(history: &History) -> Vec<String> {
    let mut found = Vec::new();
    let mut known = HashSet::new();
    for event in &history.events {
        if event.position.is_none() {
            found.push(format!("event {} ({}) was never given a place", event.id, event.kind));
        }
        if !known.insert(&event.id) {
            found.push(format!("event {} has two places", event.id));
        }
    }
    let canaries = history.canaries.iter().map(|position| (*position, "a canary", ""));
    let events = history.placed().map(|(position, event)| (position, event.id.as_str(), event.kind.as_str()));
    let mut places: Vec<_> = events.chain(canaries).collect();
    places.sort_unstable();
    let mut expected = 0;
    for (position, what, kind) in places {
        expected += 1;
        if position != expected {
            found.push(format!("{what} {kind} is at {position} after {}", expected - 1));
            expected = position;
        }
    }
    if let Some(settled) = &history.settled {
        if settled.outbox > 0 {
            found.push(format!("{} events wait for a place", settled.outbox));
        }
        if settled.head != expected {
            found.push(format!("the feed's head is {}, its last place is {expected}", settled.head));
        }
    }
    found
}

/// Messages of a conversation stand in the feed, and come to each screen, by their `seq`, none left out; places only
/// rise on a screen.
pub(super) fn order(history: &History) -> Vec<String> {
    let mut found = Vec::new();
    let mut last: HashMap<&str, i64> = HashMap::new();
    for (position, event) in history.placed() {
        let message = event.message.as_ref().and_then(|id| history.messages.get(id));
        let Some(message) = message else { continue };
        let last = last.entry(&message.conversation).or_default();
        if message.seq != *last + 1 {
            found.push(format!(
                "in the feed at {position}: seq {} of {} after {last}",
                message.seq, message.conversation
            ));
        }
        *last = message.seq;
    }
    let conversations: HashMap<&str, &str> =
        history.events.iter().filter_map(|event| Some((event.id.as_str(), event.conversation.as_deref()?))).collect();
    for (screen, seen) in &history.screens {
        found.extend(order_on(seen, &conversations).into_iter().map(|what| format!("screen {screen}: {what}")));
    }
    found
}

fn order_on(seen: &[Seen], conversations: &HashMap<&str, &str>) -> Vec<String> {
    let mut found = Vec::new();
    let (mut at, mut last) = (0, HashMap::new());
    for seen in seen {
        let heard = match seen {
            Seen::Line(Screen { line: Line::Resync, position, .. }) => {
                at = *position;
                last.clear();
                continue;
            }
            Seen::Line(_) => continue,
            Seen::Heard(heard) => heard,
        };
        if heard.position <= at {
            found.push(format!("place {} after {at}", heard.position));
        }
        at = heard.position;
        let (Some(seq), Some(conversation)) = (heard.seq, conversations.get(heard.id.as_str())) else { continue };
        if let Some(last) = last.insert(*conversation, seq)
            && seq != last + 1
        {
            found.push(format!("seq {seq} of {conversation} after {last}"));
        }
    }
    found
}

/// Every screen heard all that was its to hear between the places from which and to which it looked.
pub(super) fn missed(history: &History) -> Vec<String> {
    // A canary may pass when the last screen has looked.
    let head = history.placed().last().map_or(0, |(position, _)| position);
    let mut found = Vec::new();
    for (screen, seen) in &history.screens {
        let Some(person) = owner(history, seen) else { continue };
        let heard: HashSet<i64> = seen
            .iter()
            .filter_map(|seen| match seen {
                Seen::Heard(heard) => Some(heard.position),
                Seen::Line(_) => None,
            })
            .collect();
        let looked = looked(seen);
        for (position, event) in history.placed() {
            let inside = looked.iter().any(|(from, to)| position > *from && position <= *to);
            if inside && is_for(person, event) && !heard.contains(&position) {
                found.push(format!(
                    "screen {screen} of {} missed {} ({}) at {position}",
                    person.id, event.id, event.kind
                ));
            }
        }
        let end = looked.last().map_or(0, |(_, to)| *to);
        if end < head {
            found
                .push(format!("screen {screen} of {} stands at {end} in the end, the last event at {head}", person.id));
        }
    }
    found
}

/// No screen heard what its person's rooms do not hear.
pub(super) fn audience(history: &History) -> Vec<String> {
    let at: HashMap<&str, &Event> = history.events.iter().map(|event| (event.id.as_str(), event)).collect();
    let mut found = Vec::new();
    for (screen, seen) in &history.screens {
        let Some(person) = owner(history, seen) else { continue };
        for seen in seen {
            let Seen::Heard(heard) = seen else { continue };
            if at.get(heard.id.as_str()).is_some_and(|event| !is_for(person, event)) {
                found.push(format!("screen {screen} of {} ({}) heard {}", person.id, person.role, heard.id));
            }
        }
    }
    found
}

fn owner<'h>(history: &'h History, seen: &[Seen]) -> Option<&'h Person> {
    let line = seen.iter().find_map(|seen| match seen {
        Seen::Line(line) => Some(line),
        Seen::Heard(_) => None,
    });
    history.people.get(&line?.who)
}

fn is_for(person: &Person, event: &Event) -> bool {
    !INWARD.contains(&event.kind.as_str()) && event.rooms.iter().any(|room| person.rooms.contains(room))
}

/// The stretches of the feed, `(from, to]`, that a screen looked at: from its first connection, and again from
/// wherever it was told to begin anew.
fn looked(seen: &[Seen]) -> Vec<(i64, i64)> {
    let mut looked = Vec::new();
    let mut now: Option<(i64, i64)> = None;
    for seen in seen {
        let (position, begins) = match seen {
            Seen::Heard(heard) => (heard.position, false),
            Seen::Line(line) => (line.position, matches!(line.line, Line::Fresh | Line::Resync)),
        };
        match &mut now {
            Some((_, to)) if !begins => *to = (*to).max(position),
            _ => {
                looked.extend(now);
                now = Some((position, position));
            }
        }
    }
    looked.extend(now);
    looked
}
