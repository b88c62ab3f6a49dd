//! How much is read for a page, and that it does not grow with the table.
//!
//! Every measured call is the store's own, as `baton_app` in an organisation's scope; Postgres' own
//! counters say what it read. A plan that scans a large table, or walks an index from end to end to find
//! a page, shows as rows; one that skips within an index shows as blocks.

use std::collections::BTreeMap;
use std::time::Instant;

use baton_domain::access::TicketScope;
use baton_domain::conversation::Audience;
use baton_domain::id::{EventId, OrgId, TicketId};
use baton_store::conversations::{self, Page};
use baton_store::tickets::{self, Sort};
use baton_store::{Db, SystemDb, Tx, events, notifications, routing, sla, staff};
use baton_testkit::{Login, wait_for};
use futures::FutureExt;
use futures::future::BoxFuture;
use uuid::Uuid;

use crate::helpdesk::{GROWING, Helpdesk, LIMIT, SORTS, STAFF, STATUSES, TEAMS};
use crate::session::{Duration, SOON, Session, backends, options, pool};

/// Calls of one measurement: more than the five after which Postgres may take a plan for all values.
const CALLS: u64 = 8;

// ---------------------------------------------------------------- measuring

/// What Postgres read, by its own counters.
#[derive(Debug, Clone, Copy, Default)]
struct Read {
    /// Scans of growing tables from end to end.
    scans: u64,
    /// Rows of tables and entries of indexes.
    rows: u64,
    /// Blocks of both.
    blocks: u64,
}

async fn counters(owner: &Session) -> BTreeMap<String, Read> {
    let rows = owner
        .column(
            "select t.relname || ' ' || t.seq_scan || ' ' || t.seq_tup_read + (select coalesce(sum(idx_tup_read), 0)
                    from pg_stat_user_indexes i where i.relid = t.relid)
                || ' ' || heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit, 0) + coalesce(idx_blks_read, 0)
             from pg_stat_user_tables t join pg_statio_user_tables io on io.relid = t.relid",
        )
        .await;
    let read = |row: String| {
        let parts: Vec<&str> = row.split(' ').collect();
        let number = |at: usize| parts[at].parse().unwrap();
        (parts[0].to_owned(), Read { scans: number(1), rows: number(2), blocks: number(3) })
    };
    rows.into_iter().map(read).collect()
}

/// What one call of `work` reads on average over [`CALLS`] on one connection. A backend hands its counters
/// in when it ends, so each measurement has a connection of its own.
async fn measured<W>(desk: &Helpdesk, owner: &Session, work: W) -> Read
where
    W: for<'t> Fn(&'t Tx) -> BoxFuture<'t, ()>,
{
    let before = counters(owner).await;
    let db = pool(options(&desk.database, 1)).await;
    for _ in 0..CALLS {
        in_scope(&db, desk.org, &work).await;
    }
    drop(db);
    settled(desk, owner, before).await
}

async fn in_scope<W>(db: &Db, org: OrgId, work: &W)
where
    W: for<'t> Fn(&'t Tx) -> BoxFuture<'t, ()>,
{
    let tx = db.begin("measured", org).await.unwrap();
    work(&tx).await;
    tx.commit().await.unwrap();
}

/// The difference to `before`, once no measured backend is left; per call.
async fn settled(desk: &Helpdesk, owner: &Session, before: BTreeMap<String, Read>) -> Read {
    wait_for("the measured backend's end", SOON, async || backends(&desk.database).await.is_empty().then_some(()))
        .await;
    let mut sum = Read::default();
    for (table, after) in counters(owner).await {
        let before = before[&table];
        if GROWING.contains(&table.as_str()) {
            sum.scans += after.scans - before.scans;
        }
        sum.rows += after.rows - before.rows;
        sum.blocks += after.blocks - before.blocks;
    }
    Read { scans: sum.scans, rows: sum.rows.div_ceil(CALLS), blocks: sum.blocks.div_ceil(CALLS) }
}

/// Most rows for a page: what each way into the table may give, what stands beside each ticket of the
/// page, and the teams themselves.
fn bound(ways: usize, besides: i64) -> u64 {
    let page = LIMIT as u64;
    ways as u64 * page + page * 15 + 60 + besides as u64
}

// ---------------------------------------------------------------- in every run

/// A call of the store's in an open transaction.
type Work<'a> = Box<dyn for<'t> Fn(&'t Tx) -> BoxFuture<'t, ()> + 'a>;

/// A measured call, and what it may read.
struct Case<'a> {
    name: String,
    most: u64,
    work: Work<'a>,
}

