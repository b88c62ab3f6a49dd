//! The feed under fire: writers that take their time between ordinal and commit and give up now and
//! then, sequencers that stand in each other's way. A checker decides from the history of what was
//! committed; a reader that trusts the writers' ordinals must not pass it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use baton_domain::conversation::Counters;
use baton_domain::event::{By, Event, Fact, Room};
use baton_domain::id::{ConversationId, EventId, OrgId, UserId};
use baton_domain::user::Role;
use baton_store::{Db, SystemDb, conversations, events, feed};
use baton_testkit::{Database, Login};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::session::{Duration, Session, options, pool};

const ORG: OrgId = OrgId(Uuid::from_u128(1));

// ---------------------------------------------------------------- the checker

/// What the writers know: for each conversation its events in the order of their commits, and what they
/// gave up.
#[derive(Debug, Default)]
struct History {
    committed: HashMap<ConversationId, Vec<EventId>>,
    aborted: HashSet<EventId>,
}

/// What a reader has against a history. Empty: nothing.
#[derive(Debug, Default, PartialEq)]
struct Faults {
    missed: Vec<EventId>,
    /// Read, though given up or never written.
    leaked: Vec<EventId>,
    repeated: Vec<EventId>,
    /// Positions that do not follow the one before by one.
    gaps: Vec<i64>,
    /// Read before an event of its conversation that was committed earlier.
    inverted: Vec<EventId>,
}

fn check(history: &History, read: &[(i64, EventId)]) -> Faults {
    let mut faults = Faults::default();
    let mut place = HashMap::new();
    for (index, (position, event)) in read.iter().enumerate() {
        if *position != index as i64 + 1 {
            faults.gaps.push(*position);
        }
        if place.insert(*event, index).is_some() {
            faults.repeated.push(*event);
        }
    }
    let mut written = HashSet::new();
    for order in history.committed.values() {
        let mut last = None;
        for event in order {
            written.insert(*event);
            match place.get(event) {
                None => faults.missed.push(*event),
                Some(index) if Some(*index) < last => faults.inverted.push(*event),
                Some(index) => last = Some(*index),
            }
        }
    }
    faults.leaked = read.iter().map(|(_, event)| *event).filter(|event| !written.contains(event)).collect();
    assert!(history.aborted.is_disjoint(&written), "the history contradicts itself");
    faults
}

#[test]
fn the_checker_finds_each_fault() {
    let (a, b, c) = (EventId(Uuid::from_u128(1)), EventId(Uuid::from_u128(2)), EventId(Uuid::from_u128(3)));
    let conversation = ConversationId(Uuid::from_u128(1));
    let history = History { committed: HashMap::from([(conversation, vec![a, b])]), aborted: HashSet::from([c]) };
    assert_eq!(check(&history, &[(1, a), (2, b)]), Faults::default());
    assert_eq!(check(&history, &[(1, a)]).missed, [b]);
    assert_eq!(check(&history, &[(1, a), (2, b), (3, c)]).leaked, [c]);
    assert_eq!(check(&history, &[(1, a), (2, b), (3, a)]).repeated, [a]);
    assert_eq!(check(&history, &[(1, a), (3, b)]).gaps, [3]);
    assert_eq!(check(&history, &[(1, b), (2, a)]).inverted, [b]);
}

// ---------------------------------------------------------------- the run

/// A small generator of one's own (SplitMix64), so that a printed seed replays a run's choices.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

const CONVERSATIONS: u128 = 6;

fn conversation(n: u128) -> ConversationId {
    ConversationId(Uuid::from_u128(100 + n))
}

/// A database with one organisation and some conversations.
async fn conversations_to_write_in() -> Database {
    let database = baton_testkit::database().await;
    database
        .run_as_owner(&format!("insert into organizations (id, slug, name) values ('{ORG}', 'acme', 'Acme')"))
        .await;
    let db = database.app().await;
    let tx = db.begin("conversations", ORG).await.unwrap();
    for n in 0..CONVERSATIONS {
        conversations::insert(&tx, conversation(n)).await.unwrap();
    }
    tx.commit().await.unwrap();
    database
}

fn event(id: EventId, conversation: ConversationId) -> Event {
    Event {
        id,
        org: ORG,
        at: "2026-03-02T09:00:00Z".parse().unwrap(),
        by: By::system("test"),
        conversation_id: Some(conversation),
        rooms: vec![Room::ConversationStaff(conversation)],
        trace: None,
        fact: Fact::ConversationRead { user_id: UserId(Uuid::nil()), role: Role::Agent, counters: Counters::default() },
    }
}

