//! People and teams.

use baton_app::passwords::Passwords;
use baton_app::teams::{self, NewTeam, TeamChange};
use baton_app::users::{self, NewUser, UserChange};
use baton_domain::availability::Availability;
use baton_domain::routing::{MemberRole, Policy, Receives};
use baton_domain::user::{Role, Tier};
use baton_testkit::{World, can};

fn new(email: &str, role: Role) -> NewUser {
    NewUser { email: email.into(), name: "Nia".into(), role, tier: Tier::Normal, password: None, units_limit: None }
}

#[tokio::test]
async fn adding_and_changing_people() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let admin = org.person(Role::Admin, "Ada", &[]).await;
    let passwords = Passwords::new().await.unwrap();
    let nia = users::create(&can(&admin), &world.db, &passwords, new("nia@a.example", Role::Agent)).await.unwrap();
    assert_eq!(nia.units_limit, Some(5));
    let twin = users::create(&can(&admin), &world.db, &passwords, new("NIA@a.example", Role::Agent)).await;
    assert_eq!(twin.unwrap_err().code(), "taken");
    let short = NewUser { password: Some("short".into()), ..new("b@a.example", Role::Agent) };
    assert_eq!(users::create(&can(&admin), &world.db, &passwords, short).await.unwrap_err().code(), "invalid");

    let promote = UserChange { role: Some(Role::Supervisor), ..Default::default() };
    assert_eq!(users::change(&can(&admin), &world.db, nia.id, promote).await.unwrap().role, Role::Supervisor);
    let told = "select count(*)::text as line from events where type = 'access:changed'";
    assert_eq!(world.database.lines(told).await, ["1"]);
    let suicide = UserChange { disabled: Some(true), ..Default::default() };
    assert_eq!(users::change(&can(&admin), &world.db, admin.user, suicide).await.unwrap_err().code(), "invalid");

    let customer =
        users::create(&can(&admin), &world.db, &passwords, new("c@a.example", Role::Customer)).await.unwrap();
    assert_eq!(customer.units_limit, None);
    assert_eq!(users::set_capacity(&can(&admin), &world.db, customer.id, 3).await.unwrap_err().code(), "not_found");
    let staff = UserChange { role: Some(Role::Agent), ..Default::default() };
    assert_eq!(users::change(&can(&admin), &world.db, customer.id, staff).await.unwrap().units_limit, Some(5));
}

#[tokio::test]
async fn teams_and_their_members() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let admin = org.person(Role::Admin, "Ada", &[]).await;
    let (agent, customer) = (org.person(Role::Agent, "Dan", &[]).await, org.customer("Cleo").await.actor);
    let wish = |slug: &str| NewTeam {
        slug: slug.into(),
        name: "Returns".into(),
        policy: Policy::LongestIdle,
        receives: Receives::All,
    };
    for bad in ["", "-x", "Has Space", "ä"] {
        assert_eq!(teams::create(&can(&admin), &world.db, wish(bad)).await.unwrap_err().code(), "invalid", "{bad}");
    }
    let team = teams::create(&can(&admin), &world.db, wish("returns")).await.unwrap().team;
    assert_eq!(teams::create(&can(&admin), &world.db, wish("returns")).await.unwrap_err().code(), "taken");
    let view = teams::put_member(&can(&admin), &world.db, team.id, agent.user, MemberRole::Leader).await.unwrap();
    assert_eq!(view.members.len(), 1);
    let refused = teams::put_member(&can(&admin), &world.db, team.id, customer.user, MemberRole::Leader).await;
    assert_eq!(refused.unwrap_err().code(), "invalid");
    let change = TeamChange { policy: Some(Policy::MostFree), ..Default::default() };
    assert_eq!(teams::change(&can(&admin), &world.db, team.id, change).await.unwrap().team.version, 2);
    let view = teams::remove_member(&can(&admin), &world.db, team.id, agent.user).await.unwrap();
    assert!(view.members.is_empty());
    let again = teams::remove_member(&can(&admin), &world.db, team.id, agent.user).await.unwrap_err();
    assert_eq!(again.code(), "not_found");
    assert_eq!(teams::list(&can(&agent), &world.db).await.unwrap().len(), 3);
}

#[tokio::test]
async fn what_one_chooses_persists() {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let leader = org.leader("Ana").await.actor;
    for chosen in Availability::ALL {
        baton_app::presence::set_availability(&can(&leader), &world.db, *chosen).await.unwrap();
        let work = users::me(&can(&leader), &world.db).await.unwrap().work.unwrap();
        assert_eq!((work.presence.chosen, work.available), (*chosen, *chosen == Availability::Online));
    }
}