/// Fails for all cases that read too much, after all were measured.
async fn hold(desk: &Helpdesk, owner: &Session, cases: Vec<Case<'_>>) {
    let mut broken = Vec::new();
    for case in cases {
        let read = measured(desk, owner, &case.work).await;
        let line = format!("{}: {read:?}, at most {}", case.name, case.most);
        println!("{line}");
        // A row costs a few blocks at most: the way down an index, and the row.
        if read.scans > 0 || read.rows > case.most || read.blocks > case.most * 4 {
            broken.push(line);
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// How many ways into the table a list takes: teams times statuses.
fn ways(scope: &str, filter: &str) -> usize {
    let statuses = if filter.ends_with("new, open") { 2 } else { STATUSES };
    match (scope, filter) {
        ("customer", _) => 0,
        (_, "team") => statuses,
        _ => TEAMS * statuses,
    }
}

async fn lists(desk: &Helpdesk, owner: &Session) -> Vec<Case<'static>> {
    let count = async |of: String| {
        let query = format!("select count(*) from tickets where org_id = '{}' and {of}", desk.org);
        owner.number(&query).await
    };
    let of_customer = count(format!("requester_id = '{}'", desk.customer)).await;
    let of_leader = count(format!("assignee_id = '{}'", desk.leader)).await;
    let active = "status in ('new', 'open')";
    let of_leader_active = count(format!("assignee_id = '{}' and {active}", desk.leader)).await;
    let unassigned = count("assignee_id is null".to_owned()).await;
    let waiting = count("queue_state = 'waiting'".to_owned()).await;
    let unanswered = count("waiting_since is not null".to_owned()).await;
    assert!(of_customer > LIMIT && of_leader_active > LIMIT && unassigned > 10 * LIMIT, "nothing to leave out");
    let mut cases = Vec::new();
    for (who, scope) in desk.scopes() {
        for (what, filter) in desk.filters() {
            let queries = SORTS.map(|sort| {
                let mut query = desk.query(scope.clone(), sort);
                filter(&mut query);
                query
            });
            // Sorts that no index of these few has: they are read whole and sorted.
            let few = match (who, what) {
                ("customer", _) => of_customer,
                (_, "mine") => of_leader,
                (_, "mine, new, open") => of_leader_active,
                (_, "unassigned") => unassigned,
                (_, "waiting") => waiting,
                (_, "unanswered") => unanswered,
                _ => 0,
            };
            // Its own tickets in other teams, which are few beside all of them.
            let elsewhere = if who == "leader" { of_leader } else { 0 };
            let most = queries.iter().map(|query| match query.sort {
                Sort::UpdatedAt => bound(ways(who, what), 0),
                _ => bound(ways(who, what), few + elsewhere),
            });
            cases.push(Case {
                name: format!("{who}: {what}, by each sort"),
                most: most.sum(),
                work: Box::new(move |tx| {
                    let queries = queries.clone();
                    async move {
                        for query in queries {
                            tickets::list(tx, query).await.unwrap();
                        }
                    }
                    .boxed()
                }),
            });
        }
    }
    cases
}

/// A page far down, reached by the keys of the pages before it.
async fn far_pages(desk: &Helpdesk) -> Case<'static> {
    let db = desk.database.app().await;
    let tx = db.begin("pages", desk.org).await.unwrap();
    let mut queries = Vec::new();
    for sort in SORTS {
        let mut query = desk.query(TicketScope::All, sort);
        query.limit = 500;
        let page = tickets::list(&tx, query.clone()).await.unwrap();
        query.after = Some(page.last().unwrap().key.clone());
        query.limit = LIMIT;
        let next = tickets::list(&tx, query.clone()).await.unwrap();
        assert!(next.iter().all(|row| page.iter().all(|before| before.seen.ticket.id != row.seen.ticket.id)));
        queries.push(query);
    }
    tx.commit().await.unwrap();
    Case {
        name: "supervisor: all, after 500, by each sort".to_owned(),
        most: SORTS.len() as u64 * bound(TEAMS * STATUSES, 0),
        work: Box::new(move |tx| {
            let queries = queries.clone();
            async move {
                for query in queries {
                    tickets::list(tx, query).await.unwrap();
                }
            }
            .boxed()
        }),
    }
}

fn case<'a, W>(name: &str, most: u64, work: W) -> Case<'a>
where
    W: for<'t> Fn(&'t Tx) -> BoxFuture<'t, ()> + 'a,
{
    Case { name: name.to_owned(), most, work: Box::new(work) }
}

/// Pages of a long conversation, read both ways from both ends and from the middle.
fn history(desk: &Helpdesk) -> Vec<Case<'static>> {
    let (long, middle) = (desk.long, desk.messages / 2);
    let mut cases = Vec::new();
    for audience in [Audience::Staff, Audience::Public] {
        for page in [Page::Latest, Page::Before(middle), Page::After(middle), Page::After(0), Page::Before(60)] {
            let name = format!("{audience:?} {page:?} of a long conversation");
            cases.push(case(&name, 2 * LIMIT as u64 + 20, move |tx| {
                async move {
                    let page = conversations::messages(tx, long, audience, page, LIMIT).await.unwrap();
                    assert_eq!(page.len() as i64, LIMIT);
                }
                .boxed()
            }));
        }
    }
    cases
}

