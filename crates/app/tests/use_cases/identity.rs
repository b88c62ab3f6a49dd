//! Signing in and staying signed in.

use std::sync::Arc;

use baton_app::identity::{Identity, Keys, SignIn, SignedIn};
use baton_app::passwords::Passwords;
use baton_app::users::{self, NewUser, UserChange};
use baton_app::{Ctx, Error, Result};
use baton_domain::access::Actor;
use baton_domain::user::{Role, Tier};
use baton_testkit::{Organization, World, can};
use jiff::SignedDuration;

const PASSWORD: &str = "correct horse battery";

struct Scene {
    world: World,
    admin: Arc<Actor>,
    identity: Identity,
}

async fn scene() -> Scene {
    let world = World::new().await;
    let org: Organization = world.organization("acme").await;
    let admin = org.person(Role::Admin, "Ada", &[]).await;
    let keys = Keys::new(&"t".repeat(32).into(), &"r".repeat(32).into());
    let passwords = Passwords::new().await.unwrap();
    let new = NewUser {
        email: "Ana@Acme.example".into(),
        name: "Ana".into(),
        role: Role::Agent,
        tier: Tier::Normal,
        password: Some(PASSWORD.into()),
        units_limit: None,
    };
    users::create(&can(&admin), &world.db, &passwords, new).await.unwrap();
    // Tokens are dated by the transaction's clock and checked by the process': a real clock here.
    let identity = Identity::new(world.database.app().await, keys, passwords);
    Scene { world, admin, identity }
}

async fn sign_in(scene: &Scene, organization: &str, email: &str, password: &str) -> Result<SignedIn> {
    let wish = SignIn {
        organization: organization.into(),
        email: email.into(),
        password: password.into(),
        user_agent: "test".into(),
    };
    scene.identity.sign_in(wish).await
}

#[tokio::test]
async fn in_and_out() {
    let scene = scene().await;
    let signed_in = sign_in(&scene, "acme", " ANA@acme.example ", PASSWORD).await.unwrap();
    let actor = scene.identity.authenticate(&signed_in.access_token).await.unwrap();
    assert_eq!((actor.role, actor.name.as_str()), (Role::Agent, "Ana"));
    scene.identity.sign_out(&Ctx::of(actor).allow().unwrap()).await.unwrap();
    let out = scene.identity.authenticate(&signed_in.access_token).await.unwrap_err();
    assert_eq!(out.code(), "revoked_session");
    assert_eq!(scene.identity.refresh(&signed_in.refresh_token).await.unwrap_err().code(), "revoked_session");
    let told = "select count(*)::text as line from events where type = 'session:revoked'";
    assert_eq!(scene.world.database.lines(told).await, ["1"]);
}

#[tokio::test]
async fn nothing_tells_a_wrong_password_from_an_unknown_account() {
    let scene = scene().await;
    for (organization, email, password) in [
        ("acme", "ana@acme.example", "wrong"),
        ("acme", "nobody@acme.example", PASSWORD),
        ("nowhere", "ana@acme.example", PASSWORD),
        ("acme", &scene.admin.email.clone(), "has none"),
    ] {
        let refused = sign_in(&scene, organization, email, password).await.unwrap_err();
        assert_eq!(refused.code(), "invalid_credentials");
    }
}

#[tokio::test]
async fn a_lost_answer_gets_the_same_successor_and_a_late_copy_ends_the_session() {
    let scene = scene().await;
    let first = sign_in(&scene, "acme", "ana@acme.example", PASSWORD).await.unwrap();
    let second = scene.identity.refresh(&first.refresh_token).await.unwrap();
    let again = scene.identity.refresh(&first.refresh_token).await.unwrap();
    assert_eq!(second.refresh_token, again.refresh_token);
    assert_ne!(first.refresh_token, second.refresh_token);

    // The successor is used: whoever still holds the first is not the client.
    let third = scene.identity.refresh(&second.refresh_token).await.unwrap();
    assert_eq!(scene.identity.refresh(&first.refresh_token).await.unwrap_err().code(), "reused_token");
    assert_eq!(scene.identity.refresh(&third.refresh_token).await.unwrap_err().code(), "revoked_session");
    assert!(scene.identity.authenticate(&third.access_token).await.is_err());
}

#[tokio::test]
async fn a_copy_after_ten_seconds_ends_the_session() {
    let scene = scene().await;
    let first = sign_in(&scene, "acme", "ana@acme.example", PASSWORD).await.unwrap();
    let second = scene.identity.refresh(&first.refresh_token).await.unwrap();
    scene.world.database.run_as_owner("update refresh_tokens set spent_at = spent_at - interval '11 seconds'").await;
    assert_eq!(scene.identity.refresh(&first.refresh_token).await.unwrap_err().code(), "reused_token");
    assert_eq!(scene.identity.refresh(&second.refresh_token).await.unwrap_err().code(), "revoked_session");
}

#[tokio::test]
async fn two_exchanges_at_once_get_the_same_successor() {
    let scene = scene().await;
    let first = sign_in(&scene, "acme", "ana@acme.example", PASSWORD).await.unwrap();
    let exchanges = (0..4).map(|_| scene.identity.refresh(&first.refresh_token));
    let tokens: Vec<_> =
        futures::future::join_all(exchanges).await.into_iter().map(|r| r.unwrap().refresh_token).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
}

#[tokio::test]
async fn forged_tokens() {
    let scene = scene().await;
    let signed_in = sign_in(&scene, "acme", "ana@acme.example", PASSWORD).await.unwrap();
    let (head, signature) = signed_in.access_token.rsplit_once('.').unwrap();
    let other = Keys::new(&"x".repeat(32).into(), &"r".repeat(32).into());
    let stranger = Identity::new(scene.world.db.clone(), other, scene.identity.passwords().clone());
    assert_eq!(stranger.authenticate(&signed_in.access_token).await.unwrap_err().code(), "invalid_token");
    for token in ["", "x", head, &format!("{head}.AAAA"), &format!("eyJhbGciOiJub25lIn0.e30.{signature}")] {
        assert_eq!(scene.identity.authenticate(token).await.unwrap_err().code(), "invalid_token", "{token}");
    }
    for token in ["", "rt_x_y", "rt_00000000000000000000000000000000_abc", &signed_in.access_token] {
        assert_eq!(scene.identity.refresh(token).await.unwrap_err().code(), "invalid_token", "{token}");
    }
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let scene = scene().await;
    let signed_in = sign_in(&scene, "acme", "ana@acme.example", PASSWORD).await.unwrap();
    let change = UserChange { disabled: Some(true), ..Default::default() };
    users::change(&can(&scene.admin), &scene.world.db, signed_in.actor.user, change).await.unwrap();
    let seen = scene.identity.fresh_session(signed_in.actor.org, signed_in.actor.session).await;
    assert!(matches!(seen, Err(Error::Unauthenticated("revoked_session"))));
    let refused = sign_in(&scene, "acme", "ana@acme.example", PASSWORD).await.unwrap_err();
    assert_eq!(refused.code(), "invalid_credentials");
}

#[tokio::test]
async fn a_session_ends_after_its_time() {
    let scene = scene().await;
    let signed_in = sign_in(&scene, "acme", "ana@acme.example", PASSWORD).await.unwrap();
    assert_eq!(signed_in.expires_in, SignedDuration::from_mins(10).as_secs());
    scene.world.database.run_as_owner("update sessions set expires_at = now() - interval '1 second'").await;
    assert_eq!(scene.identity.refresh(&signed_in.refresh_token).await.unwrap_err().code(), "expired_token");
}
