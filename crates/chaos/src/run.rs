//! A run: a stack of its own, traffic, faults, and at the end a look into everything.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use baton_bench::http::host_of;
use baton_bench::process::machine;
use baton_bench::ready::Ready;
use baton_bench::world::World;
use baton_testkit::{Answer, SmtpServer};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::Result;
use crate::call::Hand;
use crate::floor::Floor;
use crate::history::{Record, Recorder, Run};
use crate::people::{People, Player};
use crate::plan::{Dice, Size};
use crate::proxy::Proxy;
use crate::screen::{End, Guest};
use crate::stack::Stack;
use crate::traffic::{Part, Worker, pause};
use crate::{dump, faults};

/// How long the mail server takes for a letter, in turn: long enough that a worker is frozen with some in its hands.
const LETTER_TAKES: &[Duration] = &[Duration::from_millis(50), Duration::from_millis(400), Duration::from_millis(900)];
/// How long all that was begun may take to end.
const SETTLES_WITHIN: Duration = Duration::from_secs(90);
const LOOKS_EVERY: Duration = Duration::from_millis(500);
/// How long a last call may take.
const LAST_CALLS: Duration = Duration::from_secs(60);
/// How often access tokens are renewed, and how soon one is tried again that could not be.
const RENEWED_EVERY: Duration = Duration::from_secs(150);
const RENEWED_AGAIN: Duration = Duration::from_millis(250);
/// Messages that wait for a screen.
const WAITING: usize = 4;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Everything that is drawn is drawn from it
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Where history, logs and data go; what is there is replaced
    #[arg(long, default_value = "target/chaos")]
    pub(crate) folder: PathBuf,
    /// The folder of Baton's binaries [default: that of this one]
    #[arg(long)]
    bin_dir: Option<PathBuf>,
    /// The bug that is planted, in binaries that have it (see docs/RELIABILITY.md)
    #[arg(long)]
    planted: Option<String>,
    #[command(flatten)]
    size: Size,
}

/// Runs it; gives the history's file.
pub(crate) async fn run(args: &Args, seed: u64) -> Result<PathBuf> {
    let folder = std::path::absolute(&args.folder)?;
    std::fs::create_dir_all(&folder)?;
    let own = std::env::current_exe()?;
    let binaries = args.bin_dir.clone().or_else(|| own.parent().map(Path::to_owned)).ok_or("no folder of binaries")?;
    let smtp = SmtpServer::start(|number, _| {
        let takes = number.checked_rem(LETTER_TAKES.len()).and_then(|turn| LETTER_TAKES.get(turn));
        takes.map_or(Answer::Take, |takes| Answer::TakeAfter(*takes))
    })
    .await;
    let mut settings = vec![("BATON_MAIL__SMTP_URL", smtp.url())];
    settings.extend(args.planted.clone().map(|bug| ("BATON_PLANTED__BUG", bug)));
    println!("starting a stack in {}", folder.display());
    let mut stack = Stack::start(&std::path::absolute(binaries)?, &folder, &settings).await?;
    let history = folder.join("history.jsonl");
    let ran = play(args, seed, &stack, &smtp, &history).await;
    stack.stop();
    ran.map(|()| history)
}

async fn play(args: &Args, seed: u64, stack: &Stack, smtp: &SmtpServer, history: &Path) -> Result<()> {
    let url = &stack.database_url;
    dump::prepare(url).await?;
    let world = World::open(stack.ready()?).await?;
    let people = People::make(&world, url, &args.size).await?;
    let apis = proxies(&world.ready, "api").await?;
    let gateways = proxies(&world.ready, "gateway").await?;
    let recorder = Recorder::begin(history)?;
    note_beginning(&recorder, args, seed, &people);
    let floor = Arc::new(Floor::new(seed, recorder, (apis, gateways), people.teams.clone()));
    let (end, ended) = watch::channel(None);
    let (mut screens, mut workers) = (JoinSet::new(), JoinSet::new());
    for worker in enter(&floor, &people, args, &ended, &mut screens) {
        // Nobody acts before the leaders are there.
        let mut begin = ended.clone();
        workers.spawn(async move {
            let _begun = begin.changed().await;
            worker.work().await;
        });
    }
    people.go_online(&world).await?;
    println!("{} s of traffic and faults", args.size.seconds);
    end.send(None)?;
    let mut renewing = renew(&world, &people);
    let traffic = async {
        tokio::time::sleep(Duration::from_secs(args.size.seconds)).await;
        floor.end();
        let ending = async { while workers.join_next().await.is_some() {} };
        let _whoever_still_asks_is_left = tokio::time::timeout(LAST_CALLS, ending).await;
    };
    let (broken, ()) = tokio::join!(faults::carry_out(args.size.faults(seed), stack, &floor), traffic);
    broken?;
    renewing.shutdown().await;
    workers.shutdown().await;
    println!("settling");
    let open = settle(url).await;
    let (head, _) = dump::head(url).await?;
    end.send(Some(End { head, gateways: hosts(&world.ready, "gateway")? }))?;
    while screens.join_next().await.is_some() {}
    dump::write(url, &floor.recorder, open, smtp).await?;
    floor.recorder.end()
}

