//! Outside work.

use std::collections::{HashMap, HashSet};

use super::History;

/// A job that is done was done by one commit, from `running`, and its letter left the house: no oftener than it was
/// begun. None is dead, and no two jobs are for the same thing.
pub(super) fn job_once(history: &History) -> Vec<String> {
    let mut found = Vec::new();
    let mut ends: HashMap<&str, Vec<&str>> = HashMap::new();
    for end in &history.job_ends {
        ends.entry(&end.id).or_default().push(&end.was);
    }
    let mut letters: HashMap<&str, i64> = HashMap::new();
    for letter in &history.letters {
        let job = letter.message_id.split('@').next().unwrap_or_default();
        *letters.entry(job).or_default() += 1;
    }
    let mut keys = HashSet::new();
    for job in &history.jobs {
        let ended = ends.get(job.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let sent = letters.remove(job.id.as_str()).unwrap_or_default();
        if !keys.insert(&job.key) {
            found.push(format!("two jobs are {}", job.key));
        }
        match job.state.as_str() {
            "done" if ended != ["running"] => {
                found.push(format!("job {} ended {} times, from {ended:?}", job.id, ended.len()))
            }
            "done" if sent == 0 => found.push(format!("job {} is done and its letter was not sent", job.id)),
            "dead" => found.push(format!("job {} is dead", job.id)),
            _ => {}
        }
        if sent > job.attempts {
            found.push(format!("job {} was begun {} times and sent {sent} letters", job.id, job.attempts));
        }
    }
    found.extend(letters.into_keys().map(|job| format!("a letter of {job}, which is no job")));
    found
}