/// Writes `rounds` transactions of one to three events, each in some conversation, and notes what became
/// of them. The note is made under the conversation's lock, so its order is that of the commits.
async fn write(db: Db, history: Arc<Mutex<History>>, writer: u128, rounds: u128, seed: u64) {
    let mut dice = Dice(seed);
    for round in 0..rounds {
        let conversation = conversation(u128::from(dice.below(CONVERSATIONS as u64)));
        let ids: Vec<_> = (0..=u128::from(dice.below(3)))
            .map(|n| EventId(Uuid::from_u128((writer << 32) | (round << 8) | n | (1 << 64))))
            .collect();
        let tx = db.begin("write", ORG).await.unwrap();
        conversations::lock(&tx, conversation).await.unwrap().unwrap();
        let events: Vec<_> = ids.iter().map(|id| event(*id, conversation)).collect();
        events::record(&tx, &events).await.unwrap();
        // The work of a transaction between its ordinal and its commit.
        tokio::time::sleep(Duration::from_micros(dice.below(8_000))).await;
        if dice.below(10) == 0 {
            history.lock().unwrap().aborted.extend(&ids);
            drop(tx);
        } else {
            history.lock().unwrap().committed.entry(conversation).or_default().extend(&ids);
            tx.commit().await.unwrap();
        }
    }
}

/// One turn of a sequencer: the number of events it placed; `None` while another holds the head.
async fn sequence(system: &SystemDb) -> Option<usize> {
    let tx = system.checkout("sequence").await.unwrap();
    let ((), head) = futures::try_join!(tx.start(), feed::lock_head(&tx)).unwrap();
    let placed = match head {
        Some(_) => Some(feed::place(&tx).await.unwrap()),
        None => None,
    };
    tx.commit().await.unwrap();
    placed.map(|placed| placed.len())
}

/// The whole feed, page by page.
async fn read_feed(system: &SystemDb) -> Vec<(i64, EventId)> {
    let mut read: Vec<(i64, EventId)> = Vec::new();
    loop {
        let tx = system.begin("read").await.unwrap();
        let after = read.last().map_or(0, |(position, _)| *position);
        let page = feed::range(&tx, after, 100).await.unwrap();
        tx.commit().await.unwrap();
        if page.is_empty() {
            return read;
        }
        read.extend(page.iter().map(|placed| (placed.position, placed.passing.event().unwrap().id)));
    }
}