async fn single_reads(desk: &Helpdesk, owner: &Session) -> Vec<Case<'static>> {
    let (long, leader, customer, team) = (desk.long, desk.leader, desk.customer, desk.teams[0]);
    let waiting = format!("org_id = '{}' and team_id = '{team}' and queue_state = 'waiting'", desk.org);
    let depth = owner.number(&format!("select count(*) from tickets where {waiting}")).await;
    let last = owner
        .column(&format!(
            "select id from tickets where {waiting}
             order by priority_rank desc, coalesce(sla_due_at, 'infinity') desc, eligible_at desc limit 1"
        ))
        .await;
    let last: TicketId = last[0].parse().unwrap();
    let answerable = owner
        .number(&format!(
            "select count(*) from tickets where org_id = '{}' and assignee_id = '{leader}' and status in ('new', 'open')",
            desk.org
        ))
        .await;
    let own = format!("org_id = '{}' and user_id = '{leader}'", desk.org);
    let unread = owner.number(&format!("select count(*) from notifications where {own} and read_at is null")).await;
    vec![
        case("a ticket's state", 20, move |tx| {
            async move { assert!(tickets::load(tx, long).await.unwrap().is_some()) }.boxed()
        }),
        case("a ticket", 20, move |tx| {
            async move { assert!(tickets::snapshot(tx, long, leader).await.unwrap().is_some()) }.boxed()
        }),
        case("a ticket's timeline", 60, move |tx| {
            async move { assert_eq!(events::timeline(tx, long, None, 51).await.unwrap().len(), 51) }.boxed()
        }),
        case("a later page of the timeline", 60, move |tx| {
            let after = EventId(Uuid::from_u128(50_000));
            async move { assert_eq!(events::timeline(tx, long, Some(after), 51).await.unwrap().len(), 51) }.boxed()
        }),
        case("the next of a queue", 60, move |tx| {
            async move { assert_eq!(routing::next_waiting(tx, team, 50).await.unwrap().len(), 50) }.boxed()
        }),
        case("a place in a queue", depth as u64 + 20, move |tx| {
            async move { assert!(tickets::waiting_before(tx, last).await.unwrap() > 0) }.boxed()
        }),
        case("a queue's depth", depth as u64 + 20, move |tx| {
            async move { assert_eq!(routing::depths(tx, vec![team]).await.unwrap().len(), 1) }.boxed()
        }),
        case("the places of two customers in a queue", depth as u64 + 20, move |tx| {
            let customers = vec![customer, leader];
            async move { drop(routing::places(tx, team, customers).await.unwrap()) }.boxed()
        }),
        // Tables of a few rows for each of the staff may be read whole.
        case("a team's candidates", 3 * 3 * STAFF as u64, move |tx| {
            async move { assert!(staff::candidates(tx, team).await.unwrap().len() > 5) }.boxed()
        }),
        case("a person's notifications", 2 * 50 + 20, move |tx| {
            async move { assert_eq!(notifications::of_user(tx, leader, None, 50).await.unwrap().len(), 50) }.boxed()
        }),
        case("how many of them are unread", unread as u64 * 2 + 20, move |tx| {
            async move { assert_eq!(notifications::unread(tx, leader).await.unwrap(), unread) }.boxed()
        }),
        case("a person's unanswered tickets", answerable as u64 + 20, move |tx| {
            async move { assert!(!routing::unanswered_of(tx, leader, 50).await.unwrap().is_empty()) }.boxed()
        }),
    ]
}

/// The sweep over all organisations, as `baton_system`.
async fn sweep(desk: &Helpdesk, owner: &Session) {
    let before = counters(owner).await;
    let url = format!("{}?application_name=measured", desk.database.url(Login::System));
    let system_options = baton_store::Options { pool_size: 1, ..baton_store::Options::new(url) };
    let system = SystemDb::connect(system_options, std::sync::Arc::new(|_| {})).await.unwrap();
    for _ in 0..CALLS {
        let tx = system.begin("sweep").await.unwrap();
        assert_eq!(routing::waiting_queues(&tx).await.unwrap().len(), 3 * TEAMS);
        tx.commit().await.unwrap();
    }
    drop(system);
    let read = settled(desk, owner, before).await;
    println!("queues with something waiting: {read:?}");
    assert!(read.scans == 0 && read.rows <= 4 * 3 * TEAMS as u64, "{read:?}");
}

