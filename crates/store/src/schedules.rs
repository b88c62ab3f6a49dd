//! Schedules: each tick once, whichever process comes first.

use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use crate::SystemTx;
use crate::error::Result;
use crate::statement::{sql, statement};

statement! {
    /// A tick, if it is later than the last.
    Tick { name: String, at: jiff_diesel::Timestamp } -> ()
    "insert into schedules as s (name, ticked_at) values (" [name: sql::Text] ", " [at: sql::Timestamptz] ")
     on conflict (name) do update set ticked_at = excluded.ticked_at where s.ticked_at < excluded.ticked_at"
}

/// Takes a schedule's tick: `true` for one transaction of all that ask, `false` for the others and for a tick that is
/// not later than the last. Who comes second waits for the first to commit; should that roll back, the tick is theirs.
pub async fn tick(tx: &SystemTx, name: &str, at: Timestamp) -> Result<bool> {
    Ok(tx.raw().execute(Tick { name: name.to_owned(), at: at.to_diesel() }).await? > 0)
}
