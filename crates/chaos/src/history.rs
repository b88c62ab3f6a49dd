//! What is recorded of a run: JSON lines, written as things happen, read back by the checker.
//!
//! Times are microseconds since the run began. Those of clients are monotonic; those of Postgres are its wall clock
//! less the wall clock at the beginning, on the same machine.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::Result;

/// Microseconds since the run began.
pub(crate) type Micros = i64;

/// One thing that happened, or one row of the final look into the tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum Record {
    /// The first line: what the run was.
    Run(Run),
    /// Somebody who takes part.
    Person(Person),
    /// A client asks for something.
    Call(Call),
    /// What it was told, or that nobody told it anything.
    Answer(Answer),
    /// A screen's connection.
    Screen(Screen),
    /// An event came to a screen.
    Heard(Heard),
    /// Something was broken on purpose.
    Fault(Fault),
    /// All that was begun has ended, or patience has.
    Settled(Settled),
    /// A row of `messages`.
    Message(Message),
    /// A row of `events` with its place in the feed.
    Event(Event),
    /// A row of `conversations`.
    Conversation(Conversation),
    /// A row of `staff`.
    Staff(Staff),
    /// A row of `assignments`.
    Decision(Decision),
    /// A row of `sla_clocks`.
    Clock(Clock),
    /// A row of `jobs`.
    Job(Job),
    /// A committed end of a job, as a trigger of the run's own database noted it.
    JobEnd(JobEnd),
    /// A letter that reached the mail server.
    Letter(Letter),
    /// A place in the feed that no event has: the way was tried.
    Canary(Canary),
}

/// What the run was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Run {
    /// Everything that is drawn is drawn from it.
    pub(crate) seed: u64,
    /// How long traffic and faults lasted.
    pub(crate) seconds: u64,
    /// Machine and build.
    pub(crate) conditions: String,
}

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    /// Who.
    pub(crate) id: String,
    /// As in `team_leader`.
    pub(crate) role: String,
    /// The team whose tickets they get.
    pub(crate) team: Option<String>,
    /// Units that routing may give them; none for who gets nothing from it.
    pub(crate) limit: Option<i64>,
    /// The rooms that they hear, as the rules say, worked out by the harness itself.
    pub(crate) rooms: Vec<String>,
}

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// To open a ticket.
    Open,
    /// To post a message.
    Post,
    /// To take a ticket.
    Claim,
    /// To take the next ticket.
    Next,
    /// To give a ticket to somebody.
    Give,
    /// To read.
    Read,
}

/// A client asks for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Call {
    /// When.
    pub(crate) at: Micros,
    /// Its number.
    pub(crate) n: u64,
    /// Who asks.
    pub(crate) who: String,
    /// For what.
    pub(crate) what: What,
    /// The name under which it is asked again: a `client_id` or an `Idempotency-Key`.
    pub(crate) key: String,
    /// About which ticket.
    pub(crate) ticket: Option<String>,
    /// A text that no other call has.
    pub(crate) text: Option<String>,
    /// How often it was asked before.
    pub(crate) repeat: u32,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// It was done: the id of the message or ticket, and the message's `seq`.
    Done {
        /// The id of what was made or changed; none where nothing was.
        id: Option<String>,
        /// The message's place as its author counts.
        seq: Option<i64>,
    },
    /// It is to be done later (202).
    Pending,
    /// It was refused for good: nothing was done by this call.
    Refused(String),
    /// Nobody knows: no answer, or one that says so.
    Unknown(String),
}

/// What a client was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// When.
    pub(crate) at: Micros,
    /// The call's number.
    pub(crate) n: u64,
    /// What came of it.
    pub(crate) outcome: Outcome,
}

/// What became of a screen's connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Line {
    /// It is new: from here on it hears everything.
    Fresh,
    /// It has caught up to here.
    Resumed,
    /// It was told to fetch its state again: what lies before is not its to have.
    Resync,
    /// It was cut, or fell silent.
    Lost,
    /// It has looked a last time: it has all up to here.
    Last,
}

