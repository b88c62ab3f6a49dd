//! Typing: told to those who have the conversation open, on all gateways, and kept by nobody.

use std::sync::Arc;

use baton_domain::conversation::Audience;
use baton_domain::event::Room;
use baton_live::Redis;
use baton_live::whisper::{self, Listener, Whisper};
use baton_wire::problem::Code;
use baton_wire::socket::{Nothing, Typing, TypingNotice};
use baton_wire::users::Person;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::requests::{Asker, Refusal};
use crate::serve::Gateway;

/// How many whispers wait for Redis; while it is away they are dropped.
pub(crate) const WAITING: usize = 1024;
const EVENT: &str = "typing";

/// Tells that somebody types, or stopped.
pub(crate) async fn typing(asker: &Asker<'_>, body: Typing) -> Result<Nothing, Refusal> {
    let (id, sid) = (body.conversation_id, asker.socket.id);
    if asker.conn.may_type().is_err() {
        return Err(Refusal::new(Code::RateLimited, "once in a while is enough"));
    }
    let actor = asker.conn.actor();
    // A customer learns no address, and staff know it already.
    let user = Person::of(actor.person(), Audience::Public);
    let notice = TypingNotice { conversation_id: id, user, typing: body.typing };
    let payload = serde_json::to_value(&notice).map_err(|error| baton_app::Error::Internal(error.to_string()))?;
    let rooms = [Room::ConversationStaff(id), Room::ConversationPublic(id)];
    {
        let floor = asker.gateway.hall.enter().await;
        if !floor.has_open(sid, id) {
            return Err(Refusal::new(Code::NotFound, "this conversation is not open here; join it first"));
        }
        for room in rooms {
            floor.whisper(room, EVENT, &payload, Some(sid));
        }
    }
    for room in rooms {
        let whisper = Whisper {
            org: actor.org,
            room: room.to_string(),
            event: EVENT.to_owned(),
            payload: payload.clone(),
            origin: asker.gateway.id.0,
        };
        // Full while Redis is away: nobody misses it.
        let _ = asker.gateway.whispers.try_send(whisper);
    }
    Ok(Nothing {})
}

/// Sends whispers to the other gateways.
pub(crate) async fn publish(redis: Redis, mut whispers: mpsc::Receiver<Whisper>, stop: CancellationToken) {
    // The gateway itself holds the sender.
    while let Some(Some(whisper)) = stop.run_until_cancelled(whispers.recv()).await {
        if let Err(error) = whisper::publish(&redis, &whisper).await {
            tracing::debug!(%error, "a whisper was not heard");
        }
    }
}

/// Tells this gateway's sockets what others whisper.
pub(crate) async fn listen(gateway: Arc<Gateway>, redis: Redis, stop: CancellationToken) {
    let mut listener = Listener::new(&redis);
    loop {
        let whisper = tokio::select! {
            () = stop.cancelled() => return,
            whisper = listener.next() => whisper,
        };
        if whisper.origin == gateway.id.0 {
            continue;
        }
        if let Ok(room) = whisper.room.parse() {
            gateway.hall.enter().await.whisper(room, &whisper.event, &whisper.payload, None);
        }
    }
}
