//! The service over HTTP, without Postgres or Redis: what it says before it needs them, and what when it lacks them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests report by failing")]

use std::net::SocketAddr;
use std::sync::Arc;

use baton_api::Setup;
use baton_app::identity::Keys;
use baton_app::passwords::Passwords;
use baton_app::{Db, Options};
use baton_wire::problem::{Code, MEDIA_TYPE, Problem};
use reqwest::{Client, Method, RequestBuilder, Response};
use tokio_util::sync::CancellationToken;

/// Operations that anybody may call. Adding one here is a decision.
const PUBLIC: &[(&str, &str)] =
    &[("POST", "/v1/auth/login"), ("POST", "/v1/auth/logout"), ("POST", "/v1/auth/refresh")];

const ORIGIN: &str = "https://desk.example.org";

struct Server {
    address: SocketAddr,
    client: Client,
    shutdown: CancellationToken,
    running: std::thread::JoinHandle<()>,
}

impl Server {
    async fn start() -> Self {
        let mut options = Options::new("postgres://nobody:x@127.0.0.1:1/none");
        options.checkout_timeout = std::time::Duration::from_millis(200);
        let db = Db::connect(options, Arc::new(|_: &[_]| ())).await.unwrap();
        let key = |text: &str| text.repeat(8).into();
        let setup = Setup {
            db: db.clone(),
            pools: vec![db],
            keys: Keys::new(&key("abcd"), &key("efgh")),
            passwords: Passwords::new().await.unwrap(),
            redis: baton_live::Redis::new("redis://127.0.0.1:1/0").unwrap(),
            allowed_origins: vec![ORIGIN.to_owned()],
            trusted_proxies: vec!["127.0.0.1".to_owned()],
        };
        let listener = baton_api::listener("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let running = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(baton_api::serve(setup, listener, stop)).unwrap();
        });
        Self { address, client: Client::new(), shutdown, running }
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    async fn stop(self) {
        self.shutdown.cancel();
        tokio::task::spawn_blocking(move || self.running.join().unwrap()).await.unwrap();
    }
}

async fn problem(answer: Response) -> Problem {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], MEDIA_TYPE);
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let text = answer.text().await.unwrap();
    let problem: Problem = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!((problem.status, &problem.request_id), (status, &id));
    problem
}

fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(baton_api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let methods = |(path, item): (&String, &serde_json::Value)| {
        let names: Vec<_> = item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        names.into_iter().map(|method| (method, path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(methods).collect()
}

fn filled(path: &str) -> String {
    let id = uuid::Uuid::nil().to_string();
    path.replace("{id}", &id).replace("{user_id}", &id).replace("{team}", "support")
}

#[test]
fn the_document_is_reviewed() {
    let document = serde_json::to_value(baton_api::document()).unwrap();
    insta::assert_json_snapshot!("openapi", document);
}

#[test]
fn every_operation_says_who_may_and_what_may_go_wrong() {
    let document = serde_json::to_value(baton_api::document()).unwrap();
    let mut names = std::collections::HashSet::new();
    for (method, path) in operations() {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let public = PUBLIC.contains(&(method.as_str(), path.as_str()));
        let permission = operation["x-permission"].as_str().unwrap_or_default();
        assert_eq!(permission == "public", public, "{method} {path}");
        assert!(
            public || permission.parse::<baton_domain::access::Permission>().is_ok(),
            "{method} {path}: {permission}"
        );
        let responses = operation["responses"].as_object().unwrap();
        for status in ["429", "500", "503"].iter().chain((!public).then_some(&"401")) {
            assert!(responses.contains_key(*status), "{method} {path} lacks {status}");
        }
        assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{method} {path}");
        assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{method} {path}");
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_token() {
    let server = Server::start().await;
    for (method, path) in operations() {
        if PUBLIC.contains(&(method.as_str(), path.as_str())) {
            continue;
        }
        let answer = server.request(&method, &filled(&path)).send().await.unwrap();
        assert_eq!(answer.headers()["www-authenticate"], "Bearer", "{method} {path}");
        assert_eq!(problem(answer).await.code, Code::Unauthenticated, "{method} {path}");
        let answer = server.request(&method, &filled(&path)).bearer_auth("x.y.z").send().await.unwrap();
        assert_eq!(problem(answer).await.code, Code::InvalidToken, "{method} {path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn addresses_and_methods() {
    let server = Server::start().await;
    for path in ["/", "/v1", "/v1/nothing", "/v1/tickets/x/y/z"] {
        let problem = problem(server.request("GET", path).send().await.unwrap()).await;
        assert_eq!((problem.code, problem.instance.as_deref()), (Code::NotFound, Some(path)));
    }
    let id = uuid::Uuid::nil();
    for (method, path, allowed) in [
        ("DELETE", "/v1/tickets".to_owned(), "GET, POST"),
        ("POST", "/v1/tickets/counts".to_owned(), "GET"),
        ("PUT", format!("/v1/tickets/{id}"), "GET, PATCH, DELETE"),
    ] {
        let answer = server.request(method, &path).send().await.unwrap();
        assert_eq!(answer.headers()["allow"], allowed, "{method} {path}");
        assert_eq!(problem(answer).await.code, Code::MethodNotAllowed);
    }
    server.stop().await;
}

#[tokio::test]
async fn bodies_are_bounded_and_typed() {
    let server = Server::start().await;
    let login = || server.request("POST", "/v1/auth/login");
    let json = |body: String| login().header("content-type", "application/json").body(body);
    let cases = [
        (login().body("x"), Code::UnsupportedMediaType),
        (json("{".to_owned()), Code::Malformed),
        (json(r#"{"organization":"demo","email":"a@b","password":"x","colour":1}"#.to_owned()), Code::Invalid),
        (json(format!(r#"{{"organization":"{}"}}"#, "a".repeat(1_100_000))), Code::TooLarge),
    ];
    for (request, code) in cases {
        assert_eq!(problem(request.send().await.unwrap()).await.code, code);
    }
    let refused = server.request("POST", "/v1/tickets").header("idempotency-key", "a b").send().await.unwrap();
    assert_eq!(problem(refused).await.errors[0].pointer, "/Idempotency-Key");
    server.stop().await;
}

#[tokio::test]
async fn without_postgres_it_says_so() {
    let server = Server::start().await;
    let body = serde_json::json!({"organization": "demo", "email": "a@b", "password": "x"});
    let answer = server.request("POST", "/v1/auth/login").json(&body).send().await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "1");
    assert_eq!(problem(answer).await.code, Code::Unavailable);
    server.stop().await;
}

#[tokio::test]
async fn guessing_is_slowed() {
    let server = Server::start().await;
    let attempt = |email: &str, forwarded: &str| {
        let body = serde_json::json!({"organization": "demo", "email": email, "password": "x"});
        let request = server.request("POST", "/v1/auth/login").json(&body);
        request.header("x-forwarded-for", forwarded.to_owned()).send()
    };
    for _ in 0..10 {
        assert_eq!(attempt("a@b", "1.2.3.4").await.unwrap().status(), 503);
    }
    let answer = attempt("A@b ", "6.6.6.6, 1.2.3.4").await.unwrap();
    assert_eq!(answer.headers()["ratelimit-policy"], "\"sign_in_account\";q=10;w=60");
    assert!(answer.headers()["ratelimit"].to_str().unwrap().starts_with("\"sign_in_account\";r=0;t="));
    assert!(answer.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(problem(answer).await.code, Code::RateLimited);
    assert_eq!(attempt("a@b", "1.2.3.5").await.unwrap().status(), 503, "another address");
    server.stop().await;
}

#[tokio::test]
async fn heads_are_safe() {
    let server = Server::start().await;
    let answer = server.request("GET", "/v1/me").header("x-request-id", "mine").send().await.unwrap();
    let headers = answer.headers();
    assert_ne!(headers["x-request-id"], "mine");
    assert_eq!(
        (&headers["cache-control"], &headers["x-content-type-options"]),
        (&"no-store".parse().unwrap(), &"nosniff".parse().unwrap())
    );
    assert!(!headers.contains_key("strict-transport-security") && !headers.contains_key("access-control-allow-origin"));
    let tls = server.request("GET", "/v1/me").header("x-forwarded-proto", "https").send().await.unwrap();
    assert!(tls.headers().contains_key("strict-transport-security"));
    let known = server.request("GET", "/v1/me").header("origin", ORIGIN).send().await.unwrap();
    assert_eq!(known.headers()["access-control-allow-origin"], ORIGIN);
    let preflight = |origin: &'static str| {
        let request = server.request("OPTIONS", "/v1/tickets").header("access-control-request-method", "POST");
        request.header("origin", origin).send()
    };
    let yes = preflight(ORIGIN).await.unwrap();
    assert_eq!((yes.status().as_u16(), &yes.headers()["access-control-allow-origin"]), (204, &ORIGIN.parse().unwrap()));
    assert!(!preflight("https://evil.example").await.unwrap().headers().contains_key("access-control-allow-origin"));
    server.stop().await;
}

#[tokio::test]
async fn the_document_can_be_browsed() {
    let server = Server::start().await;
    let json: serde_json::Value = server.request("GET", "/v1/openapi.json").send().await.unwrap().json().await.unwrap();
    assert_eq!((&json["openapi"], &json["info"]["title"]), (&"3.1.0".into(), &"Baton".into()));
    let page = server.request("GET", "/docs").send().await.unwrap();
    assert_eq!(page.status(), 200, "{}", page.url());
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self';"));
    assert!(page.text().await.unwrap().contains("swagger-ui"));
    server.stop().await;
}

#[tokio::test]
async fn a_draining_process_sends_clients_away() {
    let server = Server::start().await;
    assert!(!server.request("GET", "/v1/me").send().await.unwrap().headers().contains_key("connection"));
    server.shutdown.cancel();
    let answer = server.request("GET", "/v1/me").send().await.unwrap();
    assert_eq!(answer.headers()["connection"], "close");
    server.stop().await;
}
