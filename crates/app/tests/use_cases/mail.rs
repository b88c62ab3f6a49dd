//! Mail: who is written to, of what, and under which name.

use baton_app::jobs::{self, Claimed, Lane};
use baton_app::mail::{Letter, Wanted, wanted};
use baton_app::{new_id, routing};
use baton_domain::jobs::{Fault, LEASE};
use baton_domain::mail::Language;
use baton_domain::notification::NotificationKind;
use baton_testkit::{Leader, Organization, World};
use jiff::SignedDuration;

const DOMAIN: &str = "acme.example";

struct Assigned {
    world: World,
    org: Organization,
    ana: Leader,
}

async fn assigned() -> Assigned {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let ana = org.leader("Ana").await;
    org.online(&ana.actor).await;
    org.customer("Cleo").await.opens(&org, "Printer <b>smokes</b>").await;
    assert_eq!(routing::assign_waiting(&world.system, org.id, org.support).await.unwrap().tickets, 1);
    Assigned { world, org, ana }
}

impl Assigned {
    async fn claim(&self, lane: Lane) -> Claimed {
        let mut claimed = jobs::claim(&self.world.system, new_id(), lane, 10).await.unwrap();
        assert_eq!(claimed.len(), 1);
        claimed.remove(0)
    }

    async fn letter(&self, job: &Claimed, domain: &str) -> Letter {
        match wanted(&self.world.system, job, domain).await.unwrap() {
            Wanted::Letter(letter) => *letter,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_assignment_is_one_letter_to_whom_it_chose() {
    let cast = assigned().await;
    let job = cast.claim(Lane::Ordinary).await;
    let letter = cast.letter(&job, DOMAIN).await;
    let subject = &letter.subject;
    assert_eq!((letter.kind, subject.email.as_str()), (NotificationKind::Assigned, cast.ana.actor.email.as_str()));
    assert_eq!((subject.subject.as_str(), subject.requester.as_str()), ("Printer <b>smokes</b>", "Cleo"));
    assert_eq!((subject.language, letter.template), (Language::En, None));
    assert_eq!(letter.message_id, format!("{}@{DOMAIN}", job.id));
}

#[tokio::test]
async fn a_letter_keeps_its_name_whatever_becomes_of_an_attempt() {
    let cast = assigned().await;
    let first = cast.claim(Lane::Ordinary).await;
    let name = cast.letter(&first, DOMAIN).await.message_id;
    jobs::fail(&cast.world.system, &first, &Fault::Passing("451".to_owned())).await.unwrap();
    cast.world.clock.advance(SignedDuration::from_mins(1));
    let second = cast.claim(Lane::Ordinary).await;
    assert_eq!(cast.letter(&second, "moved.example").await.message_id, name);
    cast.world.clock.advance(LEASE + SignedDuration::from_secs(1));
    jobs::reap(&cast.world.system).await.unwrap();
    let third = cast.claim(Lane::Suspect).await;
    assert_eq!(cast.letter(&third, "moved.example").await.message_id, name);
    assert_eq!(wanted(&cast.world.system, &second, DOMAIN).await.unwrap(), Wanted::Lost);
}

#[tokio::test]
async fn who_left_is_not_written_to() {
    let cast = assigned().await;
    let left = format!("update users set disabled_at = now() where id = '{}'", cast.ana.actor.user);
    cast.world.database.run_as_owner(&left).await;
    let job = cast.claim(Lane::Ordinary).await;
    assert_eq!(wanted(&cast.world.system, &job, DOMAIN).await.unwrap(), Wanted::Nothing);
}

#[tokio::test]
async fn a_deleted_ticket_is_not_written_of() {
    let cast = assigned().await;
    cast.world.database.run_as_owner("update tickets set deleted_at = now()").await;
    let job = cast.claim(Lane::Ordinary).await;
    assert_eq!(wanted(&cast.world.system, &job, DOMAIN).await.unwrap(), Wanted::Nothing);
}

#[tokio::test]
async fn an_organisation_has_its_own_words_in_its_language() {
    let cast = assigned().await;
    let other = cast.world.organization("other").await;
    let own = |org: &Organization, language: &str| {
        let id = org.id;
        format!("insert into mail_templates values ('{id}', 'assigned', '{language}', '{language}', 'text', 'html');")
    };
    let sql = own(&cast.org, "en") + &own(&cast.org, "de") + &own(&other, "de");
    cast.world.database.run_as_owner(&sql).await;
    cast.world
        .database
        .run_as_owner(&format!("update organizations set language = 'de' where id = '{}'", cast.org.id))
        .await;
    let job = cast.claim(Lane::Ordinary).await;
    let letter = cast.letter(&job, DOMAIN).await;
    assert_eq!((letter.subject.language, letter.template.unwrap().subject.as_str()), (Language::De, "de"));
}
