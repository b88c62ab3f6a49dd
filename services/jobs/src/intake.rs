//! What came while Postgres was away is stored, by the use case that would have stored it then.
//!
//! Any number of processes may be at it, each from the oldest on: a message is known by its name, so it is stored once,
//! and none is tried before the one that came before it is stored or refused.

use std::sync::LazyLock;

use baton_app::conversations::{self, PostMessage};
use baton_app::{Ctx, Db, Error, identity};
use baton_boot::loops::Report;
use baton_boot::tasks::chain;
use baton_domain::access::rights;
use baton_live::Redis;
use baton_live::intake::{self, Waiting};
use prometheus::{IntCounterVec, register_int_counter_vec};

/// Messages of one tick.
const BATCH: usize = 100;

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
pub(crate) static TAKEN: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!(
        "baton_intake_total",
        "Messages that came while Postgres was away, by what became of them.",
        &["outcome"]
    )
    .expect("registered once")
});

/// Stores the oldest of what waits. Fails while Postgres is away; without Redis there is nothing to store.
pub(crate) async fn tick(db: Db, redis: Redis) -> Result<Report, Error> {
    let Ok(waiting) = intake::first(&redis, BATCH).await else { return Ok(Report::default()) };
    let count = waiting.len();
    for (id, message) in waiting {
        let outcome = match message {
            Some(message) => store(&db, message).await?,
            None => "unreadable",
        };
        TAKEN.with_label_values(&[outcome]).inc();
        if let Err(error) = intake::remove(&redis, &id).await {
            tracing::warn!(error = chain(&error), "what is stored cannot be taken from the intake");
            return Ok(Report::default());
        }
    }
    Ok(Report { processed: count as u64, more: count == BATCH })
}

/// Stores a message, or says that it is refused: its sender, who sends it again, is told why.
async fn store(db: &Db, message: Waiting) -> Result<&'static str, Error> {
    let conversation = message.conversation;
    match post(db, message).await {
        Ok(()) => Ok("stored"),
        Err(error @ Error::Unavailable(_)) => Err(error),
        Err(error) => {
            tracing::warn!(%conversation, error = chain(&error), "a message of the intake is refused");
            Ok("refused")
        }
    }
}

async fn post(db: &Db, message: Waiting) -> Result<(), Error> {
    let Waiting { org, session, conversation, kind, body, client_id, trace } = message;
    let actor = identity::of_session(db, org, session).await?;
    let can = Ctx { actor, trace, idempotency: None }.allow::<rights::MessagesReply>()?;
    let post = PostMessage { conversation, kind, body, client_id: Some(client_id), then: None };
    conversations::post_message(&can, db, post).await?;
    Ok(())
}