async fn stress(sequencers: usize, seed: u64) {
    println!("seed {seed}, {sequencers} sequencers");
    const WRITERS: u128 = 16;
    const ROUNDS: u128 = 25;
    let database = conversations_to_write_in().await;
    let db = pool(options(&database, 16)).await;
    let history = Arc::new(Mutex::new(History::default()));
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let seed = seed.wrapping_mul(31).wrapping_add(writer as u64);
        writers.spawn(write(db.clone(), Arc::clone(&history), writer, ROUNDS, seed));
    }
    let system = database.system().await;
    let (done, stop) = tokio::sync::watch::channel(false);
    let mut placing = JoinSet::new();
    for _ in 0..sequencers {
        let (system, stop) = (system.clone(), stop.clone());
        placing.spawn(async move {
            let (mut turns, mut standbys) = (0, 0);
            // One more turn after the writers' end takes the rest; the loop ends on an empty one.
            loop {
                let last = *stop.borrow();
                match sequence(&system).await {
                    None => standbys += 1,
                    Some(0) if last => return (turns, standbys),
                    Some(_) => turns += 1,
                }
                tokio::task::yield_now().await;
            }
        });
    }
    while let Some(writer) = writers.join_next().await {
        writer.unwrap();
    }
    done.send(true).unwrap();
    let turns = placing.join_all().await;
    println!("turns with and without the head: {turns:?}");

    let history = Arc::into_inner(history).unwrap().into_inner().unwrap();
    let written: usize = history.committed.values().map(Vec::len).sum();
    assert!(written > 300 && !history.aborted.is_empty(), "{written} written, {} given up", history.aborted.len());
    assert_eq!(check(&history, &read_feed(&system).await), Faults::default());
    let left = database.lines("select count(*)::text as line from outbox").await;
    assert_eq!(left, ["0"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sequencer_loses_nothing_and_makes_nothing_up() {
    stress(1, 7).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_sequencers_are_as_one() {
    stress(3, u64::from(std::process::id())).await;
}

// ---------------------------------------------------------------- the planted bug

/// A reader that goes on behind the highest ordinal it has seen.
struct Naive {
    last: i64,
    read: Vec<EventId>,
}

impl Naive {
    async fn poll(&mut self, owner: &Session) {
        let query =
            format!("select ordinal || ' ' || event_id from outbox where ordinal > {} order by ordinal", self.last);
        for row in owner.column(&query).await {
            let (ordinal, event) = row.split_once(' ').unwrap();
            self.last = ordinal.parse().unwrap();
            self.read.push(EventId(event.parse().unwrap()));
        }
    }

    /// What it read, as if its own order were the feed's.
    fn numbered(&self) -> Vec<(i64, EventId)> {
        (1..).zip(self.read.iter().copied()).collect()
    }
}

/// `id > last`: a row that commits late is skipped. The checker must see it, or it is none.
#[tokio::test]
async fn a_cursor_over_the_writers_ordinals_is_caught() {
    let database = conversations_to_write_in().await;
    let db = pool(options(&database, 2)).await;
    let owner = Session::open(&database, Login::Owner).await;
    let mut naive = Naive { last: 0, read: Vec::new() };
    let (early, late) = (EventId(Uuid::from_u128(1)), EventId(Uuid::from_u128(2)));

    // The early ordinal's commit is held back while a later one commits in another conversation.
    let held = db.begin("held", ORG).await.unwrap();
    conversations::lock(&held, conversation(0)).await.unwrap().unwrap();
    events::record(&held, &[event(early, conversation(0))]).await.unwrap();
    let quick = db.begin("quick", ORG).await.unwrap();
    conversations::lock(&quick, conversation(1)).await.unwrap().unwrap();
    events::record(&quick, &[event(late, conversation(1))]).await.unwrap();
    quick.commit().await.unwrap();
    naive.poll(&owner).await;
    assert_eq!(naive.read, [late]);

    // The sequencer looks at the same moment, and again when the rest is there.
    let system = database.system().await;
    assert_eq!(sequence(&system).await, Some(1));
    held.commit().await.unwrap();
    naive.poll(&owner).await;
    assert_eq!(sequence(&system).await, Some(1));
    naive.poll(&owner).await;

    let history = History {
        committed: HashMap::from([(conversation(0), vec![early]), (conversation(1), vec![late])]),
        aborted: HashSet::new(),
    };
    assert_eq!(check(&history, &naive.numbered()), Faults { missed: vec![early], ..Faults::default() });
    assert_eq!(check(&history, &read_feed(&system).await), Faults::default());
}

/// The same among sixteen writers, with nobody holding anything back by hand.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_cursor_is_caught_among_many_writers() {
    let database = conversations_to_write_in().await;
    let db = pool(options(&database, 16)).await;
    let owner = Session::open(&database, Login::Owner).await;
    let history = Arc::new(Mutex::new(History::default()));
    let mut writers = JoinSet::new();
    for writer in 0..16 {
        writers.spawn(write(db.clone(), Arc::clone(&history), writer, 25, writer as u64));
    }
    let mut naive = Naive { last: 0, read: Vec::new() };
    while !writers.is_empty() {
        naive.poll(&owner).await;
        while writers.try_join_next().is_some() {}
    }
    naive.poll(&owner).await;
    // No sequencer took anything away: what it lacks, it has passed over.
    let history = Arc::into_inner(history).unwrap().into_inner().unwrap();
    let written: usize = history.committed.values().map(Vec::len).sum();
    let faults = check(&history, &naive.numbered());
    println!("missed {} of {written}", faults.missed.len());
    assert!(!faults.missed.is_empty());
    // The feed over the very same outbox has them all.
    let system = database.system().await;
    while sequence(&system).await != Some(0) {}
    assert_eq!(check(&history, &read_feed(&system).await), Faults::default());
}

/// A sequencer killed before its commit has placed nothing; the next one places it all.
#[tokio::test]
async fn a_sequencer_that_dies_leaves_no_hole() {
    let database = conversations_to_write_in().await;
    let db = pool(options(&database, 2)).await;
    let system = database.system().await;
    for n in 0..10 {
        let tx = db.begin("write", ORG).await.unwrap();
        conversations::lock(&tx, conversation(n % CONVERSATIONS)).await.unwrap().unwrap();
        events::record(&tx, &[event(EventId(Uuid::from_u128(n + 1)), conversation(n % CONVERSATIONS))]).await.unwrap();
        tx.commit().await.unwrap();
        if n == 4 {
            assert_eq!(sequence(&system).await, Some(5));
        }
    }
    let dying = system.begin("dying").await.unwrap();
    assert_eq!(feed::lock_head(&dying).await.unwrap(), Some(5));
    assert_eq!(feed::place(&dying).await.unwrap().len(), 5);
    assert_eq!(sequence(&system).await, None, "the head is fenced");
    drop(dying);
    let heir = system.begin("heir").await.unwrap();
    let head =
        baton_testkit::wait_for("the head", crate::session::SOON, async || feed::lock_head(&heir).await.unwrap());
    assert_eq!(head.await, 5);
    let placed = feed::place(&heir).await.unwrap();
    heir.commit().await.unwrap();
    assert_eq!(placed.iter().map(|placed| placed.position).collect::<Vec<_>>(), [6, 7, 8, 9, 10]);
    assert_eq!(read_feed(&system).await.len(), 10);
}

#[tokio::test]
async fn whoever_is_frozen_with_the_head_in_hand_stops_the_feed_for_seconds_only() {
    let database = conversations_to_write_in().await;
    let system = database.system().await;
    let frozen = system.begin("frozen").await.unwrap();
    assert_eq!(feed::lock_head(&frozen).await.unwrap(), Some(0));
    let began = Instant::now();
    baton_testkit::wait_for("the head", crate::session::SOON, async || sequence(&system).await).await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(frozen.commit().await.is_err(), "it was put aside");
}
