//! What the service says before it needs Postgres and Redis, and what when it lacks them.

use baton_wire::problem::Code;

use crate::server::{ORIGIN, Server, problem};

#[test]
fn the_document_is_reviewed() {
    let document = serde_json::to_value(baton_api::document()).unwrap();
    insta::assert_json_snapshot!("openapi", document);
}

#[tokio::test]
async fn addresses_and_methods() {
    let server = Server::alone().await;
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
    let server = Server::alone().await;
    let login = || server.request("POST", "/v1/auth/login");
    let json = |body: String| login().header("content-type", "application/json").body(body);
    let cases = [
        (login().body("x"), Code::UnsupportedMediaType),
        (json("{".to_owned()), Code::Invalid),
        (json(r#"{"organization":"demo","email":"a@b","password":"x","colour":1}"#.to_owned()), Code::Invalid),
        (json(format!(r#"{{"organization":"{}"}}"#, "a".repeat(1_100_000))), Code::TooLarge),
    ];
    for (request, code) in cases {
        assert_eq!(problem(request.send().await.unwrap()).await.code, code);
    }
    server.stop().await;
}

#[tokio::test]
async fn without_postgres_it_says_so() {
    let server = Server::alone().await;
    let body = serde_json::json!({"organization": "demo", "email": "a@b", "password": "x"});
    let answer = server.request("POST", "/v1/auth/login").json(&body).send().await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "1");
    assert_eq!(problem(answer).await.code, Code::Unavailable);
    server.stop().await;
}

#[tokio::test]
async fn guessing_is_slowed() {
    let server = Server::alone().await;
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
    let server = Server::alone().await;
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
    let server = Server::alone().await;
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
    let server = Server::alone().await;
    assert!(!server.request("GET", "/v1/me").send().await.unwrap().headers().contains_key("connection"));
    server.shutdown.cancel();
    let answer = server.request("GET", "/v1/me").send().await.unwrap();
    assert_eq!(answer.headers()["connection"], "close");
    server.stop().await;
}
