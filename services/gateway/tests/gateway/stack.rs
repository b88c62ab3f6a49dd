//! A real gateway over a test's own database, and a sequencer beside it.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use baton_app::identity::{Identity, Keys, SignIn};
use baton_app::passwords::Passwords;
use baton_app::users::NewUser;
use baton_app::{feed, organizations};
use baton_domain::access::Actor;
use baton_domain::id::TeamId;
use baton_domain::routing::MemberRole;
use baton_domain::user::{Role, Tier};
use baton_live::{Redis, stream};
use baton_testkit::{Login, Organization, TestClock, World, database, free_port, redis_prefix, redis_url, wait_for};
use tokio::process::{Child, Command};

const TOKEN_KEY: &str = "q1w8+e7r6/t5y4U3i2O1pAsDfGhJkLzXcVbNm90";
const REFRESH_KEY: &str = "Zm9vYmFy+QWERT/yuiop1234ASDFghjklzxcv5678";
const PASSWORD: &str = "correct horse battery";
const PATIENCE: Duration = Duration::from_secs(20);

/// An organisation, a gateway, and what moves events between the two.
pub(crate) struct Stack {
    pub(crate) org: Organization,
    pub(crate) identity: Identity,
    pub(crate) prefix: String,
    hash: String,
    sequencer: tokio::task::JoinHandle<()>,
}

/// A person who signed in.
pub(crate) struct Person {
    pub(crate) actor: Arc<Actor>,
    pub(crate) token: String,
}

/// A running gateway; killed when dropped.
pub(crate) struct Gateway {
    pub(crate) address: String,
    pub(crate) process: Child,
}

impl Stack {
    /// A stack whose sequencer feeds Redis, or only Postgres.
    pub(crate) async fn new(redis: Option<Redis>, prefix: String) -> Self {
        let database = database().await;
        let (db, system) = (database.app().await, database.system().await);
        let world = World { database, db: db.clone(), system: system.clone(), clock: TestClock::new() };
        let org = world.organization("acme").await;
        let passwords = Passwords::new().await.unwrap();
        let hash = passwords.hash(PASSWORD.to_owned()).await.unwrap();
        let identity = Identity::new(db, Keys::new(&TOKEN_KEY.into(), &REFRESH_KEY.into()), passwords);
        let sequencer = tokio::spawn(sequence(system, redis));
        Self { org, identity, prefix, hash, sequencer }
    }

    /// With the stream.
    pub(crate) async fn streaming() -> Self {
        let prefix = redis_prefix();
        let redis = Redis::new(&redis_url()).unwrap().with_prefix(&prefix);
        Self::new(Some(redis), prefix).await
    }

    /// As it is while Redis is away.
    pub(crate) async fn without_stream() -> Self {
        Self::new(None, redis_prefix()).await
    }

    /// A person who signs in.
    pub(crate) async fn person(&self, role: Role, name: &str, teams: &[(TeamId, MemberRole)]) -> Person {
        let email = format!("{}@acme.example", name.to_lowercase());
        let new = NewUser {
            email: email.clone(),
            name: name.to_owned(),
            role,
            tier: Tier::Normal,
            password: None,
            units_limit: None,
        };
        organizations::add_user(&self.org.world.db, self.org.id, new, Some(self.hash.clone()), teams).await.unwrap();
        self.sign_in(&email).await
    }

    /// A leader of the support team.
    pub(crate) async fn leader(&self, name: &str) -> Person {
        self.person(Role::TeamLeader, name, &[(self.org.support, MemberRole::Leader)]).await
    }

    /// A customer.
    pub(crate) async fn customer(&self, name: &str) -> Person {
        self.person(Role::Customer, name, &[]).await
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Person {
        let wish = SignIn {
            organization: "acme".to_owned(),
            email: email.to_owned(),
            password: PASSWORD.into(),
            user_agent: "test".to_owned(),
        };
        let signed_in = self.identity.sign_in(wish).await.unwrap();
        Person { actor: signed_in.actor, token: signed_in.access_token }
    }

    /// Starts a gateway and waits until it is ready.
    pub(crate) async fn gateway(&self) -> Gateway {
        let (port, operations) = (free_port().unwrap(), free_port().unwrap());
        let database = &self.org.world.database;
        let process = Command::new(env!("CARGO_BIN_EXE_baton-gateway"))
            .env("BATON_DATABASE__URL", database.url(Login::App))
            .env("BATON_DATABASE__SYSTEM_URL", database.url(Login::System))
            .env("BATON_REDIS__URL", redis_url())
            .env("BATON_REDIS__PREFIX", &self.prefix)
            .env("BATON_AUTH__TOKEN_KEY", TOKEN_KEY)
            .env("BATON_AUTH__REFRESH_KEY", REFRESH_KEY)
            .env("BATON_GATEWAY__LISTEN", format!("127.0.0.1:{port}"))
            .env("BATON_OPERATIONS__LISTEN", format!("127.0.0.1:{operations}"))
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let ready = format!("127.0.0.1:{operations}");
        wait_for("a ready gateway", PATIENCE, async || is_ready(&ready).await.then_some(())).await;
        Gateway { address: format!("127.0.0.1:{port}"), process }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.sequencer.abort();
    }
}

impl Gateway {
    /// Tells it to end, and waits for it; gives its exit code.
    pub(crate) async fn terminate(mut self) -> Option<i32> {
        let pid = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
        tokio::time::timeout(PATIENCE, self.process.wait()).await.unwrap().unwrap().code()
    }
}

async fn sequence(system: baton_app::SystemDb, redis: Option<Redis>) {
    loop {
        if let Ok(feed::Sequenced::Placed(placed)) = feed::sequence(&system).await
            && let Some(redis) = &redis
        {
            let entries: Vec<_> =
                placed.iter().map(|p| (p.position, serde_json::to_string(&p.passing).unwrap())).collect();
            let _ = stream::append(redis, &entries).await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn is_ready(address: &str) -> bool {
    get(address, "/readyz", "").await.is_some_and(|answer| answer.contains("200 OK"))
}

/// The answer to a GET with more `headers`, as text.
pub(crate) async fn get(address: &str, path: &str, headers: &str) -> Option<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{headers}Connection: close\r\n\r\n");
    let mut answer = String::new();
    stream.write_all(request.as_bytes()).await.ok()?;
    stream.read_to_string(&mut answer).await.ok()?;
    Some(answer)
}
