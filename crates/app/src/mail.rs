//! Mail to staff: asked for in the transaction that gives the reason, written by a job.

use baton_domain::id::{JobId, TicketId, UserId};
use baton_domain::jobs::JobKind;
use baton_domain::notification::{Notification, NotificationKind};
use baton_domain::wake::Wake;
use baton_store::jobs::{self, Claimed, NewJob};
use baton_store::{self as store, SystemDb, Tx, mail};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::ids::new_id;

pub use baton_store::mail::{Subject, Template};

/// What a mail job knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Payload {
    recipient: UserId,
    kind: NotificationKind,
    ticket: TicketId,
    /// Fixed before the first try, so that a server that has the mail already can know it again.
    message_id: Option<String>,
}

/// Asks for a mail about each of some people's notifications, one job each under its own of `traces`, in this
/// transaction: nothing is written unless it commits. Whoever is disabled or no member of staff gets none.
pub(crate) async fn enqueue(
    tx: &Tx,
    traces: Vec<Option<String>>,
    told: &[(UserId, Notification)],
) -> store::Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let new_job = |((recipient, notification), trace): (&(UserId, Notification), Option<String>)| {
        let Notification { id, kind, ticket, .. } = notification;
        let payload = Payload { recipient: *recipient, kind: *kind, ticket: ticket.id, message_id: None };
        let payload = serde_json::to_value(payload).map_err(|error| store::Error::Internal(error.to_string()))?;
        Ok(NewJob { id: new_id(), serves: *recipient, key: format!("mail:{id}"), payload, trace })
    };
    let new = told.iter().zip(traces).map(new_job).collect::<store::Result<Vec<_>>>()?;
    tx.wake(Wake::Jobs);
    jobs::insert_for_staff(tx, JobKind::Mail, new).await.map(drop)
}

/// A mail that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The job that writes it.
    pub job: JobId,
    /// Its `Message-ID`, without brackets: the same at every attempt.
    pub message_id: String,
    /// What it tells.
    pub kind: NotificationKind,
    /// Whom, and of what.
    pub subject: Subject,
    /// The organisation's own texts, if it has any.
    pub template: Option<Template>,
}

/// What a mail job finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This is to be written.
    Letter(Box<Letter>),
    /// There is nobody to write to any more, or nothing to write of.
    Nothing,
    /// The claim is not the latest: leave it.
    Lost,
}

/// What a claimed mail job is to write, as things stand now. The first attempt fixes the `Message-ID`, in `domain`,
/// for all.
pub async fn wanted(db: &SystemDb, job: &Claimed, domain: &str) -> Result<Wanted> {
    let tx = db.begin("read_mail_job").await?.enter(job.org).await?;
    let Some(payload) = jobs::payload(&tx, job).await? else { return Ok(Wanted::Lost) };
    let broken = |error: serde_json::Error| Error::Internal(format!("mail job {} cannot be read: {error}", job.id));
    let mut payload: Payload = serde_json::from_value(payload).map_err(broken)?;
    let Some(subject) = mail::subject(&tx, payload.recipient, payload.ticket).await? else {
        tx.commit().await?;
        return Ok(Wanted::Nothing);
    };
    let template = mail::template(&tx, payload.kind, subject.language).await?;
    let message_id = match payload.message_id.clone() {
        Some(fixed) => fixed,
        None => {
            let fixed = format!("{}@{domain}", job.id);
            payload.message_id = Some(fixed.clone());
            let payload = serde_json::to_value(&payload).map_err(broken)?;
            if !jobs::set_payload(&tx, job, payload).await? {
                return Ok(Wanted::Lost);
            }
            fixed
        }
    };
    tx.commit().await?;
    Ok(Wanted::Letter(Box::new(Letter { job: job.id, message_id, kind: payload.kind, subject, template })))
}
