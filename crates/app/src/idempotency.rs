//! The first answer again: for requests that carry an `Idempotency-Key`.

use baton_store::Tx;
use baton_store::idempotency::{self, Scope};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ctx::Ctx;
use crate::error::{Error, Repeated, Result};

fn scope(ctx: &Ctx) -> Option<(Scope, &[u8])> {
    let key = ctx.idempotency.as_ref()?;
    let scope =
        Scope { user: ctx.actor.user, method: key.method.clone(), path: key.path.clone(), key: key.key.clone() };
    Some((scope, &key.body_hash))
}

/// The first answer to this request's key, if there was one. Without one the key is held until the
/// transaction ends, so that a twin is told to wait.
pub(crate) async fn recall<T: DeserializeOwned>(tx: &Tx, ctx: &Ctx) -> Result<Option<T>> {
    let Some((scope, body_hash)) = scope(ctx) else { return Ok(None) };
    // An answer that is there already is given without the lock: a rollback behind it may take a moment, and the
    // next repeat must not be told to wait for that.
    let found = match idempotency::find(tx, &scope).await? {
        Some(found) => found,
        None => {
            if !idempotency::try_lock(tx, &scope).await? {
                return Err(Error::InProgress);
            }
            // Under the lock: a twin may have answered between the two.
            match idempotency::find(tx, &scope).await? {
                Some(found) => found,
                None => return Ok(None),
            }
        }
    };
    if found.body_hash != body_hash {
        return Err(Error::Mismatch(Repeated::IdempotencyKey));
    }
    serde_json::from_value(found.answer)
        .map(Some)
        .map_err(|error| Error::Internal(format!("a stored answer cannot be read: {error}")))
}

/// Keeps the answer under this request's key, in the transaction that gave it.
pub(crate) async fn remember<T: Serialize>(tx: &Tx, ctx: &Ctx, answer: &T) -> Result<()> {
    let Some((scope, body_hash)) = scope(ctx) else { return Ok(()) };
    let answer = serde_json::to_value(answer).map_err(|error| Error::Internal(error.to_string()))?;
    idempotency::insert(tx, &scope, body_hash.to_vec(), answer).await?;
    Ok(())
}