fn note_beginning(recorder: &Recorder, args: &Args, seed: u64, people: &People) {
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    let conditions = format!("{}, {build}, {:?}", machine(), args.size);
    recorder.note(&Record::Run(Run { seed, seconds: args.size.seconds, conditions }));
    for player in people.all() {
        recorder.note(&Record::Person(player.person.clone()));
    }
}

fn hosts(ready: &Ready, name: &str) -> Result<Vec<String>> {
    ready.services.iter().filter(|service| service.name == name).map(|service| host_of(&service.url)).collect()
}

async fn proxies(ready: &Ready, name: &str) -> Result<Vec<Proxy>> {
    let mut proxies = Vec::new();
    for (nth, host) in hosts(ready, name)?.into_iter().enumerate() {
        proxies.push(Proxy::open(format!("{name}-{nth}"), host).await?);
    }
    Ok(proxies)
}

/// Opens everybody's screen; gives who will work.
fn enter(
    floor: &Arc<Floor>,
    people: &People,
    args: &Args,
    ended: &watch::Receiver<Option<End>>,
    screens: &mut JoinSet<()>,
) -> Vec<Worker> {
    let leaders: Vec<String> = people.leaders.iter().map(|leader| leader.person.id.clone()).collect();
    let pause = pause(people.all().count(), args.size.rate);
    let workers = people.all().zip(0_u64..).map(|(player, number)| {
        let (sends, sent) = mpsc::channel(WAITING);
        let guest = Guest {
            floor: Arc::clone(floor),
            player: Arc::clone(player),
            number,
            dice: Dice::of(floor.seed, &format!("screen {number}")),
            sends: sent,
            end: ended.clone(),
            watches: player.person.role == "supervisor",
            at: None,
        };
        screens.spawn(guest.stay());
        let hand = Hand::of(floor, player, Dice::of(floor.seed, &format!("hand {number}")));
        Worker { hand, part: part(player, &leaders), pause, screen: sends }
    });
    workers.collect()
}

fn part(player: &Player, leaders: &[String]) -> Part {
    match (player.person.role.as_str(), &player.person.team) {
        ("customer", _) => Part::Customer,
        ("supervisor", _) => Part::Supervisor { leaders: leaders.to_vec() },
        (_, Some(team)) => Part::Leader { team: team.clone() },
        _ => Part::Agent,
    }
}

/// Keeps everybody's access token fresh, whatever is broken.
fn renew(world: &World, people: &People) -> JoinSet<()> {
    let (api, organization) = (world.api.clone(), world.ready.organization.clone());
    let everybody: Vec<_> = people.all().cloned().collect();
    let mut renewing = JoinSet::new();
    renewing.spawn(async move {
        loop {
            tokio::time::sleep(RENEWED_EVERY).await;
            for player in &everybody {
                while player.renew(&api, &organization).await.is_err() {
                    tokio::time::sleep(RENEWED_AGAIN).await;
                }
            }
        }
    });
    renewing
}

/// Waits until all that was begun has ended; what has not, when patience ends.
async fn settle(url: &str) -> Option<String> {
    let began = tokio::time::Instant::now();
    loop {
        let open = match dump::open(url).await {
            Ok(None) => return None,
            Ok(Some(open)) => open,
            Err(error) => error.to_string(),
        };
        if began.elapsed() > SETTLES_WITHIN {
            return Some(open);
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}
