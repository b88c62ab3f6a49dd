//! Whole walks through the contract, as a client takes them.

use baton_domain::user::Role;
use baton_wire::problem::Code;
use serde_json::{Value, json};

use crate::server::{Server, Session, good, problem};

async fn opened(customer: &Session<'_>) -> Value {
    let body = json!({"subject": "Printer", "body": "It smokes", "priority": "high"});
    customer.send("POST", "/v1/tickets", body, 201).await
}

fn path(ticket: &Value, rest: &str) -> String {
    format!("/v1/tickets/{}{rest}", ticket["id"].as_str().unwrap())
}

fn messages(ticket: &Value) -> String {
    format!("/v1/conversations/{}/messages", ticket["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_ticket_from_both_sides() {
    let (server, people) = Server::with_demo().await;
    let customer = server.sign_in(people.of(Role::Customer, 0)).await;
    let stranger = server.sign_in(people.of(Role::Customer, 1)).await;
    let supervisor = server.sign_in(people.of(Role::Supervisor, 0)).await;

    let ticket = opened(&customer).await;
    assert_eq!((&ticket["queue"]["state"], &ticket["queue"]["position"]), (&json!("waiting"), &json!(1)));
    assert_eq!((&ticket["last_seq"], &ticket["version"]), (&json!(1), &json!(1)));
    assert_eq!(stranger.refused("GET", &path(&ticket, ""), Value::Null).await.code, Code::NotFound);

    let change = json!({"tags": ["s3cret"], "custom_fields": {"x": "s3cret"}});
    supervisor.send("PATCH", &path(&ticket, ""), change, 200).await;
    supervisor.send("POST", &messages(&ticket), json!({"kind": "note", "body": "s3cret"}), 201).await;
    let reply = json!({"body": "Unplug it", "then": {"status": "waiting"}});
    let reply = supervisor.send("POST", &messages(&ticket), reply, 201).await;
    assert_eq!(reply["seq"], 3);

    let seen = customer.get(&path(&ticket, "")).await;
    // One's own message needs no reading.
    assert_eq!((&seen["status"], &seen["last_seq"], &seen["unread"]), (&json!("waiting"), &json!(2), &json!(1)));
    for address in [path(&ticket, ""), path(&ticket, "/timeline"), messages(&ticket), "/v1/tickets".to_owned()] {
        let text = customer.get(&address).await.to_string();
        assert!(!text.contains("s3cret") && !text.contains('@'), "{address}: {text}");
    }
    let staff = supervisor.get(&path(&ticket, "")).await;
    assert!(staff["requester"]["email"].is_string() && staff["tags"] == json!(["s3cret"]));

    let page = customer.get(&format!("{}?after_seq=1", messages(&ticket))).await;
    assert_eq!((&page["items"][0]["seq"], &page["last_seq"], &page["more"]), (&json!(2), &json!(2), &json!(false)));
    let read = messages(&ticket).replace("/messages", "/read");
    assert_eq!(customer.send("POST", &read, json!({"seq": 2}), 200).await["read_seq"], 2);
    assert_eq!(customer.get(&path(&ticket, "")).await["unread"], 0);
    let marks = customer.get(&messages(&ticket)).await["read_marks"].clone();
    let of = |person: &Value| marks.as_array().unwrap().iter().find(|mark| mark["user_id"] == *person).cloned();
    assert_eq!(of(&ticket["requester"]["id"]).unwrap()["seq"], 2);
    assert_eq!(of(&reply["author"]["id"]), Some(json!({"user_id": reply["author"]["id"], "seq": 2})));
    server.stop().await;
}

#[tokio::test]
async fn changes_are_guarded_by_the_version() {
    let (server, people) = Server::with_demo().await;
    let customer = server.sign_in(people.of(Role::Customer, 0)).await;
    let supervisor = server.sign_in(people.of(Role::Supervisor, 0)).await;
    let ticket = opened(&customer).await;
    let got = supervisor.request("GET", &path(&ticket, "")).send().await.unwrap();
    let tag = got.headers()["etag"].to_str().unwrap().to_owned();
    let patch =
        |body: Value| supervisor.request("PATCH", &path(&ticket, "")).header("if-match", &tag).json(&body).send();
    good(patch(json!({"subject": "Plotter"})).await.unwrap(), 200).await;
    let stale = problem(patch(json!({"subject": "Scanner"})).await.unwrap()).await;
    assert_eq!((stale.code, stale.ticket.unwrap().subject.as_str()), (Code::Stale, "Plotter"));
    supervisor.send("PATCH", &path(&ticket, ""), json!({"status": "resolved"}), 200).await;
    let refused = supervisor.refused("PATCH", &path(&ticket, ""), json!({"status": "waiting"})).await;
    assert_eq!((refused.code, refused.allowed.unwrap().len()), (Code::IllegalTransition, 2));
    supervisor.send("PATCH", &path(&ticket, ""), json!({"status": "closed"}), 200).await;
    let closed = customer.refused("POST", &messages(&ticket), json!({"body": "Again"})).await;
    assert_eq!((closed.code, closed.follow_up), (Code::Closed, Some(true)));
    let follow_up = json!({"subject": "Again", "follow_up_of": ticket["id"]});
    assert_eq!(customer.send("POST", "/v1/tickets", follow_up, 201).await["follow_up_of"], ticket["id"]);
    good(supervisor.request("DELETE", &path(&ticket, "")).send().await.unwrap(), 204).await;
    assert_eq!(supervisor.refused("GET", &path(&ticket, ""), Value::Null).await.code, Code::NotFound);
    server.stop().await;
}

#[tokio::test]
async fn what_is_sent_twice_is_done_once() {
    let (server, people) = Server::with_demo().await;
    let customer = server.sign_in(people.of(Role::Customer, 0)).await;
    let post = |body: Value| customer.request("POST", "/v1/tickets").header("idempotency-key", "k1").json(&body).send();
    let first = good(post(json!({"subject": "One"})).await.unwrap(), 201).await;
    let again = good(post(json!({"subject": "One"})).await.unwrap(), 201).await;
    assert_eq!(first, again);
    assert_eq!(problem(post(json!({"subject": "Two"})).await.unwrap()).await.code, Code::IdempotencyMismatch);
    let wrong = customer.request("POST", "/v1/tickets").header("idempotency-key", "a b").send().await.unwrap();
    assert_eq!(problem(wrong).await.errors[0].pointer, "/Idempotency-Key");
    let message = json!({"body": "Hello", "client_id": "c1"});
    let stored = customer.send("POST", &messages(&first), message.clone(), 201).await;
    assert_eq!(customer.send("POST", &messages(&first), message, 200).await, stored);
    let other = customer.refused("POST", &messages(&first), json!({"body": "Bye", "client_id": "c1"})).await;
    assert_eq!(other.code, Code::ClientIdMismatch);
    server.stop().await;
}

#[tokio::test]
async fn work_is_taken_and_given() {
    let (server, people) = Server::with_demo().await;
    let customer = server.sign_in(people.of(Role::Customer, 0)).await;
    let supervisor = server.sign_in(people.of(Role::Supervisor, 0)).await;
    let leader = server.sign_in(people.of(Role::TeamLeader, 0)).await;
    let me = leader.send("PUT", "/v1/me/availability", json!({"status": "busy"}), 200).await;
    assert_eq!((&me["availability"], &me["units_used"]), (&json!("busy"), &json!(0)));
    let (first, second) = (opened(&customer).await, opened(&customer).await);
    let team = first["team"]["slug"].as_str().unwrap();
    let taken = supervisor.send("POST", &format!("/v1/queues/{team}/next"), json!({}), 200).await;
    assert_eq!((&taken["id"], &taken["queue"]["state"]), (&first["id"], &json!("assigned")));
    let refused = leader.refused("POST", &path(&first, "/claim"), json!({})).await;
    assert!(matches!(refused.code, Code::AlreadyAssigned | Code::NotFound), "{:?}", refused.code);
    let given = supervisor.send("PUT", &path(&second, "/assignee"), json!({"user_id": me["id"]}), 200).await;
    assert_eq!(given["assignee"]["id"], me["id"]);
    let missing = supervisor.refused("PUT", &path(&second, "/assignee"), json!({})).await;
    assert_eq!(missing.errors[0].pointer, "/user_id");
    let decisions = supervisor.get(&path(&second, "/assignments")).await;
    assert_eq!((&decisions["items"][0]["chosen"], &decisions["items"][0]["trigger"]), (&me["id"], &json!("manual")));
    let made = &decisions["items"][0];
    assert_eq!(made["chosen_user"], json!({"id": me["id"], "name": me["name"], "role": "team_leader"}));
    let candidates = made["candidates"].as_array().unwrap();
    assert!(!candidates.is_empty() && candidates.iter().all(|c| c["user"]["id"] == c["user_id"]), "{made}");
    let queues = supervisor.get("/v1/queues").await;
    assert_eq!(queues["items"].as_array().unwrap().len(), 2);
    good(supervisor.request("POST", &format!("/v1/queues/{team}/next")).send().await.unwrap(), 204).await;
    let counts = supervisor.get("/v1/tickets/counts").await;
    assert!(counts["all"] == 2 && counts["as_of"].is_string(), "{counts}");
    assert_eq!(leader.get("/v1/tickets?assignee=me").await["items"].as_array().unwrap().len(), 1);
    supervisor.get("/v1/workers").await;
    server.stop().await;
}

#[tokio::test]
async fn lists_are_paged() {
    let (server, people) = Server::with_demo().await;
    let customer = server.sign_in(people.of(Role::Customer, 0)).await;
    let supervisor = server.sign_in(people.of(Role::Supervisor, 0)).await;
    for _ in 0..5 {
        opened(&customer).await;
    }
    for sort in ["-updated_at", "created_at", "priority", "sla_due_at", "waiting_since", "-priority"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = supervisor.get(&format!("/v1/tickets?sort={sort}&limit=2&status=new,open{cursor}")).await;
            seen.extend(page["items"].as_array().unwrap().iter().map(|ticket| ticket["id"].to_string()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5, "{sort}");
        let other = supervisor.refused("GET", &format!("/v1/tickets?sort={sort}{cursor}"), Value::Null).await;
        assert_eq!(other.errors[0].pointer, "/cursor");
    }
    let people = supervisor.get("/v1/users?role=team_leader,agent&limit=4").await;
    assert!(people["items"].as_array().unwrap().len() == 4 && people["next_cursor"].is_string());
    server.stop().await;
}

#[tokio::test]
async fn browsers_keep_their_token_in_a_cookie() {
    let (server, people) = Server::with_demo().await;
    let login = people.of(Role::Agent, 0);
    let answer = server.login(login, json!({"transport": "cookie"})).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/v1/auth", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain http: {cookie}");
    let body = good(answer, 200).await;
    assert!(body.get("refresh_token").is_none() && body["user"]["email"] == json!(login.email));
    let pair = cookie.split(';').next().unwrap().to_owned();
    let refresh = |pair: String| {
        let request = server.request("POST", "/v1/auth/refresh").header("cookie", pair);
        request.header("x-forwarded-proto", "https").send()
    };
    let next = refresh(pair.clone()).await.unwrap();
    let secure = next.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(secure.contains("Secure") && !secure.starts_with(&pair), "{secure}");
    assert!(good(next, 200).await.get("refresh_token").is_none());
    let next = secure.split(';').next().unwrap().to_owned();
    let out = server.request("POST", "/v1/auth/logout").header("cookie", next.clone()).send().await.unwrap();
    assert!(out.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    good(out, 204).await;
    assert_eq!(problem(refresh(next).await.unwrap()).await.code, Code::RevokedSession);
    let session = server.sign_in(login).await;
    good(session.request("POST", "/v1/auth/logout").send().await.unwrap(), 204).await;
    assert_eq!(session.refused("GET", "/v1/me", Value::Null).await.code, Code::RevokedSession);
    server.stop().await;
}

#[tokio::test]
async fn people_and_teams_are_managed() {
    let (server, people) = Server::with_demo().await;
    let admin = server.sign_in(people.of(Role::Admin, 0)).await;
    let new = json!({"email": "New@example.org", "name": "New", "role": "agent", "password": "long enough"});
    let user = admin.send("POST", "/v1/users", new.clone(), 201).await;
    assert_eq!(user["email"], "new@example.org");
    assert_eq!(admin.refused("POST", "/v1/users", new).await.code, Code::Taken);
    let address = format!("/v1/users/{}", user["id"].as_str().unwrap());
    assert_eq!(admin.send("PUT", &format!("{address}/capacity"), json!({"units": 9}), 200).await["units_limit"], 9);
    let team = admin.send("POST", "/v1/teams", json!({"slug": "night", "name": "Night"}), 201).await;
    assert_eq!((&team["policy"], &team["receives"]), (&json!("most_free"), &json!("leaders")));
    let team_address = format!("/v1/teams/{}", team["id"].as_str().unwrap());
    let member = format!("{team_address}/members/{}", user["id"].as_str().unwrap());
    let with = admin.send("PUT", &member, json!({"role": "leader"}), 200).await;
    assert_eq!(with["members"][0]["user"]["id"], user["id"]);
    assert_eq!(admin.get("/v1/teams/night").await, with);
    good(admin.request("DELETE", &member).send().await.unwrap(), 200).await;
    let changed = admin.send("PATCH", &team_address, json!({"policy": "longest_idle"}), 200).await;
    assert!(changed["version"].as_i64() > team["version"].as_i64());
    assert_eq!(admin.send("PATCH", &address, json!({"disabled": true}), 200).await["disabled"], true);
    let wrong = admin.refused("PATCH", &address, json!({"role": null})).await;
    assert_eq!((wrong.code, wrong.errors[0].pointer.as_str()), (Code::Invalid, "/role"));
    server.stop().await;
}
