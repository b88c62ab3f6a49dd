//! What was sent and what is stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{History, SECOND, Seen};
use crate::history::{Broken, Fault, Message, Micros, Outcome, What};

/// Acknowledged: stored, with the id, text, author and `seq` that were told.
pub(super) fn kept(history: &History) -> Vec<String> {
    let posts = history.acknowledged(What::Post).filter_map(|(call, id, seq)| {
        let Some(stored) = history.messages.get(id) else {
            return Some(format!("call {}: message {id} was acknowledged and is not stored", call.n));
        };
        let counted = if history.is_staff(&call.who) { stored.seq } else { stored.public_seq };
        let same = call.text.as_ref() == Some(&stored.body)
            && call.ticket.as_ref() == Some(&stored.conversation)
            && call.who == stored.author
            && seq == Some(counted);
        (!same).then(|| format!("call {}: message {id} is stored otherwise than acknowledged: {stored:?}", call.n))
    });
    let first: HashMap<&str, &Message> =
        history.messages.values().filter(|m| m.seq == 1).map(|m| (m.conversation.as_str(), m)).collect();
    let opened = history.acknowledged(What::Open).filter_map(|(call, id, _)| {
        let stored = first.get(id).is_some_and(|message| call.text.as_ref() == Some(&message.body));
        (!stored).then(|| format!("call {}: ticket {id} was acknowledged and is not stored so", call.n))
    });
    posts.chain(opened).collect()
}

/// How soon after its answer a pending message is stored, Postgres being back: what may have been lost with Redis until
/// then is not asked for. Pending is no promise (docs/EVENTS.md); its sender keeps it until it is shown.
const LANDS_WITHIN: Micros = 30 * SECOND;

/// Told to be pending: stored in the end, unless Redis was killed or emptied before that.
pub(super) fn landed(history: &History) -> Vec<String> {
    let stored: HashMap<(&str, &str), &str> = history
        .messages
        .values()
        .filter_map(|message| Some(((message.author.as_str(), message.client_id.as_deref()?), message.body.as_str())))
        .collect();
    let redis: Vec<&Fault> =
        history.faults.iter().filter(|fault| matches!(fault.what, Broken::Redis | Broken::RedisEmptied)).collect();
    let pending = history.answered().filter(|(_, answer)| answer.outcome == Outcome::Pending);
    let lost = pending.filter(|(call, answer)| {
        let text = stored.get(&(call.who.as_str(), call.key.as_str())).copied();
        let forgotten = redis.iter().any(|fault| fault.until >= call.at && fault.at <= answer.at + LANDS_WITHIN);
        text != call.text.as_deref() && (text.is_some() || !forgotten)
    });
    lost.map(|(call, _)| format!("call {}: {} was pending and is not stored so", call.n, call.key)).collect()
}

/// Nothing is on a screen that is not stored, and nothing is stored that nobody sent or that was refused.
pub(super) fn phantom(history: &History) -> Vec<String> {
    let at: HashMap<i64, &str> = history.placed().map(|(position, event)| (position, event.id.as_str())).collect();
    let mut found = Vec::new();
    for (screen, seen) in &history.screens {
        for seen in seen {
            let Seen::Heard(heard) = seen else { continue };
            if at.get(&heard.position) != Some(&heard.id.as_str()) {
                found.push(format!(
                    "screen {screen} heard {} at {}, which is not in the feed there",
                    heard.id, heard.position
                ));
            }
        }
    }
    let mut sent: HashMap<&str, bool> = HashMap::new();
    for call in &history.calls {
        let Some(text) = &call.text else { continue };
        let refused = history.answers.get(&call.n).is_some_and(|answer| matches!(answer.outcome, Outcome::Refused(_)));
        *sent.entry(text).or_default() |= !refused;
    }
    for message in history.messages.values() {
        match sent.get(message.body.as_str()) {
            None => found.push(format!("message {} is stored and nobody sent it", message.id)),
            Some(false) => found.push(format!("message {} is stored though it was refused", message.id)),
            Some(true) => {}
        }
    }
    found
}

/// One row for each thing sent, however often; the same answer each time.
pub(super) fn doubled(history: &History) -> Vec<String> {
    let mut found = Vec::new();
    let (mut bodies, mut names) = (HashSet::new(), HashSet::new());
    for message in history.messages.values() {
        if !bodies.insert(message.body.as_str()) {
            found.push(format!("{:?} is stored twice", message.body));
        }
        let name = message.client_id.as_ref().map(|name| (&message.author, name));
        if name.is_some_and(|name| !names.insert(name)) {
            found.push(format!("two messages of one author are called {:?}", message.client_id));
        }
    }
    let mut ids: HashMap<&str, &str> = HashMap::new();
    for what in [What::Post, What::Open] {
        for (call, id, _) in history.acknowledged(what) {
            if *ids.entry(&call.key).or_insert(id) != id {
                found.push(format!("{} was acknowledged with two ids", call.key));
            }
        }
    }
    found
}

/// In each conversation, `seq` is 1, 2, 3 … for staff, `public_seq` for customers, and the counters say how many.
pub(super) fn dense(history: &History) -> Vec<String> {
    let mut by_conversation: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
    for message in history.messages.values() {
        by_conversation.entry(&message.conversation).or_default().push(message);
    }
    let mut found = Vec::new();
    for conversation in &history.conversations {
        let mut messages = by_conversation.remove(conversation.id.as_str()).unwrap_or_default();
        messages.sort_by_key(|message| message.seq);
        let (mut seq, mut public) = (0, 0);
        for message in messages {
            seq += 1;
            public += i64::from(message.kind == "reply");
            if (message.seq, message.public_seq) != (seq, public) {
                found.push(format!(
                    "message {} is {} and {} for customers, and should be {seq} and {public}",
                    message.id, message.seq, message.public_seq
                ));
                (seq, public) = (message.seq, message.public_seq);
            }
        }
        if (conversation.last_seq, conversation.last_public_seq) != (seq, public) {
            found.push(format!("conversation {} counts otherwise than its messages", conversation.id));
        }
    }
    found.extend(by_conversation.into_keys().map(|id| format!("messages of {id}, which is no conversation")));
    found
}
