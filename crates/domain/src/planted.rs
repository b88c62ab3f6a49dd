//! Bugs planted on purpose, to prove that the checker of `crates/chaos` finds them (docs/RELIABILITY.md).
//!
//! Only in builds with the feature `planted`, and then only the one that the setting `planted.bug` names. What is
//! released has neither.

use std::sync::OnceLock;

use crate::text_enum::text_enum;

text_enum! {
    /// A bug.
    Bug {
        /// A message is acknowledged before its transaction is committed.
        AckBeforeCommit = "ack-before-commit",
        /// The feed is read with a cursor over the writers' ordinals: what commits late is passed over.
        WritersCursor = "writers-cursor",
        /// The feed's head is not locked, and places given twice are given up.
        HeadWithoutLock = "head-without-lock",
        /// A ticket is handed out without looking again, under its lock, whether it still waits.
        NoRecheck = "no-recheck",
        /// A job is completed by whoever once claimed it.
        NoFence = "no-fence",
        /// Resume brings everything of the organisation.
        ResumeWithoutAudience = "resume-without-audience",
    }
}

static PLANTED: OnceLock<Bug> = OnceLock::new();

/// Plants a bug in this process; the first one stays.
pub fn plant(bug: Bug) {
    let _ = PLANTED.set(bug);
}

/// Whether this bug is planted here.
pub fn is_planted(bug: Bug) -> bool {
    PLANTED.get() == Some(&bug)
}
