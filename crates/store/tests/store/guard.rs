//! The guard when things go wrong in the middle: dropped, cancelled, killed, too late; and the order of
//! statements that go out together.

use std::time::Instant;

use baton_domain::conversation::Counters;
use baton_domain::event::{By, Event, Fact, Room};
use baton_domain::id::{EventId, OrgId, TeamId, UserId};
use baton_domain::user::Role;
use baton_store::{Db, Error, Options, Tx, conversations, events, teams};
use baton_testkit::{Database, Login, World, wait_for};
use futures::FutureExt;
use futures::future::BoxFuture;
use proptest::prelude::*;
use uuid::Uuid;

use crate::session::{Duration, SOON, Session, backends, options, pool, somebody_waits, team};

const OURS: OrgId = OrgId(Uuid::from_u128(1));
const THEIRS: OrgId = OrgId(Uuid::from_u128(2));

/// A database with two organisations and nothing in them.
async fn two_organisations() -> Database {
    let database = baton_testkit::database().await;
    database
        .run_as_owner(&format!(
            "insert into organizations (id, slug, name) values ('{OURS}', 'ours', 'Ours'), ('{THEIRS}', 'theirs', 'Theirs')"
        ))
        .await;
    database
}

async fn slugs(tx: &Tx) -> Vec<String> {
    teams::all(tx).await.unwrap().into_iter().map(|team| team.slug).collect()
}

/// All teams there are, read past every policy.
async fn stored(database: &Database) -> Vec<String> {
    database.lines("select slug as line from teams order by slug").await
}

fn is_unavailable<T: std::fmt::Debug>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Unavailable(_)))
}

// ---------------------------------------------------------------- dropped and cancelled

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    let database = two_organisations().await;
    let db = pool(options(&database, 1)).await;
    let tx = db.begin("dropped", OURS).await.unwrap();
    teams::insert(&tx, &team(1, "half-done")).await.unwrap();
    assert_eq!(slugs(&tx).await, ["half-done"]);
    drop(tx);
    // The same connection: the rollback stood before this.
    let tx = db.begin("after", OURS).await.unwrap();
    assert_eq!(slugs(&tx).await, Vec::<String>::new());
    tx.commit().await.unwrap();
    assert_eq!(stored(&database).await, Vec::<String>::new());
}

/// The guard may be dropped by a thread that no runtime knows of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_dropped_outside_the_runtime_leaves_nothing() {
    let database = two_organisations().await;
    let db = pool(options(&database, 1)).await;
    let tx = db.begin("dropped", OURS).await.unwrap();
    teams::insert(&tx, &team(1, "half-done")).await.unwrap();
    std::thread::spawn(move || drop(tx)).join().unwrap();

    let tx = db.begin("after", THEIRS).await.unwrap();
    teams::insert(&tx, &team(2, "whole")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stored(&database).await, ["whole"]);
}

#[tokio::test]
async fn a_transaction_with_a_failed_statement_cannot_be_committed() {
    let database = two_organisations().await;
    let db = pool(options(&database, 1)).await;
    let tx = db.begin("failed", OURS).await.unwrap();
    teams::insert(&tx, &team(1, "support")).await.unwrap();
    let taken = teams::insert(&tx, &team(2, "support")).await;
    assert!(matches!(taken, Err(Error::Taken { .. })), "{taken:?}");
    // Postgres answers COMMIT here with a rollback and without an error.
    tx.commit().await.expect_err("nothing was stored, so nothing was committed");
    assert_eq!(stored(&database).await, Vec::<String>::new());
}

/// Makes every commit of a team wait for `session`, which holds what the trigger wants.
async fn hold_commits(session: &Session) {
    session
        .run(
            "create function hold() returns trigger language plpgsql as
                $$ begin perform pg_advisory_xact_lock(7); return null; end $$;
             create constraint trigger hold after insert on teams deferrable initially deferred
                for each row execute function hold();
             select pg_advisory_lock(7)",
        )
        .await;
}

#[tokio::test]
async fn a_cancelled_commit_leaves_its_connection_clean() {
    let database = two_organisations().await;
    let db = pool(options(&database, 1)).await;
    let owner = Session::open(&database, Login::Owner).await;
    hold_commits(&owner).await;

    let tx = db.begin("cancelled", OURS).await.unwrap();
    teams::insert(&tx, &team(1, "nobody-knows")).await.unwrap();
    let before = backends(&database).await;
    tokio::select! {
        _ = tx.commit() => panic!("the commit is held"),
        () = somebody_waits(&database) => {}
    }
    owner.run("select pg_advisory_unlock(7)").await;

    let tx = db.begin("after", THEIRS).await.unwrap();
    assert_eq!(slugs(&tx).await, Vec::<String>::new(), "still in the other organisation's transaction");
    teams::insert(&tx, &team(2, "undone")).await.unwrap();
    drop(tx);
    let tx = db.begin("after", THEIRS).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(backends(&database).await, before, "another connection proves nothing");
    assert_eq!(stored(&database).await, ["nobody-knows"], "the commit was with Postgres already");
}

