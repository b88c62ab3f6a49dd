//! Mail: a job hands one letter over to a server, or leaves it in a folder.
//!
//! A server that took a letter and could not say so is asked again, with the same `Message-ID`: in Postgres the effect
//! is once, in a mailbox it is at least once, by a name that tells.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use baton_app::SystemDb;
use baton_app::jobs::{self, Claimed, Ending};
use baton_app::mail::{Letter, Wanted, wanted};
use baton_boot::settings::Mail;
use baton_boot::tasks::chain;
use baton_boot::{BoxError, ExposeSecret};
use baton_domain::jobs::{Fault, JobKind};
use futures::FutureExt;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::letter::{Written, write};
use crate::worker::Handler;

/// How long a server may take for an answer.
const ANSWER: Duration = Duration::from_secs(20);
/// Refusals that speak of us, not of the letter: somebody will put them right.
const OUR_FAULT: &[u16] = &[530, 534, 535, 538];

/// Where mail goes, and whom it is from.
#[derive(Debug)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// Has jobs done: each kind by its own hand.
pub fn handler(db: SystemDb, mailer: Arc<Mailer>) -> Handler {
    Arc::new(move |job| {
        let (db, mailer) = (db.clone(), Arc::clone(&mailer));
        async move {
            match job.kind {
                JobKind::Mail => mailer.deliver(&db, &job).await,
            }
        }
        .boxed()
    })
}

impl Mailer {
    /// By the settings: to the server if one is set, else into the folder.
    ///
    /// # Errors
    /// When an address in them is not one, or the folder cannot be made.
    pub fn new(settings: &Mail) -> Result<Self, BoxError> {
        let wrong = |key: &str, error: &dyn std::fmt::Display| format!("setting `mail.{key}`: {error}");
        let from = settings.from.parse().map_err(|error| wrong("from", &error))?;
        let way = match (&settings.smtp_url, &settings.folder) {
            (Some(url), _) => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
                // The address may hold a password, and an error the address.
                let server = server.map_err(|_| wrong("smtp_url", &"is no address of a mail server"))?;
                Way::Server(server.timeout(Some(ANSWER)).build())
            }
            (None, Some(folder)) => {
                std::fs::create_dir_all(folder).map_err(|error| wrong("folder", &error))?;
                Way::Folder(folder.clone())
            }
            (None, None) => return Err("setting `mail`: neither server nor folder is set".into()),
        };
        Ok(Self { from, way })
    }

    /// Writes and hands over what a claimed job wants, and ends the job.
    ///
    /// # Errors
    /// What the server refused for good is a lasting fault, anything else a passing one.
    pub async fn deliver(&self, db: &SystemDb, job: &Claimed) -> Result<Ending, Fault> {
        match wanted(db, job, self.from.email.domain()).await? {
            Wanted::Lost => return Ok(Ending::Lost),
            Wanted::Nothing => {}
            Wanted::Letter(letter) => {
                let message = self.message(&letter)?;
                match &self.way {
                    Way::Server(server) => server.send(message).await.map(drop).map_err(|error| fault(&error))?,
                    Way::Folder(folder) => leave(folder.join(format!("{}.eml", letter.job)), message).await?,
                }
            }
        }
        Ok(jobs::finish(db, job).await?)
    }

    fn message(&self, letter: &Letter) -> Result<Message, Fault> {
        let lasting = |error: &dyn std::fmt::Display| Fault::Lasting(error.to_string());
        let Written { subject, text, html } = write(letter);
        let recipient = letter.subject.email.parse().map_err(|error| lasting(&error))?;
        let recipient = Mailbox::new(Some(letter.subject.name.clone()), recipient);
        // Nobody's holiday notice comes back (RFC 3834).
        let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        Message::builder()
            .from(self.from.clone())
            .to(recipient)
            .subject(subject)
            .message_id(Some(format!("<{}>", letter.message_id)))
            .raw_header(automatic)
            .multipart(MultiPart::alternative_plain_html(text, html))
            .map_err(|error| lasting(&error))
    }
}

fn fault(error: &smtp::Error) -> Fault {
    let ours = error.status().is_some_and(|code| OUR_FAULT.contains(&u16::from(code)));
    let reason = chain(error);
    if error.is_permanent() && !ours { Fault::Lasting(reason) } else { Fault::Passing(reason) }
}

/// Leaves a message as a file that is there whole or not at all; a repeated attempt takes its own place.
async fn leave(file: PathBuf, message: Message) -> Result<(), Fault> {
    let written = tokio::task::spawn_blocking(move || {
        let half = file.with_extension("part");
        std::fs::write(&half, message.formatted()).and_then(|()| std::fs::rename(&half, &file)).map_err(|error| {
            let folder = file.parent().unwrap_or(Path::new("")).display().to_string();
            Fault::Passing(format!("the mail cannot be left in {folder}: {error}"))
        })
    });
    written.await.map_err(|error| Fault::Passing(error.to_string()))?
}
