//! A message that comes while Postgres is away is kept, if its sender was let into the conversation before.

use std::time::Duration;

use actix_web::HttpResponse;
use baton_app::conversations::{self, PostMessage};
use baton_app::{Can, Error};
use baton_domain::access::rights;
use baton_domain::id::{ConversationId, UserId};
use baton_live::Redis;
use baton_live::intake::{self, Waiting};
use baton_wire::conversations::Pending;

use crate::problem::Failure;

/// How long somebody who was let in counts as such.
const KNOWN_FOR: Duration = Duration::from_secs(10 * 60);
/// How many are remembered.
const REMEMBERED: u64 = 100_000;

/// Where messages are kept, and of whom.
#[derive(Debug)]
pub(crate) struct Intake {
    redis: Redis,
    known: moka::future::Cache<(UserId, ConversationId), ()>,
}

impl Intake {
    pub(crate) fn new(redis: Redis) -> Self {
        let known = moka::future::Cache::builder().max_capacity(REMEMBERED).time_to_live(KNOWN_FOR).build();
        Self { redis, known }
    }

    /// Notes that somebody was let into a conversation.
    pub(crate) async fn note(&self, user: UserId, conversation: ConversationId) {
        self.known.insert((user, conversation), ()).await;
    }

    /// Keeps a message, or fails as `away` says. One that does more than to be said has to wait for Postgres.
    pub(crate) async fn keep(
        &self,
        can: &Can<rights::MessagesReply>,
        post: PostMessage,
        away: Failure,
    ) -> Result<HttpResponse, Failure> {
        conversations::check(can.actor(), &post)?;
        let is_known = self.known.contains_key(&(can.actor().user, post.conversation));
        let (Some(client_id), None, true) = (post.client_id, post.then, is_known) else { return Err(away) };
        let waiting = Waiting {
            org: can.actor().org,
            session: can.actor().session,
            conversation: post.conversation,
            kind: post.kind,
            body: post.body,
            client_id: client_id.clone(),
            trace: can.ctx().trace.clone(),
        };
        match intake::put(&self.redis, &waiting).await {
            Ok(true) => Ok(HttpResponse::Accepted().json(Pending { pending: true, client_id })),
            Ok(false) | Err(_) => Err(away),
        }
    }
}

/// Whether `failure` says that Postgres is away.
pub(crate) fn is_away(failure: &Failure) -> bool {
    matches!(failure, Failure::App(Error::Unavailable(_)))
}