/// Cut anywhere, a transaction is whole or it is not; the next one on its connection is nobody's but
/// its own.
#[tokio::test]
async fn a_transaction_cut_anywhere_is_whole_or_nothing() {
    let database = two_organisations().await;
    let db = pool(options(&database, 1)).await;
    let mut cut = 0;
    for round in 0..300_u128 {
        let org = if round.is_multiple_of(2) { OURS } else { THEIRS };
        let pair = [team(round * 2 + 10, &format!("r{round}-a")), team(round * 2 + 11, &format!("r{round}-b"))];
        let work = async {
            let tx = db.begin("cut", org).await?;
            let others = if org == OURS { "ours" } else { "theirs" };
            for team in teams::all(&tx).await? {
                let round: u128 = team.slug[1..].split_once('-').unwrap().0.parse().unwrap();
                assert_eq!(round.is_multiple_of(2), org == OURS, "{} seen by {others}", team.slug);
            }
            teams::insert(&tx, &pair[0]).await?;
            teams::insert(&tx, &pair[1]).await?;
            tx.commit().await
        };
        // Spread over the few milliseconds that the whole takes.
        let bound = Duration::from_micros(u64::try_from(round * 37 % 4_000).unwrap());
        match tokio::time::timeout(bound, work).await {
            Ok(done) => done.unwrap(),
            Err(_) => cut += 1,
        }
    }
    assert!((20..=280).contains(&cut), "{cut} of 300 were cut: the bounds do not meet the work");
    db.begin("last", OURS).await.unwrap().commit().await.unwrap();
    let halves =
        database.lines("select split_part(slug, '-', 1) as line from teams group by 1 having count(*) <> 2").await;
    assert_eq!(halves, Vec::<String>::new());
}

// ---------------------------------------------------------------- too late, too many, killed

#[tokio::test]
async fn a_statement_beyond_its_time_is_an_answer_and_not_a_hang() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let ticket = org.customer("Cleo").await.opens(&org, "Printer").await.ticket.id;
    let database = &world.database;
    let db = pool(Options { statement_timeout: Duration::from_millis(200), ..options(database, 1) }).await;
    let blocker = Session::open(database, Login::Owner).await;
    blocker.run(&format!("begin; select from conversations where id = '{ticket}' for update")).await;

    let tx = db.begin("late", org.id).await.unwrap();
    let started = Instant::now();
    let late = conversations::lock(&tx, ticket).await;
    assert!(is_unavailable(&late), "{late:?}");
    assert!(started.elapsed() < SOON);
    drop(tx);

    let tx = db.begin("after", org.id).await.unwrap();
    assert_eq!(slugs(&tx).await.len(), 2);
}

fn pool_timeouts() -> u64 {
    let families = prometheus::gather();
    let family = families.iter().find(|family| family.name() == "baton_pool_timeouts_total");
    let of_app = family
        .iter()
        .flat_map(|family| family.get_metric())
        .filter(|metric| metric.get_label().iter().any(|label| (label.name(), label.value()) == ("pool", "app")));
    of_app.map(|metric| metric.get_counter().get_value() as u64).sum()
}

#[tokio::test]
async fn an_exhausted_pool_is_told_in_time_and_counted() {
    let database = two_organisations().await;
    let bound = Duration::from_millis(200);
    let db = pool(Options { checkout_timeout: bound, ..options(&database, 1) }).await;
    let held = db.begin("held", OURS).await.unwrap();
    let before = pool_timeouts();

    let started = Instant::now();
    let refused = db.begin("refused", OURS).await;
    assert!(is_unavailable(&refused), "{refused:?}");
    assert!(started.elapsed() >= bound && started.elapsed() < SOON, "{:?}", started.elapsed());
    assert!(pool_timeouts() > before);

    held.commit().await.unwrap();
    db.begin("after", OURS).await.unwrap().commit().await.unwrap();
}

async fn kill(owner: &Session, pid: &str) {
    owner.run(&format!("select pg_terminate_backend({pid}, 10000)")).await;
}

