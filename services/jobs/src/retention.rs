//! What is over is taken away: by one process at a time, a bounded batch after the other.

use baton_app::retention::{Kept, prune};
use baton_app::{Error, SystemDb, schedules};
use baton_boot::loops::Report;
use jiff::SignedDuration;

/// How often it is looked for.
const PERIOD: SignedDuration = SignedDuration::from_mins(1);
/// Batches of each kind that one tick takes away at most: what is left then is the next tick's.
const BATCHES: usize = 100;

/// Takes what is over away, if this minute's tick is this process's. One that dies over it leaves the rest to the next
/// minute.
pub(crate) async fn tick(db: &SystemDb) -> Result<Report, Error> {
    if !schedules::tick(db, "retention", PERIOD).await? {
        return Ok(Report::default());
    }
    let mut processed = 0;
    for kept in Kept::ALL {
        for _ in 0..BATCHES {
            let pruned = prune(db, kept).await?;
            processed += pruned.rows as u64;
            if !pruned.more {
                break;
            }
        }
    }
    Ok(Report { processed, more: false })
}