/// A screen's connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Screen {
    /// When.
    pub(crate) at: Micros,
    /// Which screen.
    pub(crate) screen: u64,
    /// Whose.
    pub(crate) who: String,
    /// What happened.
    pub(crate) line: Line,
    /// The place in the feed at which it stands.
    pub(crate) position: i64,
}

/// An event came to a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heard {
    /// When.
    pub(crate) at: Micros,
    /// Which screen.
    pub(crate) screen: u64,
    /// Its place in the feed.
    pub(crate) position: i64,
    /// The event.
    pub(crate) id: String,
    /// The message's `seq`, of `message:created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seq: Option<i64>,
    /// Whether it came by `resume`.
    pub(crate) late: bool,
}

/// What was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Broken {
    /// A service was killed.
    Service,
    /// A service was frozen for longer than a lease.
    Frozen,
    /// Postgres was killed.
    Postgres,
    /// Redis was emptied.
    RedisEmptied,
    /// Redis was killed.
    Redis,
    /// A connection was cut.
    Cut,
    /// A connection swallows what is said.
    Swallowed,
    /// A connection lost its other half.
    HalfOpen,
    /// A connection was slow for a while.
    Delayed,
}

impl Broken {
    /// Whether it ends a client's connection.
    pub(crate) const fn drops(self) -> bool {
        matches!(self, Self::Cut | Self::Swallowed | Self::HalfOpen)
    }
}

/// Something was broken on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// When.
    pub(crate) at: Micros,
    /// When it worked again, as far as is known.
    pub(crate) until: Micros,
    /// What.
    pub(crate) what: Broken,
    /// Which.
    pub(crate) whom: String,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settled {
    /// When.
    pub(crate) at: Micros,
    /// The head of the feed then.
    pub(crate) head: i64,
    /// Events without a place.
    pub(crate) outbox: i64,
    /// What had not ended when patience did; none when all has.
    pub(crate) open: Option<String>,
}

/// A message as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Which.
    pub(crate) id: String,
    /// Its conversation.
    pub(crate) conversation: String,
    /// Its place as staff count.
    pub(crate) seq: i64,
    /// Its place as customers count; a note has that of the reply before it.
    pub(crate) public_seq: i64,
    /// `reply` or `note`.
    pub(crate) kind: String,
    /// Its text.
    pub(crate) body: String,
    /// Its author.
    pub(crate) author: String,
    /// The sender's name for it.
    pub(crate) client_id: Option<String>,
}

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Event {
    /// Which.
    pub(crate) id: String,
    /// Its place in the feed; none: it was never given one.
    pub(crate) position: Option<i64>,
    /// As in `ticket:assigned`.
    pub(crate) kind: String,
    /// When its transaction began.
    pub(crate) at: Micros,
    /// Who hears it.
    pub(crate) rooms: Vec<String>,
    /// The person who did it, or a part of Baton: `routing`.
    pub(crate) by: String,
    /// Its conversation or ticket.
    pub(crate) conversation: Option<String>,
    /// The message, of `message:created`.
    pub(crate) message: Option<String>,
    /// The ticket as it was after it.
    pub(crate) ticket: Option<Ticket>,
    /// The clock, of `sla:*`.
    pub(crate) clock: Option<String>,
    /// When the clock's promise breaks.
    pub(crate) due_at: Option<Micros>,
}

/// What an event says of its ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// Whose basket it is in.
    pub(crate) assignee: Option<String>,
    /// `waiting`, `assigned` or `none`.
    pub(crate) queue: String,
    /// Its team.
    pub(crate) team: String,
    /// Its subject.
    pub(crate) subject: String,
}

/// A conversation's counters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Conversation {
    /// Which.
    pub(crate) id: String,
    /// Messages.
    pub(crate) last_seq: i64,
    /// Replies.
    pub(crate) last_public_seq: i64,
}

/// What somebody carries at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Staff {
    /// Who.
    pub(crate) id: String,
    /// Units in use.
    pub(crate) used: i64,
}

