//! What came while Postgres was away is stored, by the use case that would have stored it then.
//!
//! Any number of processes may be at it, each from the oldest on: a message is known by its name, so it is stored once,
//! and none is tried before the one that came before it is stored or refused.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use baton_app::conversations::{self, PostMessage};
use baton_app::{Ctx, Db, Error, identity};
use baton_boot::loops::Report;
use baton_boot::tasks::chain;
use baton_domain::access::rights;
use baton_live::Redis;
use baton_live::intake::{self, Found, Waiting};
use jiff::Timestamp;
use prometheus::{IntCounterVec, register_int_counter_vec};

/// Messages of one tick.
const BATCH: usize = 100;
/// How long what was read counts as what is there.
const FRESH_FOR: Duration = Duration::from_secs(5);
/// How long one is tried again that should have been stored.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static TAKEN: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!(
        "baton_intake_total",
        "Messages that came while Postgres was away, by what became of them.",
        &["outcome"]
    )
    .expect("registered once")
});

/// Shows its metrics from the start.
pub(crate) fn register() {
    for outcome in Outcome::ALL {
        TAKEN.with_label_values(&[outcome.label()]).inc_by(0);
    }
}

/// Stores the oldest of what waits. Fails while Postgres is away; without Redis there is nothing to store.
pub(crate) async fn tick(db: Db, redis: Redis) -> Result<Report, Error> {
    let Ok(waiting) = intake::first(&redis, BATCH).await else { return Ok(Report::default()) };
    let (count, read) = (waiting.len(), Instant::now());
    let (mut processed, mut held) = (0, HashSet::new());
    for found in waiting {
        // A process that was frozen meanwhile must not store what another one has long refused.
        if read.elapsed() > FRESH_FOR {
            return Ok(Report { processed, more: true });
        }
        let conversation = found.message.as_ref().map(|message| message.conversation);
        if conversation.is_some_and(|conversation| held.contains(&conversation)) {
            continue;
        }
        let outcome = outcome(&db, &found).await?;
        TAKEN.with_label_values(&[outcome.label()]).inc();
        if outcome == Outcome::Kept {
            held.extend(conversation);
            continue;
        }
        if let Err(error) = intake::remove(&redis, &found).await {
            tracing::warn!(error = chain(&error), "what is stored cannot be taken from the intake");
            return Ok(Report { processed, more: false });
        }
        processed += 1;
    }
    Ok(Report { processed, more: count == BATCH && processed > 0 })
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Stored,
    /// Its sender, who sends it again, is told why.
    Refused,
    /// A defect of ours is in its way: it is tried again, and what came after it in its conversation waits for it.
    Kept,
    /// It was for too long.
    GivenUp,
    Unreadable,
}

impl Outcome {
    const ALL: [Self; 5] = [Self::Stored, Self::Refused, Self::Kept, Self::GivenUp, Self::Unreadable];

    fn label(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Refused => "refused",
            Self::Kept => "kept",
            Self::GivenUp => "given_up",
            Self::Unreadable => "unreadable",
        }
    }
}

async fn outcome(db: &Db, found: &Found) -> Result<Outcome, Error> {
    let Some(message) = found.message.clone() else { return Ok(Outcome::Unreadable) };
    let conversation = message.conversation;
    match post(db, message).await {
        Ok(()) => Ok(Outcome::Stored),
        Err(error @ Error::Unavailable(_)) => Err(error),
        Err(error @ (Error::Internal(_) | Error::InProgress | Error::Limited(_))) => {
            tracing::error!(%conversation, error = chain(&error), "a message of the intake cannot be stored");
            Ok(if age(found) < KEPT_FOR { Outcome::Kept } else { Outcome::GivenUp })
        }
        Err(error) => {
            tracing::warn!(%conversation, error = chain(&error), "a message of the intake is refused");
            Ok(Outcome::Refused)
        }
    }
}

fn age(found: &Found) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "an hour more or less is the same")]
    let now = Timestamp::now().as_millisecond();
    Duration::from_millis(u64::try_from(now - found.since).unwrap_or_default())
}

async fn post(db: &Db, message: Waiting) -> Result<(), Error> {
    let Waiting { org, session, conversation, kind, body, client_id, trace } = message;
    let actor = identity::of_session(db, org, session).await?;
    let can = Ctx { actor, trace, idempotency: None }.allow::<rights::MessagesReply>()?;
    let post = PostMessage { conversation, kind, body, client_id: Some(client_id), then: None };
    conversations::post_message(&can, db, post).await?;
    Ok(())
}
