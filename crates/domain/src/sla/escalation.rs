//! What follows a broken promise.

use jiff::Timestamp;

use crate::id::UserId;
use crate::routing::Candidate;
use crate::sla::Metric;
use crate::text_enum::text_enum;

text_enum! {
    /// What one step of a ladder does.
    Action {
        /// The ticket's escalation level rises by one, its priority to the next higher.
        Raise = "raise",
        /// The ticket is given to a supervisor.
        HandToSupervisor = "hand_to_supervisor",
        /// People are told.
        Notify = "notify",
    }
}

text_enum! {
    /// Who is told.
    Recipient {
        /// Whoever had the ticket when the promise broke.
        Assignee = "assignee",
        /// The leaders of its team.
        Leaders = "leaders",
        /// All supervisors.
        Supervisors = "supervisors",
    }
}

/// One step of a policy's ladder; taken once, when a clock of its metric breaks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// Whose breach it follows.
    pub metric: Metric,
    /// What it does.
    pub action: Action,
    /// Whom it tells; empty for other actions.
    #[serde(default)]
    pub whom: Vec<Recipient>,
}

/// The supervisor who gets an escalated ticket: somebody who is here before somebody who is not, the fewest units in
/// use, then the lowest id. Units do not bound it: a broken promise is somebody's in any case. `None` when there is
/// no supervisor with an account in use, or `holder` is one of them: then it is in the right hands already.
pub fn hand_to(supervisors: &[Candidate], holder: Option<UserId>, now: Timestamp) -> Option<UserId> {
    let active: Vec<&Candidate> = supervisors.iter().filter(|person| !person.disabled).collect();
    if active.iter().any(|person| Some(person.user) == holder) {
        return None;
    }
    let order = |person: &&&Candidate| (!person.presence.is_available(now), person.units_used, person.user);
    active.iter().min_by_key(order).map(|person| person.user)
}
