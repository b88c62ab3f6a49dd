//! Calls to the API: asked again under the same name until somebody answers, each attempt noted.

use std::sync::Arc;
use std::time::Duration;

use baton_bench::http::{Answer, Http};
use serde_json::Value;

use crate::floor::Floor;
use crate::history::{self, Call, Outcome, Record, What};
use crate::people::Player;
use crate::plan::Dice;

/// How long an answer is waited for.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_secs(6);
/// How often a call is asked again.
const REPEATS: u32 = 6;
/// The pause before the first repeat; doubled each time.
const PAUSE: Duration = Duration::from_millis(100);

/// A call to make.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// For what.
    pub(crate) what: What,
    /// Method and path.
    pub(crate) to: (&'static str, String),
    /// The name under which it may be repeated.
    pub(crate) key: String,
    /// About which ticket.
    pub(crate) ticket: Option<String>,
    /// The text that it brings.
    pub(crate) text: Option<String>,
    /// Its body.
    pub(crate) body: Option<Value>,
}

/// Somebody's hand on the API: a connection to one replica, the other when that fails.
#[derive(Debug)]
pub(crate) struct Hand {
    pub(crate) floor: Arc<Floor>,
    pub(crate) player: Arc<Player>,
    pub(crate) dice: Dice,
    https: Vec<Http>,
    turn: usize,
}

impl Hand {
    /// A hand that has not been used.
    pub(crate) fn of(floor: &Arc<Floor>, player: &Arc<Player>, dice: Dice) -> Self {
        let https = floor.apis.iter().map(|api| Http::to(&api.address)).collect();
        Self { floor: Arc::clone(floor), player: Arc::clone(player), dice, https, turn: 0 }
    }

    /// Notes the beginning of an attempt; gives its number.
    pub(crate) fn begin(&self, ask: &Ask, repeat: u32) -> u64 {
        let recorder = &self.floor.recorder;
        let n = recorder.next_call();
        recorder.note(&Record::Call(Call {
            at: recorder.now(),
            n,
            who: self.player.person.id.clone(),
            what: ask.what,
            key: ask.key.clone(),
            ticket: ask.ticket.clone(),
            text: ask.text.clone(),
            repeat,
        }));
        n
    }

    /// Notes what came of it.
    pub(crate) fn end(&self, n: u64, outcome: &Outcome) {
        let recorder = &self.floor.recorder;
        recorder.note(&Record::Answer(history::Answer { at: recorder.now(), n, outcome: outcome.clone() }));
    }

    /// Asks until there is an answer, or patience ends; gives the body of a good one. `repeat`: how often it was asked
    /// before.
    pub(crate) async fn ask(&mut self, ask: &Ask, repeat: u32) -> Option<Value> {
        let body = ask.body.as_ref().map(Value::to_string);
        for repeat in repeat..REPEATS {
            if repeat > 0 {
                tokio::time::sleep(PAUSE * 2_u32.pow(repeat)).await;
                self.turn += 1;
            }
            let token = self.player.token();
            let n = self.begin(ask, repeat);
            let index = self.turn.checked_rem(self.https.len())?;
            let http = self.https.get_mut(index)?;
            let (to, body) = ((ask.to.0, ask.to.1.as_str()), body.as_ref().map(String::as_bytes));
            let sent = async {
                // A post carries its name inside; others carry it in the header. What is repeated without harm has
                // none.
                match ask.what {
                    What::Open | What::Claim | What::Next => http.send_once(to, &token, &ask.key, body).await,
                    What::Post | What::Give | What::Read => http.send(to, Some(&token), body).await,
                }
            };
            let (outcome, value) = match tokio::time::timeout(ANSWERED_WITHIN, sent).await {
                Ok(Ok(answer)) => outcome(&answer),
                Ok(Err(error)) => (Outcome::Unknown(error.to_string()), None),
                Err(_) => (Outcome::Unknown("no answer".to_owned()), None),
            };
            self.end(n, &outcome);
            match outcome {
                Outcome::Unknown(_) => {}
                Outcome::Done { .. } => return Some(value.unwrap_or_default()),
                Outcome::Pending | Outcome::Refused(_) => return None,
            }
        }
        None
    }
}

fn outcome(answer: &Answer) -> (Outcome, Option<Value>) {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let member = |name: &str| body.as_ref().and_then(|body| body.get(name));
    let code = member("code").and_then(Value::as_str).unwrap_or_default().to_owned();
    let outcome = match answer.status {
        202 => Outcome::Pending,
        200..=299 => done(body.as_ref().unwrap_or(&Value::Null)),
        // A twin is under way, a token ran out, or it was too much: asked again, it may be done.
        401 | 409 | 429 if answer.status != 409 || code == "in_progress" => Outcome::Unknown(code),
        400..=499 => Outcome::Refused(format!("{} {code}", answer.status)),
        status => Outcome::Unknown(format!("{status} {code}")),
    };
    (outcome, body)
}

/// What an acknowledgement names: a message, or a ticket.
pub(crate) fn done(body: &Value) -> Outcome {
    let id = body.get("id").and_then(Value::as_str).map(str::to_owned);
    Outcome::Done { id, seq: body.get("seq").and_then(Value::as_i64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_the_contract_says() {
        let of =
            |status: u16, body: &str| outcome(&Answer { status, retry_after: None, body: body.as_bytes().to_vec() }).0;
        assert_eq!(of(201, r#"{"id":"m","seq":3}"#), Outcome::Done { id: Some("m".into()), seq: Some(3) });
        assert_eq!(of(204, ""), Outcome::Done { id: None, seq: None });
        assert_eq!(of(202, r#"{"pending":true}"#), Outcome::Pending);
        assert!(matches!(of(409, r#"{"code":"in_progress"}"#), Outcome::Unknown(_)));
        assert!(matches!(of(409, r#"{"code":"already_assigned"}"#), Outcome::Refused(_)));
        assert!(matches!(of(404, "{}"), Outcome::Refused(_)));
        for status in [401, 429, 500, 503] {
            assert!(matches!(of(status, "{}"), Outcome::Unknown(_)), "{status}");
        }
    }
}
