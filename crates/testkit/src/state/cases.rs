//! What the check saw, for clients that patch their screens too: they replay it.
//!
//! A case is one action as one viewer saw it: state before, the events heard, state after, all as the wire shows them.
//! The cases are kept in a file beside the web app's reducer; the test that compares it writes it anew when
//! `BATON_UPDATE_CASES` is set.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use baton_app::conversations::audience_of;
use baton_domain::access::Permission;
use baton_domain::event::Event;
use baton_wire::conversations::Message;
use baton_wire::event::project;
use baton_wire::tickets::{Standing, Ticket};
use serde::Serialize;
use uuid::Uuid;

use super::Screen;

/// Where the cases are kept.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/live/cases.json");

/// What one viewer saw of one action.
#[derive(Debug, Clone)]
pub struct Case {
    /// What happened, and who looks.
    pub name: String,
    viewer: String,
    before: Shown,
    events: Vec<String>,
    after: Shown,
}

/// A screen as the wire shows it: tickets, and the threads that are loaded by their ids, each written as JSON.
#[derive(Debug, Clone)]
struct Shown {
    tickets: Vec<String>,
    threads: Vec<(String, Vec<String>)>,
}

impl Case {
    /// What `before`'s viewer saw; `None` when they see nothing before, after and between.
    pub(super) fn of(before: &Screen, heard: &[&Event], after: &Screen) -> Option<Self> {
        if before.cards.is_empty() && heard.is_empty() && after.cards.is_empty() {
            return None;
        }
        let (viewer, audience) = (&before.viewer, before.audience());
        let events = heard.iter().filter_map(|event| project(event, None, audience)).map(|event| json(&event));
        Some(Self {
            name: viewer.name.clone(),
            viewer: json(&serde_json::json!({
                "id": viewer.user,
                "role": viewer.role,
                "audience": audience,
                "teams": viewer.teams,
                "sees_all": viewer.may(Permission::TicketsViewAll),
            })),
            before: Shown::of(before),
            events: events.collect(),
            after: Shown::of(after),
        })
    }

    fn write(&self, into: &mut String) {
        let (name, viewer) = (json(&self.name), &self.viewer);
        let _ = write!(into, "{{\"name\":{name},\n\"viewer\":{viewer},\n\"before\":");
        self.before.write(into);
        into.push_str(",\n\"events\":");
        list(into, &self.events);
        into.push_str(",\n\"after\":");
        self.after.write(into);
        into.push('}');
    }
}

impl Shown {
    fn of(screen: &Screen) -> Self {
        let audience = audience_of(&screen.viewer);
        let ticket =
            |card: &super::Card| Ticket::for_reader(card.ticket.clone(), audience, card.read, Standing::default());
        let thread = |card: &super::Card| {
            let messages = card.messages.as_ref()?.iter().filter_map(|message| Message::of(message.clone(), audience));
            Some((card.ticket.id.to_string(), messages.map(|message| json(&message)).collect()))
        };
        let cards = screen.cards.values();
        Self {
            tickets: cards.clone().map(|card| json(&ticket(card))).collect(),
            threads: cards.filter_map(thread).collect(),
        }
    }

    fn write(&self, into: &mut String) {
        into.push_str("{\"tickets\":");
        list(into, &self.tickets);
        into.push_str(",\"threads\":{");
        for (index, (id, messages)) in self.threads.iter().enumerate() {
            let _ = write!(into, "{}\"{id}\":", if index > 0 { "," } else { "" });
            list(into, messages);
        }
        into.push_str("}}");
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("what is on the wire can be written")
}

/// A list with a line for each item, so that a difference shows.
fn list(into: &mut String, items: &[String]) {
    let _ = write!(into, "[{}{}]", if items.is_empty() { "" } else { "\n" }, items.join(",\n"));
}

/// Ids in the order of their appearance in the place of drawn ones: the same actions give the same text.
fn steady(text: &str) -> String {
    let mut known = HashMap::new();
    let mut steady = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let of_an_id = |c: char| c.is_ascii_hexdigit() || c == '-';
        let run = rest.find(|c| !of_an_id(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(run);
        match Uuid::try_parse(word) {
            Ok(id) if word.len() == 36 => {
                let next = known.len() as u128 + 1;
                let id = known.entry(id).or_insert_with(|| Uuid::from_u128((7 << 76) | (2 << 62) | next));
                let _ = write!(steady, "{id}");
            }
            _ => steady.push_str(word),
        }
        let between = behind.find(of_an_id).unwrap_or(behind.len());
        let (plain, next) = behind.split_at(between);
        steady.push_str(plain);
        rest = next;
    }
    steady
}

/// Compares the cases with those that are kept, scenario by scenario; with `BATON_UPDATE_CASES` set, keeps them
/// instead.
pub fn check_cases(scenarios: &[Vec<Case>]) {
    let texts = scenarios.iter().map(|cases| {
        let mut text = String::new();
        for case in cases {
            text.push_str(if text.is_empty() { "" } else { ",\n" });
            case.write(&mut text);
        }
        steady(&text)
    });
    let text = format!("[\n{}\n]\n", texts.collect::<Vec<_>>().join(",\n"));
    let file = Path::new(FILE);
    #[expect(clippy::disallowed_methods, reason = "the hand of whoever runs the test")]
    let update = std::env::var_os("BATON_UPDATE_CASES").is_some();
    if update {
        std::fs::write(file, text).expect("the cases are kept");
        return;
    }
    let kept = std::fs::read_to_string(file).expect("the cases that are kept");
    let differs = kept.lines().zip(text.lines()).position(|(kept, now)| kept != now);
    assert!(
        kept == text,
        "web/src/live/cases.json is not what happens now, from line {:?} on; if it should be, run this test with \
         BATON_UPDATE_CASES=1 and look at the difference",
        differs.map(|line| line + 1)
    );
}
