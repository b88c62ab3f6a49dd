//! Conversations with screens, and staff who post into them: what `post`, `post-paced` and `fan-out` share.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Result;
use crate::http::Http;
use crate::pace::{Due, Stamps};
use crate::report::{Latencies, Report};
use crate::screen::{Ends, Screen, Seen};
use crate::world::{Person, Role, World};

/// What a message says: as long as those of the pgbench script.
const BODY: &str = "I have looked into it: the invoice of last month was sent twice, and the second one is cancelled \
                    now. You need not do anything.";
/// Most messages of one run.
const MOST_MESSAGES: usize = 4_000_000;
/// How many sockets connect at once.
const CONNECTING: usize = 16;

/// How large a talk is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Conversations.
    pub(crate) conversations: usize,
    /// Sockets of each one's customer.
    pub(crate) customer_sockets: usize,
    /// Sockets of staff, spread over the conversations.
    pub(crate) staff_sockets: usize,
    /// Members of the staff who post.
    pub(crate) staff: usize,
}

/// A conversation and how many messages it has.
#[derive(Debug)]
pub(crate) struct Conversation {
    /// Which.
    pub(crate) id: String,
    seq: AtomicI64,
}

/// Conversations with screens and staff.
#[derive(Debug)]
pub(crate) struct Talk {
    api: String,
    run: String,
    /// Who posts.
    pub(crate) staff: Vec<Person>,
    /// Where to.
    pub(crate) conversations: Vec<Conversation>,
    stamps: Stamps,
    next: AtomicU64,
    /// From the beginning of a request to its answer.
    pub(crate) answered: Latencies,
    stored: AtomicU64,
    failed: AtomicU64,
    /// What arrived.
    pub(crate) seen: Arc<Seen>,
}

/// The screens of a talk.
#[derive(Debug)]
pub(crate) struct Screens {
    tasks: JoinSet<()>,
    ends: watch::Sender<Ends>,
}

impl Talk {
    /// Makes people and conversations, and opens the screens.
    pub(crate) async fn begin(world: &World, size: Size) -> Result<(Arc<Self>, Screens)> {
        println!("set-up: {} conversations, {} staff", size.conversations, size.staff);
        let (_, team) = world.team("talk").await?;
        let staff = world.people(Role::Agent, size.staff, Some(&team)).await?;
        let customers = world.people(Role::Customer, size.conversations, None).await?;
        let ids = world.tickets(&customers, &team, size.conversations, |n| (format!("Talk {n}"), "normal")).await?;
        let author = staff.first().ok_or("a talk needs staff")?;
        let mut conversations = Vec::with_capacity(ids.len());
        for id in ids {
            // Somebody has the ticket, or the assigner would look at it again and again. The first answer moves the
            // ticket's status; what is measured is all the others.
            let _: Value = world.call(author, ("POST", &format!("/v1/tickets/{id}/claim")), None).await?;
            let path = format!("/v1/conversations/{id}/messages");
            let first: baton_wire::conversations::Message =
                world.call(author, ("POST", &path), Some(json!({ "body": "Hello." }))).await?;
            conversations.push(Conversation { id, seq: AtomicI64::new(first.seq) });
        }
        let stamps = Stamps::for_at_most(MOST_MESSAGES);
        let seen = Arc::new(Seen::new(&world.run, stamps.clone())?);
        let screens = open_screens(world, size, (&customers, &staff), &conversations, &seen).await?;
        let talk = Self {
            api: world.api.clone(),
            run: world.run.clone(),
            staff,
            conversations,
            stamps,
            next: AtomicU64::new(0),
            answered: Latencies::new()?,
            stored: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            seen,
        };
        Ok((Arc::new(talk), screens))
    }

