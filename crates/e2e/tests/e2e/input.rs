//! What comes in wrongly is refused with the right status and code, and changes nothing.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Rest, Stack, Tenant, text};

/// The code of what is no JSON at all.
const UNREADABLE: &str = "invalid";

/// One wrong request and what it is to be answered.
struct Wrong<'p> {
    who: &'p Person,
    method: Method,
    path: String,
    headers: Vec<(&'static str, &'static str)>,
    body: Option<String>,
    expected: (u16, &'static str),
    /// Where the problem must point, if it must.
    pointer: Option<&'static str>,
}

impl<'p> Wrong<'p> {
    fn new(who: &'p Person, method: Method, path: impl Into<String>, expected: (u16, &'static str)) -> Self {
        Self { who, method, path: path.into(), headers: Vec::new(), body: None, expected, pointer: None }
    }

    fn body(mut self, body: Value) -> Self {
        self.headers.push(("content-type", "application/json"));
        self.body = Some(body.to_string());
        self
    }

    fn raw(mut self, body: impl Into<String>) -> Self {
        self.headers.push(("content-type", "application/json"));
        self.body = Some(body.into());
        self
    }

    fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    fn at(mut self, pointer: &'static str) -> Self {
        self.pointer = Some(pointer);
        self
    }

    async fn send(&self) -> Answer {
        self.who.rest.send(self.method.clone(), &self.path, &self.headers, self.body.clone()).await
    }
}

/// Two organisations, and in each a ticket.
struct Ground<'s> {
    tenant: Tenant<'s>,
    elsewhere: Tenant<'s>,
    cleo: Person,
    lena: Person,
    ada: Person,
    eve: Person,
    ticket: String,
    foreign: String,
}

impl<'s> Ground<'s> {
    async fn new(stack: &'s Stack) -> Self {
        let (tenant, elsewhere) = (stack.tenant().await, stack.tenant().await);
        let (cleo, lena, ada) = (tenant.customer("Cleo").await, tenant.leader("Lena").await, tenant.admin("Ada").await);
        let (erik, eve) = (elsewhere.customer("Erik").await, elsewhere.supervisor("Eve").await);
        let ticket = cleo.opens_id("Printer").await;
        let foreign = erik.opens_id("Not yours").await;
        Self { tenant, elsewhere, cleo, lena, ada, eve, ticket, foreign }
    }

    /// Every row of both organisations that a request could change, in short.
    async fn fingerprint(&self) -> Vec<String> {
        let tables = [
            "users",
            "staff",
            "sessions",
            "teams",
            "team_members",
            "conversations",
            "messages",
            "read_marks",
            "tickets",
            "ticket_tags",
            "events",
            "assignments",
            "idempotency_keys",
        ];
        // A connection is renewed meanwhile, and a session used.
        let shared = ["staff", "sessions"];
        let row = |table: &str| {
            if shared.contains(&table) { "count(*)::text" } else { "md5(string_agg(t::text, '' order by t::text))" }
        };
        let queries = tables.map(|table| {
            format!(
                "select '{table} ' || coalesce({}, '') as line from {table} t where org_id in ($org, '{}')",
                row(table),
                self.elsewhere.organization.id
            )
        });
        self.tenant.lines(&queries.join(" union all ")).await
    }

