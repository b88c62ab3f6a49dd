//! `assign`: tickets come at a rate, leaders are there; how long until one has it on the screen.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

use crate::Result;
use crate::http::Http;
use crate::leaders::{Handed, attend};
use crate::pace::{Due, Stamps, paced};
use crate::report::{Latencies, Report};
use crate::talk::WARM_UP;
use crate::watch::Watch;
use crate::world::{Person, Role, World, text};

/// Connections that open tickets.
const HANDS: usize = 16;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long it is measured
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Tickets a second
    #[arg(long, default_value_t = 100.0)]
    rate: f64,
    /// Leaders who are there, each for a thousand tickets
    #[arg(long, default_value_t = 20)]
    leaders: usize,
}

/// Opens tickets.
#[derive(Debug)]
struct Desk {
    api: String,
    run: String,
    team: String,
    stamps: Stamps,
    answered: Latencies,
    failed: AtomicU64,
    unmeasured: u64,
    opened: Mutex<Vec<String>>,
}

/// Runs it.
pub(crate) async fn run(world: &World, args: &Args) -> Result<Report> {
    println!("set-up: {} leaders", args.leaders);
    let (slug, team) = world.team("assign").await?;
    let leaders = world.people(Role::Leader, args.leaders, Some(&team)).await?;
    let customers = world.people(Role::Customer, 10, None).await?;
    let length = WARM_UP + Duration::from_secs(args.seconds);
    let total = (args.rate * length.as_secs_f64()) as u64;
    let most = usize::try_from(total)?;
    let stamps = Stamps::for_at_most(most);
    let handed = Handed::new(&world.run, most, stamps.clone())?;
    let screens = attend(world, &leaders, &handed).await?;
    for leader in &leaders {
        world.choose(leader, "online").await?;
    }
    world.wait_for_online(&slug, leaders.len()).await?;
    let desk = Arc::new(Desk {
        api: world.api.clone(),
        run: world.run.clone(),
        team,
        stamps,
        answered: Latencies::new()?,
        failed: AtomicU64::new(0),
        unmeasured: (args.rate * WARM_UP.as_secs_f64()) as u64,
        opened: Mutex::default(),
    });
    println!("opening {}/s for {} s", args.rate, args.seconds);
    let mut hands = JoinSet::new();
    for (due, customer) in paced(args.rate, length, HANDS).into_iter().zip(customers.iter().cycle()) {
        hands.spawn(Arc::clone(&desk).open_due(due, customer.clone()));
    }
    tokio::time::sleep(WARM_UP).await;
    let watch = Watch::begin(&world.ready).await;
    hands.join_all().await;
    let watched = watch.end(&world.ready).await;
    handed.wait_for(total, Duration::from_secs(10)).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(screens);
    finish(world, args, (&desk, &handed, &slug, total), watched).await
}

async fn finish(
    world: &World,
    args: &Args,
    (desk, handed, slug, total): (&Desk, &Handed, &str, u64),
    watched: crate::watch::Watched,
) -> Result<Report> {
    let mut report = Report::new("assign", args.seconds as f64);
    let queue = world.queue(slug).await?;
    let units: i64 = queue.people.iter().map(|person| i64::from(person.units_used)).sum();
    report.figure("tickets", total as f64);
    report.figure("waiting at the end", queue.waiting as f64);
    report.latency("opened (HTTP)", &desk.answered.summary());
    let shown = handed.latencies.summary();
    report.latency("created → leader's screen", &shown);
    handed.tell(&mut report, total);
    report.wrong("opening failed", desk.failed.load(Ordering::Relaxed));
    report.wrong("units off", units.abs_diff(i64::try_from(total)?));
    report.at_most("created → leader's screen p50", shown.p50_ms, 8.0, "ms");
    report.at_most("created → leader's screen p99", shown.p99_ms, 25.0, "ms");
    report.inside(watched);
    let opened = std::mem::take(&mut *desk.opened.lock().unwrap_or_else(PoisonError::into_inner));
    world.clear(&opened).await?;
    Ok(report)
}

impl Desk {
    async fn open_due(self: Arc<Self>, mut due: UnboundedReceiver<Due>, customer: Person) {
        let mut http = Http::to(&self.api);
        while let Some(Due { index, at }) = due.recv().await {
            let measured = index >= self.unmeasured;
            if measured {
                self.stamps.begin(index, at);
            }
            let subject = Handed::subject(&self.run, index);
            let new = json!({ "subject": subject, "body": "It does not work.", "team": self.team }).to_string();
            match http.send(("POST", "/v1/tickets"), Some(&customer.token), Some(new.as_bytes())).await {
                Ok(answer) if answer.status == 201 => {
                    if measured {
                        self.answered.record(at.elapsed());
                    }
                    let ticket = serde_json::from_slice::<Value>(&answer.body).ok();
                    let id = ticket.and_then(|ticket| text(&ticket, "id").ok());
                    self.opened.lock().unwrap_or_else(PoisonError::into_inner).extend(id);
                }
                other => {
                    self.failed.fetch_add(1, Ordering::Relaxed);
                    println!("opening failed: {:?}", other.map(|answer| answer.status));
                }
            }
        }
    }
}