#[tokio::test]
async fn a_killed_backend_is_an_error_and_the_pool_heals() {
    let database = two_organisations().await;
    let db = pool(options(&database, 1)).await;
    let owner = Session::open(&database, Login::Owner).await;
    let tx = db.begin("killed", OURS).await.unwrap();
    teams::insert(&tx, &team(1, "lost")).await.unwrap();
    let dead = backends(&database).await;
    kill(&owner, &dead[0]).await;

    let refused = teams::insert(&tx, &team(2, "lost-too")).await;
    assert!(is_unavailable(&refused), "{refused:?}");
    let refused = tx.commit().await;
    assert!(refused.is_err());

    let tx = db.begin("after", OURS).await.unwrap();
    assert_eq!(slugs(&tx).await, Vec::<String>::new());
    teams::insert(&tx, &team(3, "kept")).await.unwrap();
    tx.commit().await.unwrap();
    assert_ne!(backends(&database).await, dead);
    assert_eq!(stored(&database).await, ["kept"]);
}

/// Postgres restarted: what lay idle in the pool is dead, and nobody's request must find out.
#[tokio::test]
async fn connections_that_died_idle_are_not_handed_out() {
    let database = two_organisations().await;
    let db = pool(options(&database, 4)).await;
    let owner = Session::open(&database, Login::Owner).await;
    let four = [(); 4].map(|()| db.begin("warm", OURS));
    for tx in futures::future::try_join_all(four).await.unwrap() {
        tx.commit().await.unwrap();
    }
    let dead = backends(&database).await;
    assert_eq!(dead.len(), 4);
    for pid in &dead {
        kill(&owner, pid).await;
    }
    for _ in 0..4 {
        db.begin("after", OURS).await.unwrap().commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_pool_made_while_postgres_is_away_serves_when_it_is_back() {
    let database = two_organisations().await;
    let name = database.lines("select current_database()::text as line").await.remove(0);
    let owner = Session::open_url(&database.url(Login::Owner).replace(&name, "postgres")).await;
    owner.run(&format!("alter database {name} allow_connections false")).await;
    let db = pool(Options { checkout_timeout: Duration::from_millis(300), ..options(&database, 2) }).await;
    let away = db.begin("away", OURS).await;
    assert!(is_unavailable(&away), "{away:?}");

    owner.run(&format!("alter database {name} allow_connections true")).await;
    wait_for("a connection", SOON, async || db.begin("back", OURS).await.ok()).await.commit().await.unwrap();
}

// ---------------------------------------------------------------- one flight, in order

/// One step of a flight on one team.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Insert,
    Rename(u8),
    Read,
    List,
}

/// What a step showed: whether the team was there, under which name.
type Shown = Option<Option<String>>;

const TEAM: TeamId = TeamId(Uuid::from_u128(9));

fn run(tx: &Tx, step: Step) -> BoxFuture<'_, baton_store::Result<Shown>> {
    async move {
        match step {
            Step::Insert => teams::insert(tx, &team(9, "t")).await.map(|()| None),
            Step::Rename(n) => {
                let renamed = teams::Team { name: format!("n{n}"), ..team(9, "t") };
                teams::update(tx, &renamed).await.map(|()| None)
            }
            Step::Read => Ok(Some(teams::by_id(tx, TEAM).await?.map(|team| team.name))),
            Step::List => Ok(Some(teams::all(tx).await?.into_iter().next().map(|team| team.name))),
        }
    }
    .boxed()
}

/// What the steps show one after the other.
fn expected(steps: &[Step]) -> Vec<Shown> {
    let mut name = None;
    let show = |step: &Step| match step {
        Step::Insert => {
            name = Some("t".to_owned());
            None
        }
        Step::Rename(n) => {
            name = name.as_ref().map(|_| format!("n{n}"));
            None
        }
        Step::Read | Step::List => Some(name.clone()),
    };
    steps.iter().map(show).collect()
}

fn flights() -> impl Strategy<Value = (Vec<Step>, Vec<Step>)> {
    let step = prop_oneof![(0..9_u8).prop_map(Step::Rename), Just(Step::Read), Just(Step::List)];
    let warm = prop::collection::vec(step.clone(), 0..3);
    let flight = (prop::collection::vec(step.clone(), 0..4), prop::collection::vec(step, 0..10)).prop_map(
        |(mut before, after)| {
            before.push(Step::Insert);
            before.extend(after);
            before
        },
    );
    (warm, flight)
}

/// Whatever is prepared already on the connection and whatever is not: a flight is carried out in the
/// order written. BEGIN and scope stand in it too.
#[test]
fn a_flight_is_carried_out_in_the_order_written() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let database = runtime.block_on(two_organisations());
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |((warm, flight) in flights())| {
        runtime.block_on(async {
            let db = pool(options(&database, 1)).await;
            let tx = db.begin("warm", OURS).await.unwrap();
            for step in warm {
                run(&tx, step).await.unwrap();
            }
            tx.commit().await.unwrap();

            let tx = db.checkout("flight", OURS).await.unwrap();
            let steps = futures::future::try_join_all(flight.iter().map(|step| run(&tx, *step)));
            let ((), shown) = futures::try_join!(tx.start(), steps).unwrap();
            assert_eq!(shown, expected(&flight));
        });
    });
}

