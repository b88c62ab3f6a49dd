//! Letters, over real SMTP and into a folder.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use baton_boot::settings::Mail;
use baton_jobs::mail::{Mailer, handler};
use baton_testkit::{Answer, Delivered, SmtpServer};
use jiff::SignedDuration;

use crate::stage::{Running, Stage};

const LIMIT: Duration = Duration::from_secs(20);

fn to_server(server: &SmtpServer) -> Mail {
    Mail { smtp_url: Some(server.url().into()), folder: None, from: "Baton <help@acme.example>".to_owned() }
}

fn mails(stage: &Stage, settings: &Mail, limit: Duration) -> Running {
    let mailer = Arc::new(Mailer::new(settings).unwrap());
    stage.works(handler(stage.world.system.clone(), mailer), limit)
}

fn message_ids(letters: &[Delivered]) -> BTreeSet<&str> {
    letters.iter().map(|letter| letter.head("message-id").unwrap()).collect()
}

async fn errors(stage: &Stage) -> Vec<String> {
    stage.world.database.lines("select coalesce(last_error, '') as line from jobs").await
}

/// Runs one assignment's mail through a server that answers its letters in turn, until it rests in `state`. Gives the
/// letters that came.
async fn one_letter(answers: &'static [Answer], limit: Duration, state: &str) -> (Stage, Vec<Delivered>) {
    let server = SmtpServer::start(move |nth, _| answers[nth.min(answers.len() - 1)]).await;
    let stage = Stage::new().await;
    stage.assigns(1).await;
    let running = mails(&stage, &to_server(&server), limit);
    for _ in 1..answers.len() {
        stage.until_states(&["ready 1"]).await;
        // Not until it was tried and put off.
        let tried = "select '1' as line from jobs where state = 'ready' and last_error is not null and run_at > ";
        let tried = format!("{tried} '{}'", stage.world.clock.now());
        let db = &stage.world.database;
        baton_testkit::wait_for("a failed attempt", LIMIT, async || db.lines(&tried).await.pop()).await;
        stage.world.clock.advance(SignedDuration::from_hours(2));
        running.wake();
    }
    stage.until_states(&[state]).await;
    running.drains().await;
    let letters = server.letters();
    assert_eq!(message_ids(&letters).len(), 1, "one letter, one name, however often it is sent");
    (stage, letters)
}

#[tokio::test]
async fn a_letter_is_whole() {
    let (stage, letters) = one_letter(&[Answer::Take], LIMIT, "done 1").await;
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.to, std::slice::from_ref(&stage.leader.email));
    assert_eq!(letter.head("subject"), Some("[#1] Assigned to you: ticket 0"));
    assert_eq!(letter.head("from"), Some("Baton <help@acme.example>"));
    assert_eq!(letter.head("auto-submitted"), Some("auto-generated"));
    assert!(letter.head("message-id").unwrap().ends_with("@acme.example>") && letter.head("date").is_some());
    assert!(letter.head("content-type").unwrap().starts_with("multipart/alternative"));
    assert!(letter.data.contains("text/plain") && letter.data.contains("text/html"), "{}", letter.data);
}

#[tokio::test]
async fn a_line_cut_after_the_letter_is_tried_again_under_the_same_name() {
    let (_, letters) = one_letter(&[Answer::Cut, Answer::Take], LIMIT, "done 1").await;
    assert_eq!(letters.len(), 2);
}

#[tokio::test]
async fn come_back_later_is_heeded() {
    const LATER: Answer = Answer::Refuse("451 4.3.0 come back later");
    let (_, letters) = one_letter(&[LATER, LATER, Answer::Take], LIMIT, "done 1").await;
    assert_eq!(letters.len(), 3);
}

#[tokio::test]
async fn never_is_heeded_too() {
    let (stage, letters) = one_letter(&[Answer::Refuse("550 5.1.1 nobody of that name")], LIMIT, "dead 1").await;
    assert_eq!(letters.len(), 1);
    let reason = errors(&stage).await.concat();
    assert!(reason.contains("550") && reason.contains("nobody of that name"), "{reason}");
}

#[tokio::test]
async fn what_is_our_own_fault_is_tried_again() {
    const OURS: Answer = Answer::Refuse("530 5.7.0 authentication required");
    let (_, letters) = one_letter(&[OURS, Answer::Take], LIMIT, "done 1").await;
    assert_eq!(letters.len(), 2);
}

#[tokio::test]
async fn a_server_that_says_nothing_holds_nobody_up() {
    let (stage, letters) = one_letter(&[Answer::Stall, Answer::Take], Duration::from_millis(500), "done 1").await;
    assert_eq!((letters.len(), errors(&stage).await), (2, vec![String::new()]));
}

#[tokio::test]
async fn a_server_that_is_away_is_waited_for() {
    let server = SmtpServer::start(|_, _| Answer::Take).await;
    let settings = to_server(&server);
    drop(server);
    let stage = Stage::new().await;
    stage.assigns(1).await;
    let running = mails(&stage, &settings, LIMIT);
    let put_off = "select '1' as line from jobs where state = 'ready' and last_error is not null";
    let db = &stage.world.database;
    baton_testkit::wait_for("a failed attempt", LIMIT, async || db.lines(put_off).await.pop()).await;
    running.drains().await;
}

#[tokio::test]
async fn many_letters_go_out_each_once() {
    let server = SmtpServer::start(|_, _| Answer::Take).await;
    let stage = Stage::new().await;
    stage.assigns(60).await;
    let running = [mails(&stage, &to_server(&server), LIMIT), mails(&stage, &to_server(&server), LIMIT)];
    stage.until_states(&["done 60"]).await;
    let letters = server.letters();
    assert_eq!((letters.len(), message_ids(&letters).len()), (60, 60));
    for running in running {
        running.drains().await;
    }
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("mail-{name}-{}", std::process::id()));
    let _not_there = std::fs::remove_dir_all(&folder);
    folder
}

#[tokio::test]
async fn without_a_server_each_letter_is_a_file() {
    let folder = folder("files");
    let settings = Mail { folder: Some(folder.clone()), ..Mail::default() };
    let stage = Stage::new().await;
    stage.assigns(3).await;
    let running = mails(&stage, &settings, LIMIT);
    stage.until_states(&["done 3"]).await;
    running.drains().await;
    let files: BTreeSet<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let expected = stage.world.database.lines("select id || '.eml' as line from jobs").await;
    assert_eq!(files, expected.into_iter().collect());
    let letter = std::fs::read_to_string(folder.join(files.first().unwrap())).unwrap();
    assert!(letter.contains("Message-ID: <") && letter.contains(&stage.leader.email), "{letter}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let with =
        |from: &str, url: Option<&str>| Mail { from: from.to_owned(), smtp_url: url.map(Into::into), folder: None };
    let refused = |settings: &Mail| Mailer::new(settings).unwrap_err().to_string();
    assert!(refused(&with("nobody", Some("smtp://localhost"))).contains("mail.from"));
    assert!(refused(&with("a@b", None)).contains("mail"));
    let message = refused(&with("a@b", Some("http://user:hunter2@localhost")));
    assert!(message.contains("mail.smtp_url") && !message.contains("hunter2"), "{message}");
}
