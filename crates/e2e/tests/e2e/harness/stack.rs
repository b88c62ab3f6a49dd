//! A whole Baton: a database, a corner of Redis, and processes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use baton_testkit::{Database, Login, database, redis_prefix, redis_url};
use futures::future::join_all;
use tokio::sync::OnceCell;

use super::binaries::run_folder;
use super::people::Tenant;
use super::replica::{Replica, Service, Settings};

/// The folder in which letters are left.
const MAIL: &str = "mail";

/// How many replicas of each service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fleet {
    pub(crate) api: usize,
    pub(crate) gateways: usize,
    pub(crate) assigners: usize,
    pub(crate) sla: usize,
    pub(crate) jobs: usize,
}

impl Fleet {
    /// One of each.
    pub(crate) const ONE: Self = Self { api: 1, gateways: 1, assigners: 1, sla: 1, jobs: 1 };
}

/// What a Baton stands on.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) database: Database,
    pub(crate) redis_url: String,
    /// The longest statement, in milliseconds; what waits for Postgres gives up accordingly.
    pub(crate) statement_timeout_ms: u64,
}

impl Ground {
    /// The servers of all tests, which none may break.
    pub(crate) async fn shared() -> Self {
        Self { database: database().await, redis_url: redis_url(), statement_timeout_ms: 10_000 }
    }
}

/// A folder that nobody else of this run has.
pub(super) fn own_folder(what: &str) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let folder = run_folder().join(format!("{what}-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A Baton of one's own.
#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) database: Database,
    folder: PathBuf,
    settings: Settings,
    replicas: Vec<Replica>,
    is_shared: bool,
}

impl Stack {
    /// Starts one and waits until all of it is ready. For tests that kill something or count everything.
    pub(crate) async fn start(fleet: Fleet) -> Self {
        Self::start_as(fleet, Ground::shared().await, false, Settings::new()).await
    }

    /// Starts one with more settings.
    pub(crate) async fn start_with(fleet: Fleet, more: Settings) -> Self {
        Self::start_as(fleet, Ground::shared().await, false, more).await
    }

    /// Starts one on servers that the test may break.
    pub(crate) async fn start_on(fleet: Fleet, ground: Ground) -> Self {
        Self::start_as(fleet, ground, false, Settings::new()).await
    }

    async fn start_as(fleet: Fleet, ground: Ground, is_shared: bool, more: Settings) -> Self {
        let folder = own_folder("stack");
        let mut settings = settings(&ground, &folder);
        settings.extend(more);
        let database = ground.database;
        let counts = [
            (Service::Api, fleet.api),
            (Service::Gateway, fleet.gateways),
            (Service::Assigner, fleet.assigners),
            (Service::Sla, fleet.sla),
            (Service::Jobs, fleet.jobs),
        ];
        let replicas: Vec<Replica> = counts
            .into_iter()
            .flat_map(|(service, count)| (0..count).map(move |number| (service, number)))
            .map(|(service, number)| Replica::new(service, number, &folder, &settings))
            .collect();
        replicas.iter().for_each(Replica::start);
        let stack = Self { database, folder, settings, replicas, is_shared };
        stack.until_ready().await;
        stack
    }

    /// The one that all tests share that break nothing: one of each service, two gateways. It lives as long as this
    /// process; each test has an organisation of its own.
    pub(crate) async fn shared() -> &'static Self {
        static SHARED: OnceCell<Stack> = OnceCell::const_new();
        let fleet = Fleet { gateways: 2, ..Fleet::ONE };
        let start = async || Self::start_as(fleet, Ground::shared().await, true, Settings::new()).await;
        SHARED.get_or_init(start).await
    }

    /// Waits until every replica says that it is ready.
    pub(crate) async fn until_ready(&self) {
        join_all(self.replicas.iter().map(Replica::until_ready)).await;
    }

    /// Its replicas of a service.
    pub(crate) fn all(&self, service: Service) -> Vec<&Replica> {
        self.replicas.iter().filter(|replica| replica.service == service).collect()
    }

    pub(crate) fn api(&self) -> &Replica {
        self.all(Service::Api)[0]
    }

    pub(crate) fn gateway(&self, number: usize) -> &Replica {
        self.all(Service::Gateway)[number]
    }

    /// One more replica, not started, with arguments.
    pub(crate) fn another(&self, service: Service, arguments: &'static [&'static str]) -> Replica {
        static COUNT: AtomicUsize = AtomicUsize::new(100);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Replica::new(service, number, &self.folder, &self.settings).with_arguments(arguments)
    }

    /// The letters that were left as files so far.
    pub(crate) fn letters(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.join(MAIL)).into_iter().flatten().flatten();
        let letters = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|is| is == "eml"));
        letters.map(|path| fs::read_to_string(path).expect("a letter is whole")).collect()
    }

    /// A fresh organisation in it.
    pub(crate) async fn tenant(&self) -> Tenant<'_> {
        Tenant::new(self).await
    }

    /// What the services of the shared one last said; one's own tells it when it is dropped.
    pub(crate) fn print_logs_if_shared(&self) {
        if self.is_shared {
            self.print_logs();
        }
    }

    fn print_logs(&self) {
        for replica in &self.replicas {
            eprintln!("{}", replica.log_tail());
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.replicas.iter().for_each(Replica::kill);
        if std::thread::panicking() {
            self.print_logs();
        } else {
            let _nobody_needs_it = fs::remove_dir_all(&self.folder);
        }
    }
}

fn settings(ground: &Ground, folder: &Path) -> Settings {
    let database = &ground.database;
    // Two keys nobody else has; ids are unique, and long enough.
    let key = |what: &str| format!("{what} {} {}", redis_prefix(), database.url(Login::App));
    vec![
        ("BATON_DATABASE__URL", database.url(Login::App)),
        ("BATON_DATABASE__SYSTEM_URL", database.url(Login::System)),
        ("BATON_DATABASE__POOL_SIZE", "6".to_owned()),
        ("BATON_DATABASE__STATEMENT_TIMEOUT_MS", ground.statement_timeout_ms.to_string()),
        ("BATON_REDIS__URL", ground.redis_url.clone()),
        ("BATON_REDIS__PREFIX", redis_prefix()),
        ("BATON_AUTH__TOKEN_KEY", key("access")),
        ("BATON_AUTH__REFRESH_KEY", key("refresh")),
        ("BATON_MAIL__FOLDER", folder.join(MAIL).display().to_string()),
    ]
}