    /// Posts one message, due at a time that may have passed; `measured` ones are timed.
    async fn post(&self, http: &mut Http, who: &Person, to: &Conversation, (at, measured): (Instant, bool)) {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        if measured {
            self.stamps.begin(index, at);
        }
        let path = format!("/v1/conversations/{}/messages", to.id);
        let body = format!(r#"{{"body":"{BODY}","kind":"reply","client_id":"{}-{index}"}}"#, self.run);
        match http.send(("POST", &path), Some(&who.token), Some(body.as_bytes())).await {
            Ok(answer) if answer.status == 201 => {
                to.seq.fetch_add(1, Ordering::Relaxed);
                if measured {
                    self.stored.fetch_add(1, Ordering::Relaxed);
                    self.answered.record(at.elapsed());
                }
            }
            other => {
                if self.failed.fetch_add(1, Ordering::Relaxed) == 0 {
                    println!("a post failed: {}", describe(other));
                }
            }
        }
    }

    /// One poster: the next as soon as the last was answered, until the end. `nth` of `of` posters.
    pub(crate) async fn post_on(self: Arc<Self>, (nth, of): (usize, usize), (measured_from, end): (Instant, Instant)) {
        let mut http = Http::to(&self.api);
        let mut dice = Dice(nth as u64 + 1);
        // Several names each: one alone would meet the rate limit of a person.
        let mut names = self.staff.iter().skip(nth).step_by(of).cycle();
        loop {
            let now = Instant::now();
            let to = self.conversations.get(dice.below(self.conversations.len()));
            let (Some(who), Some(to), true) = (names.next(), to, now < end) else { return };
            self.post(&mut http, who, to, (now, now >= measured_from)).await;
        }
    }

    /// One of many hands that post what is due.
    pub(crate) async fn post_due(
        self: Arc<Self>,
        nth: usize,
        mut due: tokio::sync::mpsc::UnboundedReceiver<Due>,
        unmeasured: u64,
    ) {
        let mut http = Http::to(&self.api);
        let mut dice = Dice(nth as u64 + 1);
        let mut names = self.staff.iter().cycle().skip(nth);
        while let Some(Due { index, at }) = due.recv().await {
            let to = self.conversations.get(dice.below(self.conversations.len()));
            let (Some(who), Some(to)) = (names.next(), to) else { return };
            self.post(&mut http, who, to, (at, index >= unmeasured)).await;
        }
    }

    /// How many measured messages were stored.
    pub(crate) fn stored(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }

    /// Tells the screens that nothing more comes, and waits until they saw everything.
    pub(crate) async fn end(&self, screens: Screens) {
        let last = self.conversations.iter().map(|c| (c.id.clone(), c.seq.load(Ordering::Relaxed)));
        let _ = screens.ends.send(Some(Arc::new(last.collect())));
        let _ = screens.tasks.join_all().await;
    }

    /// Puts what was found into a report.
    pub(crate) fn tell(&self, report: &mut Report) {
        report.figure("messages stored", self.stored() as f64);
        report.latency("HTTP", &self.answered.summary());
        report.wrong("posts failed", self.failed.load(Ordering::Relaxed));
        self.seen.tell(report);
    }
}

async fn open_screens(
    world: &World,
    size: Size,
    (customers, staff): (&[Person], &[Person]),
    conversations: &[Conversation],
    seen: &Arc<Seen>,
) -> Result<Screens> {
    let of_customers = conversations.iter().zip(customers).flat_map(|(conversation, customer)| {
        std::iter::repeat_n((conversation.id.as_str(), customer.token.as_str()), size.customer_sockets)
    });
    let spread = conversations.iter().cycle().zip(staff.iter().cycle());
    let of_staff =
        spread.take(size.staff_sockets).map(|(conversation, who)| (conversation.id.as_str(), who.token.as_str()));
    let wanted: Vec<(&str, &str)> = of_customers.chain(of_staff).collect();
    println!("set-up: {} sockets", wanted.len());
    let opening = wanted.into_iter().map(|(conversation, token)| Screen::open(&world.gateway, token, conversation));
    let open: Vec<Screen> = futures::stream::iter(opening).buffer_unordered(CONNECTING).try_collect().await?;
    let (ends, _) = watch::channel(None);
    let mut tasks = JoinSet::new();
    for screen in open {
        tasks.spawn(screen.watch(Arc::clone(seen), ends.subscribe()));
    }
    Ok(Screens { tasks, ends })
}

fn describe(outcome: Result<crate::http::Answer>) -> String {
    match outcome {
        Ok(answer) => format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)),
        Err(error) => error.to_string(),
    }
}

/// Cheap chance: which conversation is next.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap_or_default() % sides.max(1)
    }
}

/// How long a workload runs before it is measured: connections, prepared statements and plans settle.
pub(crate) const WARM_UP: Duration = Duration::from_secs(3);