/// The look for what is due, in all organisations, as `baton_system`.
async fn timers(desk: &Helpdesk, owner: &Session) {
    let due = owner.number("select count(*) from sla_clocks where fire_at <= now()").await;
    assert!(due > 1, "nothing is due: nothing is shown");
    let before = counters(owner).await;
    let url = format!("{}?application_name=measured", desk.database.url(Login::System));
    let system_options = baton_store::Options { pool_size: 1, ..baton_store::Options::new(url) };
    let system = SystemDb::connect(system_options, std::sync::Arc::new(|_| {})).await.unwrap();
    for _ in 0..CALLS {
        let tx = system.begin("timers").await.unwrap();
        assert_eq!(sla::due(&tx, 1_000).await.unwrap().len() as i64, due);
        tx.commit().await.unwrap();
    }
    drop(system);
    let read = settled(desk, owner, before).await;
    println!("what is due: {read:?}");
    assert!(read.scans == 0 && read.rows <= 2 * due as u64 + 20, "{read:?}, due {due}");
}

#[tokio::test]
async fn pages_cost_pages_whatever_the_size_of_the_table() {
    let started = Instant::now();
    let desk = Helpdesk::of(100_000, 100_000).await;
    println!("filled in {:?}", started.elapsed());
    let owner = desk.owner().await;
    let mut cases = lists(&desk, &owner).await;
    cases.push(far_pages(&desk).await);
    cases.extend(history(&desk));
    cases.extend(single_reads(&desk, &owner).await);
    sweep(&desk, &owner).await;
    timers(&desk, &owner).await;
    hold(&desk, &owner, cases).await;
    println!("done after {:?}", started.elapsed());
}

/// The counters that the other tests trust do tell a scan from a page.
#[tokio::test]
async fn a_scan_is_seen_as_a_scan() {
    let desk = Helpdesk::of(2_000, 2_000).await;
    let owner = desk.owner().await;
    let before = counters(&owner).await;
    let url = format!("{}?application_name=measured", desk.database.url(Login::App));
    let app = Session::open_url(&url).await;
    app.run(&format!("begin; select set_config('baton.org', '{}', true)", desk.org)).await;
    app.run(
        "set local enable_indexscan = off; set local enable_bitmapscan = off; set local enable_indexonlyscan = off",
    )
    .await;
    assert_eq!(app.number("select count(*) from tickets").await, desk.tickets);
    drop(app);
    let read = settled(&desk, &owner, before).await;
    assert_eq!(read.scans, 1);
    assert_eq!(read.rows, 2_000_u64.div_ceil(CALLS));
}

// ---------------------------------------------------------------- by hand, with a clock

/// `scripts/plans-1m.sh`: a million tickets; prints what each list takes.
#[tokio::test]
#[ignore = "takes minutes and means nothing without --release: scripts/plans-1m.sh"]
async fn a_million_tickets() {
    let started = Instant::now();
    let desk = Helpdesk::of(1_000_000, 100_000).await;
    println!("filled in {:?}", started.elapsed());
    let db = desk.database.app().await;
    let mut worst = Vec::new();
    for (name, query) in desk.lists() {
        let list = case(&name, u64::MAX, move |tx| {
            let query = query.clone();
            async move { drop(tickets::list(tx, query).await.unwrap()) }.boxed()
        });
        worst.push((timed(&desk, &db, &name, &list.work).await, name));
    }
    let owner = desk.owner().await;
    let mut others = history(&desk);
    others.extend(single_reads(&desk, &owner).await);
    let leader = desk.leader;
    others.push(case("supervisor: the tabs' counts", u64::MAX, move |tx| {
        async move { assert!(tickets::counts(tx, &TicketScope::All, leader).await.unwrap().all > 0) }.boxed()
    }));
    for case in &others {
        timed(&desk, &db, &case.name, &case.work).await;
    }
    worst.sort();
    let over = worst.iter().filter(|(p95, _)| *p95 > Duration::from_millis(10)).count();
    println!("lists: {}, of them over 10 ms at p95: {over}; the slowest {:?}", worst.len(), worst.last());
}

/// Prints the quantiles of a call in a transaction of its own, begin and commit included; gives back p95.
async fn timed<W>(desk: &Helpdesk, db: &Db, name: &str, work: &W) -> Duration
where
    W: for<'t> Fn(&'t Tx) -> BoxFuture<'t, ()>,
{
    const TIMES: usize = 60;
    for _ in 0..CALLS {
        in_scope(db, desk.org, work).await;
    }
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let started = Instant::now();
        in_scope(db, desk.org, work).await;
        times.push(started.elapsed());
    }
    times.sort();
    let (p50, p95) = (times[TIMES / 2], times[TIMES * 95 / 100]);
    println!("{:>8.2} ms p50 {:>8.2} ms p95  {name}", p50.as_secs_f64() * 1e3, p95.as_secs_f64() * 1e3);
    p95
}
