//! A server of one's own, and what answers of it look like.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use baton_api::Setup;
use baton_app::identity::Keys;
use baton_app::organizations::{self, Login};
use baton_app::passwords::Passwords;
use baton_app::{Db, Options};
use baton_domain::user::Role;
use baton_live::Redis;
use baton_wire::problem::{MEDIA_TYPE, Problem};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// An origin that the server knows.
pub(crate) const ORIGIN: &str = "https://desk.example.org";
/// Operations that anybody may call. Adding one here is a decision.
pub(crate) const PUBLIC: &[(&str, &str)] =
    &[("POST", "/v1/auth/login"), ("POST", "/v1/auth/logout"), ("POST", "/v1/auth/refresh")];

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    client: Client,
    pub(crate) shutdown: CancellationToken,
    running: std::thread::JoinHandle<()>,
}

impl Server {
    /// One whose Postgres and Redis are away.
    pub(crate) async fn alone() -> Self {
        let mut options = Options::new("postgres://nobody:x@127.0.0.1:1/none");
        options.checkout_timeout = Duration::from_millis(200);
        let db = Db::connect(options, Arc::new(|_: &[_]| ())).await.unwrap();
        let passwords = Passwords::new().await.unwrap();
        Self::start(db, passwords, Redis::new("redis://127.0.0.1:1/0").unwrap())
    }

    /// One with the demo organisation, and its people.
    pub(crate) async fn with_demo() -> (Self, People) {
        let db = baton_testkit::database().await.app().await;
        let passwords = Passwords::new().await.unwrap();
        let logins = organizations::seed_demo(&db, &passwords).await.unwrap();
        let redis = Redis::new(&baton_testkit::redis_url()).unwrap().with_prefix(&baton_testkit::redis_prefix());
        (Self::start(db, passwords, redis), People(logins))
    }

    fn start(db: Db, passwords: Passwords, redis: Redis) -> Self {
        let key = |text: &str| text.repeat(8).into();
        let setup = Setup {
            db: db.clone(),
            pools: vec![db],
            keys: Keys::new(&key("abcd"), &key("efgh")),
            passwords,
            redis,
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

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    /// Somebody's session.
    pub(crate) async fn sign_in(&self, login: &Login) -> Session<'_> {
        let answer = self.login(login, json!({})).await;
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.unwrap();
        Session { server: self, token: body["access_token"].as_str().unwrap().to_owned() }
    }

    pub(crate) async fn login(&self, login: &Login, more: Value) -> Response {
        use baton_boot::ExposeSecret;
        let password = login.password.expose_secret();
        let mut body = json!({"organization": "demo", "email": login.email, "password": password});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.request("POST", "/v1/auth/login").json(&body).send().await.unwrap()
    }

    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        tokio::task::spawn_blocking(move || self.running.join().unwrap()).await.unwrap();
    }
}

/// The demo organisation's people.
pub(crate) struct People(pub(crate) Vec<Login>);

impl People {
    /// The `n`th of a role.
    pub(crate) fn of(&self, role: Role, n: usize) -> &Login {
        self.0.iter().filter(|login| login.role == role).nth(n).unwrap()
    }
}

/// Somebody who signed in.
pub(crate) struct Session<'a> {
    server: &'a Server,
    pub(crate) token: String,
}

impl Session<'_> {
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.server.request(method, path).bearer_auth(&self.token)
    }

    /// The answer's body, which must come with `status`.
    pub(crate) async fn get(&self, path: &str) -> Value {
        good(self.request("GET", path).send().await.unwrap(), 200).await
    }

    /// The answer's body, which must come with `status`.
    pub(crate) async fn send(&self, method: &str, path: &str, body: Value, status: u16) -> Value {
        good(self.request(method, path).json(&body).send().await.unwrap(), status).await
    }

    /// The problem that a request runs into.
    pub(crate) async fn refused(&self, method: &str, path: &str, body: Value) -> Problem {
        problem(self.request(method, path).json(&body).send().await.unwrap()).await
    }
}

pub(crate) async fn good(answer: Response, status: u16) -> Value {
    let got = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    assert_eq!(got, status, "{text}");
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
}

pub(crate) async fn problem(answer: Response) -> Problem {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], MEDIA_TYPE);
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let text = answer.text().await.unwrap();
    let problem: Problem = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!((problem.status, &problem.request_id), (status, &id));
    problem
}

/// Every operation of the document: method and path.
pub(crate) fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(baton_api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let methods = |(path, item): (&String, &serde_json::Value)| {
        let names: Vec<_> = item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        names.into_iter().map(|method| (method, path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(methods).collect()
}

/// A path with its parameters filled in.
pub(crate) fn filled(path: &str) -> String {
    let id = uuid::Uuid::nil().to_string();
    path.replace("{id}", &id).replace("{user_id}", &id).replace("{team}", "support")
}
