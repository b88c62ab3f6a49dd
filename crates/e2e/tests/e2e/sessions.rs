//! Signing in, staying signed in, and being signed out.

use std::time::Duration;

use baton_testkit::wait_for;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Screen, Stack, Transport, text};

#[tokio::test]
async fn signing_out_cuts_the_sockets_of_that_session_only() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let desk = tenant.customer("Cleo").await;
    let phone = desk.signs_in_again().await;
    let (on_desk, also_on_desk) = (desk.screen(stack.gateway(0)).await, polling(&desk, stack).await);
    let on_phone = phone.screen(stack.gateway(0)).await;

    desk.rest.post("/v1/auth/logout", json!({"refresh_token": desk.refresh_token})).await.expect(204);

    is_cut(&on_desk).await;
    is_cut(&also_on_desk).await;
    desk.rest.get("/v1/me").await.problem(401, "revoked_session");
    refresh(&desk, &desk.refresh_token).await.problem(401, "revoked_session");
    let ticket = phone.opens_id("Still here").await;
    on_phone.until_ticket(&ticket, "on the phone", |_| true).await;
    assert!(on_phone.seen().connected);
}

#[tokio::test]
async fn a_disabled_person_is_out_at_once() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (ada, lena) = (tenant.admin("Ada").await, tenant.leader("Lena").await);
    let screens = [lena.screen(stack.gateway(0)).await, polling(&lena, stack).await];

    ada.rest.patch(&format!("/v1/users/{}", lena.id), json!({"disabled": true})).await.expect(200);

    for screen in &screens {
        is_cut(screen).await;
    }
    wait_for("REST to be closed", Duration::from_secs(5), async || {
        (lena.rest.get("/v1/me").await.status == 401).then_some(())
    })
    .await;
    lena.rest.anonymous().post("/v1/auth/login", lena.login.clone()).await.problem(401, "invalid_credentials");
}

#[tokio::test]
async fn a_lost_answer_to_a_refresh_is_given_again() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let first = refresh(&cleo, &cleo.refresh_token).await.expect(200);
    let again = refresh(&cleo, &cleo.refresh_token).await.expect(200);
    assert_eq!(first["refresh_token"], again["refresh_token"], "the same successor");
    assert_ne!(first["refresh_token"], cleo.refresh_token);
    for tokens in [&first, &again] {
        cleo.rest.with_token(text(tokens, "access_token")).get("/v1/me").await.expect(200);
    }
    refresh(&cleo, text(&again, "refresh_token")).await.expect(200);
}

#[tokio::test]
async fn a_token_used_after_its_successor_ends_the_session() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let screen = cleo.screen(stack.gateway(0)).await;
    let second = refresh(&cleo, &cleo.refresh_token).await.expect(200);
    let third = refresh(&cleo, text(&second, "refresh_token")).await.expect(200);

    refresh(&cleo, &cleo.refresh_token).await.problem(401, "reused_token");

    is_cut(&screen).await;
    for token in [&second, &third] {
        assert_eq!(refresh(&cleo, text(token, "refresh_token")).await.status, 401);
    }
    assert_eq!(cleo.rest.with_token(text(&third, "access_token")).get("/v1/me").await.status, 401);
}

#[tokio::test]
async fn a_token_used_again_too_late_ends_the_session() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let screen = cleo.screen(stack.gateway(0)).await;
    let second = refresh(&cleo, &cleo.refresh_token).await.expect(200);
    let earlier = format!(
        "update refresh_tokens set spent_at = spent_at - interval '11 s' where org_id = '{}'",
        tenant.organization.id
    );
    stack.database.run_as_owner(&earlier).await;

    refresh(&cleo, &cleo.refresh_token).await.problem(401, "reused_token");

    is_cut(&screen).await;
    assert_eq!(refresh(&cleo, text(&second, "refresh_token")).await.status, 401);
}

#[tokio::test]
async fn a_browser_keeps_its_refresh_token_in_a_cookie() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let mut login = cleo.login.clone();
    login["transport"] = "cookie".into();
    let answer = cleo.rest.anonymous().post("/v1/auth/login", login).await;
    let cookie = answer.header("set-cookie").to_owned();
    assert!(["HttpOnly", "SameSite=Strict", "Path=/v1/auth"].iter().all(|part| cookie.contains(part)), "{cookie}");
    assert_eq!(answer.expect(200).get("refresh_token"), None);

    let pair = cookie.split(';').next().unwrap();
    let anonymous = cleo.rest.anonymous();
    let next = anonymous.send(reqwest::Method::POST, "/v1/auth/refresh", &[("cookie", pair)], None).await;
    assert_ne!(next.header("set-cookie").split(';').next().unwrap(), pair, "rotated");
    assert_eq!(next.expect(200).get("refresh_token"), None);
}

#[tokio::test]
async fn guessing_is_answered_alike_and_soon_refused() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let anonymous = cleo.rest.anonymous();
    let wrong = |email: &str| json!({"organization": tenant.slug, "email": email, "password": "guess guess"});
    let own = text(&cleo.login, "email");
    let mut other_organization = cleo.login.clone();
    other_organization["organization"] = "nobody-there".into();

    let details: Vec<Value> = {
        let mut all = Vec::new();
        for login in [wrong(own), wrong("nobody@nowhere.example"), other_organization] {
            let problem = anonymous.post("/v1/auth/login", login).await.problem(401, "invalid_credentials");
            all.push(json!([problem["title"], problem["detail"]]));
        }
        all
    };
    assert!(details.iter().all(|detail| *detail == details[0]), "{details:?}");

    // Signing in and one guess are spent: 8 of 10 are left.
    for _ in 0..8 {
        anonymous.post("/v1/auth/login", wrong(own)).await.problem(401, "invalid_credentials");
    }
    let limited = anonymous.post("/v1/auth/login", cleo.login.clone()).await;
    let (wait, now, policy) =
        (limited.header("retry-after"), limited.header("ratelimit"), limited.header("ratelimit-policy"));
    assert!(wait.parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)), "Retry-After: {wait}");
    assert!(now.contains("r=0") && policy.contains("q=10"), "RateLimit: {now}, RateLimit-Policy: {policy}");
    limited.problem(429, "rate_limited");
    cleo.rest.get("/v1/me").await.expect(200);
}

async fn refresh(who: &Person, token: &str) -> Answer {
    who.rest.anonymous().post("/v1/auth/refresh", json!({"refresh_token": token})).await
}

async fn polling(who: &Person, stack: &Stack) -> Screen {
    who.screen_over(Transport::Polling, &[stack.gateway(1)]).await
}

/// It is told why, is cut, and does not get in again.
async fn is_cut(screen: &Screen) {
    screen.until_cut().await;
    assert_eq!(screen.seen().last("signed_out"), Some(&json!({"reason": "revoked"})));
}