#[tokio::test]
async fn a_first_flight_of_unprepared_statements_is_carried_out_in_order() {
    let database = two_organisations().await;
    for _ in 0..20 {
        let db = pool(options(&database, 1)).await;
        let tx = db.checkout("flight", OURS).await.unwrap();
        let renamed = teams::Team { name: "renamed".into(), ..team(9, "t") };
        let before = team(9, "t");
        let ((), none, (), one, (), all) = futures::try_join!(
            tx.start(),
            teams::find(&tx, "t"),
            teams::insert(&tx, &before),
            teams::by_id(&tx, TEAM),
            teams::update(&tx, &renamed),
            teams::all(&tx),
        )
        .unwrap();
        assert_eq!((none, one), (None, Some(before)));
        assert_eq!(all.into_iter().map(|team| team.name).collect::<Vec<_>>(), ["renamed"]);
    }
}

/// An event of the organisation that needs nothing else to be there.
fn event(n: u128) -> Event {
    Event {
        id: EventId(Uuid::from_u128(n)),
        org: OURS,
        at: "2026-03-02T09:00:00Z".parse().unwrap(),
        by: By::system("test"),
        conversation_id: None,
        rooms: vec![Room::OrgStaff(OURS)],
        trace: None,
        fact: Fact::ConversationRead { user_id: UserId(Uuid::nil()), role: Role::Agent, counters: Counters::default() },
    }
}

/// A COMMIT sent past the statement cache once overtook the statement that was still being prepared.
#[tokio::test]
async fn a_commit_does_not_overtake_an_unprepared_last_statement() {
    let database = two_organisations().await;
    for n in 0..30 {
        let db = pool(options(&database, 1)).await;
        let tx = db.begin("first of its connection", OURS).await.unwrap();
        events::record_and_commit(tx, &[event(n)]).await.unwrap();
        let count = format!("select count(*)::text as line from events where id = '{}'", Uuid::from_u128(n));
        assert_eq!(database.lines(&count).await, ["1"]);
        // And again, now that both are prepared.
        let tx = db.begin("second", OURS).await.unwrap();
        events::record_and_commit(tx, &[event(1_000 + n)]).await.unwrap();
    }
    assert_eq!(database.lines("select count(*)::text as line from events").await, ["60"]);
    assert_eq!(database.lines("select count(*)::text as line from outbox").await, ["60"]);
}

#[tokio::test]
async fn a_last_statement_that_fails_takes_the_commit_with_it() {
    let database = two_organisations().await;
    let db = pool(options(&database, 1)).await;
    let first = db.begin("first", OURS).await.unwrap();
    events::record_and_commit(first, &[event(1)]).await.unwrap();

    let tx = db.begin("failing", OURS).await.unwrap();
    teams::insert(&tx, &team(1, "half-done")).await.unwrap();
    let twice = events::record_and_commit(tx, &[event(1)]).await;
    assert!(matches!(twice, Err(Error::Taken { .. })), "{twice:?}");
    assert_eq!(stored(&database).await, Vec::<String>::new());

    let tx = after(&db).await;
    assert_eq!(slugs(&tx).await, Vec::<String>::new());
}

async fn after(db: &Db) -> Tx {
    db.begin("after", OURS).await.unwrap()
}

// ---------------------------------------------------------------- wakes

#[tokio::test]
async fn wakes_are_told_once_it_is_durable_and_never_else() {
    let database = two_organisations().await;
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = std::sync::Arc::clone(&told);
    let tell: baton_store::Sink = std::sync::Arc::new(move |wakes: &[_]| sink.lock().unwrap().extend_from_slice(wakes));
    let db = Db::connect(options(&database, 1), tell).await.unwrap();
    let queue = baton_domain::wake::Wake::Queue(OURS, TEAM);

    let tx = db.begin("dropped", OURS).await.unwrap();
    tx.wake(queue);
    drop(tx);
    let tx = db.begin("failed", OURS).await.unwrap();
    tx.wake(queue);
    teams::insert(&tx, &team(1, "NOT A SLUG")).await.expect_err("the check refuses it");
    tx.commit().await.expect_err("rolled back");
    assert_eq!(*told.lock().unwrap(), []);

    let tx = db.begin("committed", OURS).await.unwrap();
    tx.wake(queue);
    tx.wake(queue);
    tx.commit().await.unwrap();
    assert_eq!(*told.lock().unwrap(), [queue], "one look is enough");
}