    async fn all_are_refused(&self, wrongs: &[Wrong<'_>]) {
        let before = self.fingerprint().await;
        for wrong in wrongs {
            let answer = wrong.send().await;
            let what = format!("{} {} {}", wrong.method, wrong.path, wrong.body.as_deref().unwrap_or_default());
            let what = what.chars().take(200).collect::<String>();
            let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
            assert_eq!((answer.status, code.as_str()), wrong.expected, "{what}: {}", answer.text);
            let problem = answer.problem(wrong.expected.0, wrong.expected.1);
            if let Some(pointer) = wrong.pointer {
                let pointers: Vec<&Value> =
                    problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
                assert!(pointers.contains(&&json!(pointer)), "{what}: {problem}");
            }
            assert_eq!(self.fingerprint().await, before, "{what} changed something");
        }
    }
}

#[tokio::test]
async fn bodies() {
    let ground = Ground::new(Stack::shared().await).await;
    let (cleo, lena) = (&ground.cleo, &ground.lena);
    let messages = format!("/v1/conversations/{}/messages", ground.ticket);
    let opens = |who| Wrong::new(who, Method::POST, "/v1/tickets", (400, "invalid"));
    let malformed = |body: &str| Wrong::new(cleo, Method::POST, "/v1/tickets", (400, UNREADABLE)).raw(body);
    let deep = format!(r#"{{"subject":"x","custom_fields":{{"a":{}{}}}}}"#, "[".repeat(500), "]".repeat(500));
    ground
        .all_are_refused(&[
            malformed(""),
            malformed(r#"{"subject":"#),
            malformed(r#"{"subject":"x"} and more"#),
            opens(cleo).raw(deep),
            opens(cleo).body(json!([])),
            opens(cleo).body(json!(["Printer"])),
            opens(cleo).body(json!("Printer")),
            opens(cleo).body(json!({})).at("/subject"),
            opens(cleo).body(json!({"subject": "x", "colour": "red"})).at("/colour"),
            opens(cleo).body(json!({"subject": 7})).at("/subject"),
            opens(cleo).body(json!({"subject": "x", "priority": "huge"})).at("/priority"),
            opens(cleo).body(json!({"subject": "x", "priority": null})).at("/priority"),
            opens(cleo).body(json!({"subject": " "})).at("/subject"),
            opens(cleo).body(json!({"subject": "x".repeat(301)})).at("/subject"),
            opens(cleo).body(json!({"subject": "a\u{0}b"})).at("/subject"),
            opens(cleo).body(json!({"subject": "x", "body": "x".repeat(20_001)})).at("/body"),
            opens(cleo).body(json!({"subject": "x", "tags": ["a", 1]})).at("/tags/1"),
            opens(lena).body(json!({"subject": "x", "requester": {"email": "nobody"}})).at("/requester/email"),
            opens(lena)
                .body(json!({"subject": "x", "team": "nowhere", "requester": {"email": "a@b.example"}}))
                .at("/team"),
            opens(cleo).body(json!({"subject": "x", "follow_up_of": ground.foreign})).at("/follow_up_of"),
            Wrong::new(cleo, Method::POST, "/v1/tickets", (415, "unsupported_media_type"))
                .header("content-type", "text/plain"),
            Wrong::new(cleo, Method::POST, "/v1/tickets", (413, "too_large"))
                .raw(json!({"subject": "x", "body": "x".repeat(2 << 20)}).to_string()),
            Wrong::new(cleo, Method::POST, messages.clone(), (400, "invalid")).body(json!({"body": ""})).at("/body"),
            Wrong::new(cleo, Method::POST, messages.clone(), (400, "invalid"))
                .body(json!({"body": "x", "client_id": "x".repeat(65)}))
                .at("/client_id"),
            Wrong::new(cleo, Method::POST, messages, (403, "forbidden"))
                .body(json!({"body": "x", "then": {"status": "resolved"}})),
            Wrong::new(lena, Method::POST, format!("/v1/conversations/{}/read", ground.ticket), (400, "invalid"))
                .body(json!({"seq": 2}))
                .at("/seq"),
            Wrong::new(lena, Method::PUT, format!("/v1/tickets/{}/assignee", ground.ticket), (400, "invalid"))
                .body(json!({}))
                .at("/user_id"),
            Wrong::new(lena, Method::PUT, "/v1/me/availability", (400, "invalid"))
                .body(json!({"status": "asleep"}))
                .at("/status"),
        ])
        .await;
}

#[tokio::test]
async fn addresses_and_queries() {
    let ground = Ground::new(Stack::shared().await).await;
    let (cleo, lena) = (&ground.cleo, &ground.lena);
    let list = |query: &str, pointer: &'static str| {
        Wrong::new(lena, Method::GET, format!("/v1/tickets?{query}"), (400, "invalid")).at(pointer)
    };
    ground
        .all_are_refused(&[
            Wrong::new(cleo, Method::GET, "/v1/nothing", (404, "not_found")),
            Wrong::new(cleo, Method::GET, "/v1/tickets/not-an-id", (404, "not_found")),
            Wrong::new(cleo, Method::DELETE, "/v1/me", (405, "method_not_allowed")),
            list("limit=0", "/limit"),
            list("limit=101", "/limit"),
            list("limit=many", "/limit"),
            list("status=new,nwe", "/status"),
            list("sort=colour", "/sort"),
            list("cursor=nonsense", "/cursor"),
            list("colour=red", "/colour"),
            list("assignee=somebody", "/assignee"),
        ])
        .await;
}

#[tokio::test]
async fn foreign_ids() {
    let ground = Ground::new(Stack::shared().await).await;
    let (cleo, lena, ada) = (&ground.cleo, &ground.lena, &ground.ada);
    let (foreign, nobody) = (&ground.foreign, "01890000-0000-7000-8000-000000000000");
    let not_found = (404, "not_found");
    let mut wrongs = Vec::new();
    for (who, ticket) in [(lena, foreign.as_str()), (ada, foreign), (cleo, foreign), (lena, nobody)] {
        let at = |what: &str| format!("/v1/{what}");
        wrongs.extend([
            Wrong::new(who, Method::GET, at(&format!("tickets/{ticket}")), not_found),
            Wrong::new(who, Method::GET, at(&format!("tickets/{ticket}/timeline")), not_found),
            Wrong::new(who, Method::GET, at(&format!("conversations/{ticket}/messages")), not_found),
            Wrong::new(who, Method::POST, at(&format!("conversations/{ticket}/messages")), not_found)
                .body(json!({"body": "hello"})),
            Wrong::new(who, Method::POST, at(&format!("conversations/{ticket}/read")), not_found)
                .body(json!({"seq": 1})),
        ]);
        if !who.is_customer() {
            wrongs.extend([
                Wrong::new(who, Method::GET, at(&format!("tickets/{ticket}/assignments")), not_found),
                Wrong::new(who, Method::PATCH, at(&format!("tickets/{ticket}")), not_found)
                    .body(json!({"priority": "low"})),
                Wrong::new(who, Method::PUT, at(&format!("tickets/{ticket}/assignee")), not_found)
                    .body(json!({"user_id": who.id})),
                Wrong::new(who, Method::POST, at(&format!("tickets/{ticket}/claim")), not_found),
            ]);
        }
    }
    let eve = &ground.eve;
    wrongs.extend([
        Wrong::new(ada, Method::DELETE, format!("/v1/tickets/{foreign}"), not_found),
        Wrong::new(ada, Method::GET, format!("/v1/users/{}", eve.id), not_found),
        Wrong::new(ada, Method::PATCH, format!("/v1/users/{}", eve.id), not_found).body(json!({"disabled": true})),
        Wrong::new(ada, Method::PUT, format!("/v1/users/{}/capacity", eve.id), not_found).body(json!({"units": 0})),
        Wrong::new(ada, Method::GET, format!("/v1/teams/{}", ground.elsewhere.organization.support), not_found),
        // A person of another organisation, and one who is no staff, hold no tickets here.
        Wrong::new(lena, Method::PUT, format!("/v1/tickets/{}/assignee", ground.ticket), (400, "invalid"))
            .body(json!({"user_id": eve.id}))
            .at("/user_id"),
        Wrong::new(lena, Method::PUT, format!("/v1/tickets/{}/assignee", ground.ticket), (400, "invalid"))
            .body(json!({"user_id": cleo.id}))
            .at("/user_id"),
    ]);
    ground.all_are_refused(&wrongs).await;
}

#[tokio::test]
async fn what_a_role_does_not_hold() {
    let ground = Ground::new(Stack::shared().await).await;
    let (cleo, lena) = (&ground.cleo, &ground.lena);
    let forbidden = (403, "forbidden");
    let ticket = format!("/v1/tickets/{}", ground.ticket);
    ground
        .all_are_refused(&[
            Wrong::new(cleo, Method::PATCH, ticket.clone(), forbidden).body(json!({"priority": "urgent"})),
            Wrong::new(cleo, Method::PUT, format!("{ticket}/assignee"), forbidden).body(json!({"user_id": null})),
            Wrong::new(cleo, Method::POST, format!("{ticket}/claim"), forbidden),
            Wrong::new(cleo, Method::GET, format!("{ticket}/assignments"), forbidden),
            Wrong::new(cleo, Method::GET, "/v1/queues", forbidden),
            Wrong::new(cleo, Method::GET, "/v1/users", forbidden),
            Wrong::new(cleo, Method::GET, "/v1/workers", forbidden),
            Wrong::new(cleo, Method::PUT, "/v1/me/availability", forbidden).body(json!({"status": "online"})),
            Wrong::new(lena, Method::DELETE, ticket.clone(), forbidden),
            Wrong::new(lena, Method::GET, "/v1/workers", forbidden),
            Wrong::new(lena, Method::POST, "/v1/users", forbidden)
                .body(json!({"email": "x@y.example", "name": "X", "role": "admin"})),
        ])
        .await;
}

#[tokio::test]
async fn moves_that_the_life_of_a_ticket_does_not_have() {
    let ground = Ground::new(Stack::shared().await).await;
    let lena = &ground.lena;
    let path = format!("/v1/tickets/{}", ground.ticket);
    lena.changes(&ground.ticket, json!({"status": "resolved"})).await;
    let before = ground.fingerprint().await;
    let problem = lena.rest.patch(&path, json!({"status": "waiting"})).await.problem(409, "illegal_transition");
    assert_eq!(problem["allowed"], json!(["open", "closed"]));
    assert_eq!(ground.fingerprint().await, before);

    lena.changes(&ground.ticket, json!({"status": "closed"})).await;
    let before = ground.fingerprint().await;
    let problem = lena.rest.patch(&path, json!({"status": "open"})).await.problem(409, "illegal_transition");
    assert_eq!(problem["allowed"], json!([]));
    let messages = format!("/v1/conversations/{}/messages", ground.ticket);
    let problem = ground.cleo.rest.post(&messages, json!({"body": "Again!"})).await.problem(409, "closed");
    assert_eq!(problem["follow_up"], true);
    lena.rest.post(&format!("{path}/claim"), json!({})).await.problem(409, "not_active");
    assert_eq!(ground.fingerprint().await, before);
    let follow_up = ground.cleo.opens_as(json!({"subject": "Again", "follow_up_of": ground.ticket})).await;
    assert_eq!(follow_up["follow_up_of"], ground.ticket);
}

#[tokio::test]
async fn stale_versions() {
    let ground = Ground::new(Stack::shared().await).await;
    let lena = &ground.lena;
    let path = format!("/v1/tickets/{}", ground.ticket);
    let seen = lena.rest.get(&path).await;
    let etag = seen.header("etag").to_owned();
    assert_eq!(etag, format!("\"{}\"", seen.json()["version"]));
    let change =
        async |etag: &str, body: Value| lena.rest.send_json(Method::PATCH, &path, &[("if-match", etag)], body).await;
    change(&etag, json!({"priority": "high"})).await.expect(200);

    let now = lena.ticket(&ground.ticket).await;
    let problem = change(&etag, json!({"priority": "low"})).await.problem(412, "stale");
    assert_eq!(problem["ticket"], now, "the current ticket is attached");
    change("7", json!({"priority": "low"})).await.problem(400, "invalid");
    for (method, path) in [(Method::PUT, format!("{path}/assignee")), (Method::POST, format!("{path}/claim"))] {
        let body = if method == Method::PUT { json!({"user_id": lena.id}) } else { Value::Null };
        lena.rest.send_json(method, &path, &[("if-match", &etag)], body).await.problem(412, "stale");
    }
    assert_eq!(lena.ticket(&ground.ticket).await, now);
}

#[tokio::test]
async fn bad_tokens() {
    let ground = Ground::new(Stack::shared().await).await;
    let cleo = &ground.cleo;
    let (head, signature) = cleo.token.rsplit_once('.').unwrap();
    let (_, claims) = head.split_once('.').unwrap();
    // {"alg":"none"}, and a claim set signed for another header.
    let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");
    let swapped = format!("eyJhbGciOiJIUzI1NiJ9.{claims}.{signature}");
    for token in ["nonsense", &unsigned, &swapped, &cleo.refresh_token, &cleo.token[..cleo.token.len() - 2]] {
        let answer = cleo.rest.with_token(token).get("/v1/me").await;
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        answer.problem(401, "invalid_token");
    }
    cleo.rest.anonymous().get("/v1/me").await.problem(401, "unauthenticated");
}

/// The document knows every operation: none answers a stranger, none takes a body that it does not know, and none
/// loses its head over either.
#[tokio::test]
async fn every_operation_of_the_document() {
    let ground = Ground::new(Stack::shared().await).await;
    let document = Rest::new(ground.tenant.stack.api().url()).get("/v1/openapi.json").await.expect(200);
    assert_eq!(&text(&document, "openapi")[..3], "3.1");
    let before = ground.fingerprint().await;
    let (mut closed, mut bodies) = (0, 0);
    for (path, operations) in document["paths"].as_object().unwrap() {
        let address =
            path.replace("{id}", &ground.ticket).replace("{team}", "support").replace("{user_id}", &ground.lena.id);
        for (method, operation) in operations.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let what = format!("{method} {path}");
            if is_protected(operation) {
                closed += 1;
                let answer = ground.ada.rest.anonymous().send(method.clone(), &address, &[], None).await;
                answer.problem(401, "unauthenticated");
            }
            if operation["requestBody"].is_null() {
                continue;
            }
            bodies += 1;
            for body in [json!({"nobody_knows_this": 1}), json!([]), json!("x"), json!(7)] {
                let answer = ground.ada.rest.send_json(method.clone(), &address, &[], body.clone()).await;
                let code = answer.json()["code"].clone();
                assert_eq!((answer.status, &code), (400, &json!("invalid")), "{what} {body}: {}", answer.text);
            }
        }
    }
    assert!(closed > 25 && bodies > 12, "{closed} protected operations, {bodies} with a body");
    assert_eq!(ground.fingerprint().await, before);
}

/// Whether an operation wants somebody to be signed in: it names the bearer token, and not nothing beside it.
fn is_protected(operation: &Value) -> bool {
    match operation["security"].as_array() {
        Some(ways) => !ways.iter().any(|way| way.as_object().is_some_and(serde_json::Map::is_empty)),
        None => true,
    }
}