/// An assignment decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decision {
    /// Which.
    pub(crate) id: String,
    /// The ticket.
    pub(crate) ticket: String,
    /// As in `queue`.
    pub(crate) trigger: String,
    /// Who got it.
    pub(crate) chosen: Option<String>,
    /// Units that the chosen one had free, as the decision saw them.
    pub(crate) units_free: Option<i64>,
}

/// A clock as it stands at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Clock {
    /// Which.
    pub(crate) id: String,
    /// Its state.
    pub(crate) state: String,
    /// When its promise breaks.
    pub(crate) due_at: Micros,
    /// When it warned.
    pub(crate) warned_at: Option<Micros>,
}

/// A job as it stands at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Job {
    /// Which.
    pub(crate) id: String,
    /// What it is known by.
    pub(crate) key: String,
    /// Its state.
    pub(crate) state: String,
    /// How often it was begun.
    pub(crate) attempts: i64,
}

/// A committed end of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JobEnd {
    /// Which.
    pub(crate) id: String,
    /// Its state before.
    pub(crate) was: String,
}

/// A letter that reached the mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letter {
    /// Its `Message-ID`, whose first part is the job.
    pub(crate) message_id: String,
}

/// A place in the feed that no event has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Canary {
    /// The place.
    pub(crate) position: i64,
}

/// Writes records in the order in which they are given; clones of a reference share one file.
#[derive(Debug)]
pub(crate) struct Recorder {
    began: Instant,
    began_unix: Duration,
    calls: AtomicU64,
    lines: Mutex<Option<Sender<String>>>,
    writer: Mutex<Option<JoinHandle<std::io::Result<()>>>>,
}

impl Recorder {
    /// Begins a run: now is 0.
    pub(crate) fn begin(path: &Path) -> Result<Self> {
        let mut file = BufWriter::new(File::create(path).map_err(|error| format!("{}: {error}", path.display()))?);
        let (lines, written) = channel::<String>();
        let writer = std::thread::spawn(move || {
            for line in written {
                file.write_all(line.as_bytes())?;
                file.write_all(b"\n")?;
            }
            file.flush()
        });
        Ok(Self {
            began: Instant::now(),
            began_unix: std::time::UNIX_EPOCH.elapsed()?,
            calls: AtomicU64::new(0),
            lines: Mutex::new(Some(lines)),
            writer: Mutex::new(Some(writer)),
        })
    }

    /// Now.
    pub(crate) fn now(&self) -> Micros {
        self.at(Instant::now())
    }

    /// A moment of this process.
    pub(crate) fn at(&self, moment: Instant) -> Micros {
        micros(moment.saturating_duration_since(self.began))
    }

    /// When the run began, in microseconds since 1970.
    pub(crate) fn began_unix(&self) -> Micros {
        micros(self.began_unix)
    }

    /// A number that no other call has.
    pub(crate) fn next_call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    /// Notes something.
    pub(crate) fn note(&self, record: &Record) {
        // Records are made of texts and numbers, which always serialise.
        self.line(serde_json::to_string(record).unwrap_or_default());
    }

    /// Notes a record that is written already.
    pub(crate) fn line(&self, line: String) {
        if let Some(lines) = &*self.lines.lock().unwrap_or_else(PoisonError::into_inner) {
            let _writer_failed_and_says_so_at_the_end = lines.send(line);
        }
    }

    /// Writes what is left, and says whether all was written.
    pub(crate) fn end(&self) -> Result<()> {
        drop(self.lines.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            writer.join().map_err(|_| "the history's writer panicked")??;
        }
        Ok(())
    }
}

fn micros(duration: Duration) -> Micros {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// Reads a history.
pub(crate) fn read(path: &Path) -> Result<Vec<Record>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut records = Vec::new();
    for (line, number) in BufReader::new(file).lines().zip(1..) {
        let record = serde_json::from_str(&line?);
        records.push(record.map_err(|error| format!("{}:{number}: {error}", path.display()))?);
    }
    Ok(records)
}
