//! A database for each test, copied from a template that is made once per schema.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use baton_app::{Db, Options, Sink, SystemDb, migrations};
use baton_servers::{Given, TestStack};
use baton_store::admin;

/// Passwords of the two service roles in the test cluster, which nobody else can reach.
const PASSWORDS: (&str, &str) = ("test-app", "test-system");

/// Which role a connection string is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// The superuser.
    Owner,
    /// `baton_app`.
    App,
    /// `baton_system`.
    System,
}

fn stack() -> &'static TestStack {
    TestStack::join(&Given::from_environment()).expect("the test stack starts")
}

/// The shared Redis; tests keep apart by [`redis_prefix`].
pub fn redis_url() -> String {
    stack().redis_url().to_owned()
}

/// A prefix that no other test uses.
pub fn redis_prefix() -> String {
    format!("test:{}:", fresh_name())
}

fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanos = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
    format!("{}_{count}_{nanos}", std::process::id())
}

/// A test's own database.
#[derive(Debug, Clone)]
pub struct Database {
    /// The administrator's address of its server.
    server: String,
    name: String,
}

/// Makes a database with the current schema and nothing in it.
pub async fn database() -> Database {
    let admin_url = tokio::task::spawn_blocking(|| stack().database_url().to_owned()).await.expect("the stack");
    let template = template(&admin_url).await;
    let name = format!("t_{}", fresh_name());
    let copy = format!("create database {name} template {template} strategy file_copy");
    admin::run(&admin_url, &copy).await.expect("a copy of the template");
    Database { server: admin_url, name }
}

/// The template's name, which names the schema: another schema, another template. Made by whoever
/// comes first, under a lock of the cluster.
async fn template(admin_url: &str) -> String {
    static ONCE: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    ONCE.get_or_init(|| async {
        let schema = fingerprint();
        let name = format!("template_{schema}");
        let make = format!("template_in_the_making_{schema}_{}", std::process::id());
        let exists = format!("select datname::text as line from pg_database where datname = '{name}'");
        if admin::lines(admin_url, &exists).await.expect("the catalogue").is_empty() {
            create(admin_url, &make).await;
            // Of two makers the second's rename is refused; its half-name is dropped.
            if admin::run(admin_url, &format!("alter database {make} rename to {name}")).await.is_err() {
                let _ = admin::run(admin_url, &format!("drop database {make}")).await;
            }
        }
        name
    })
    .await
    .clone()
}

/// Makes a database with the current schema, and the roles it needs.
async fn create(admin_url: &str, name: &str) {
    admin::run(admin_url, &format!("create database {name}")).await.expect("a new database");
    let url = with_database(admin_url, name);
    let passwords = migrations::RolePasswords { app: PASSWORDS.0.into(), system: PASSWORDS.1.into() };
    migrations::prepare_roles(&url, &passwords).await.expect("roles");
    migrations::up(&url).await.expect("migrations");
}

/// A short name of the schema's whole history.
fn fingerprint() -> String {
    use std::hash::{Hash, Hasher};
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut folders: Vec<_> =
        folder.read_dir().expect("the migrations").map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    let mut hasher = std::hash::DefaultHasher::new();
    for folder in folders {
        std::fs::read_to_string(folder.join("up.sql")).expect("up.sql").hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("a URL with a database");
    format!("{server}/{name}")
}

impl Database {
    /// An empty database without any schema, for tests of the migrations.
    pub async fn bare() -> Self {
        let admin_url = tokio::task::spawn_blocking(|| stack().database_url().to_owned()).await.expect("the stack");
        template(&admin_url).await;
        let name = format!("bare_{}", fresh_name());
        admin::run(&admin_url, &format!("create database {name} template template0")).await.expect("a database");
        Self { server: admin_url, name }
    }

    /// A database with the current schema on a server of the test's own, by its administrator's address.
    pub async fn on(admin_url: &str) -> Self {
        let name = format!("own_{}", fresh_name());
        create(admin_url, &name).await;
        Self { server: admin_url.to_owned(), name }
    }

    /// Where it is, for a role.
    pub fn url(&self, login: Login) -> String {
        let owner = with_database(&self.server, &self.name);
        let (scheme, rest) = owner.split_once("://").expect("a URL");
        let (_, host) = rest.rsplit_once('@').expect("a URL with a user");
        match login {
            Login::Owner => owner,
            Login::App => format!("{scheme}://baton_app:{}@{host}", PASSWORDS.0),
            Login::System => format!("{scheme}://baton_system:{}@{host}", PASSWORDS.1),
        }
    }

    /// A pool as `baton_app`, whose wakes go nowhere: a test drives the loops by hand.
    pub async fn app(&self) -> Db {
        let options = Options { pool_size: 8, ..Options::new(self.url(Login::App)) };
        Db::connect(options, silent()).await.expect("a pool")
    }

    /// A pool as `baton_system`.
    pub async fn system(&self) -> SystemDb {
        let options = Options { pool_size: 4, ..Options::new(self.url(Login::System)) };
        SystemDb::connect(options, silent()).await.expect("a pool")
    }

    /// Runs statements as the superuser, past every policy.
    pub async fn run_as_owner(&self, sql: &str) {
        admin::run(&self.url(Login::Owner), sql).await.expect("the owner's statements");
    }

    /// Rows of one text column called `line`, read as the superuser.
    pub async fn lines(&self, sql: &str) -> Vec<String> {
        admin::lines(&self.url(Login::Owner), sql).await.expect("the owner's query")
    }
}

fn silent() -> Sink {
    Arc::new(|_| {})
}
