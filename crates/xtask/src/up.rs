//! `cargo dev up`: everything Baton is, in the foreground, until Ctrl-C.

mod fleet;
mod folder;
mod plan;
mod ready;
mod stop;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use baton_servers::{Context, Daemon, Error, Given, Leash, PostgresServer, Purpose, RedisServer, Result, Signal};

use crate::cargo::{self, Profile};
use crate::web::WebApp;
use fleet::{Fleet, Programs};
use folder::DataFolder;
use plan::{Plan, ReplicaCount, WEB};
use ready::Ready;
use stop::Stop;

/// How often the supervisor looks after its processes.
const TICK: Duration = Duration::from_millis(50);
/// The longest until every service answers ready.
const READY_PATIENCE: Duration = Duration::from_secs(120);
/// How often all services are started on other ports when somebody was quicker to take one.
const PORT_TRIES: u32 = 3;
/// How long a cut-off build or migration may take to leave.
const CUT_OFF_PATIENCE: Duration = Duration::from_secs(5);

/// What `up` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Build and run optimised
    #[arg(long)]
    release: bool,
    /// Begin with empty servers and new passwords
    #[arg(long)]
    fresh: bool,
    /// Where data, logs, secrets and the ready file live
    #[arg(long, default_value = "target/dev")]
    data_dir: PathBuf,
    /// api on N, gateway N+1, web N+2, operations N+100…; 0: free ports [default: 8080, operations 9180]
    #[arg(long, value_name = "N")]
    port_base: Option<u16>,
    /// Leave the web app out
    #[arg(long)]
    no_web: bool,
    /// Start these services only
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    only: Vec<String>,
    /// Run a service several times, as in `--replicas gateway=2`
    #[arg(long, value_name = "NAME=N")]
    replicas: Vec<ReplicaCount>,
    /// Write addresses and logins here once every service is ready
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Run these binaries instead of building
    #[arg(long, hide = true)]
    bin_dir: Option<PathBuf>,
}

/// Starts everything, looks after it, and stops it on Ctrl-C or SIGTERM.
pub(crate) fn up(args: &Args) -> Result<()> {
    println!("baton: starting in {} (Ctrl-C stops all)", args.data_dir.display());
    let stop = Stop::listen()?;
    let left_out = if args.no_web { [WEB].as_slice() } else { &[] };
    let plan = Plan::new(&args.only, left_out, &args.replicas, args.port_base)?;
    let folder = DataFolder::open(&args.data_dir)?;
    plan.check_ports()?;
    let leash = Leash::new()?;
    let given = Given::from_environment();
    if args.fresh {
        folder.erase(&given)?;
    }
    let session = Session { args, stop: &stop, folder: &folder, leash: &leash };
    match session.run(&plan, &given) {
        Err(_) if stop.requested() => Ok(()),
        result => result,
    }
}

/// What one `up` has opened.
struct Session<'a> {
    args: &'a Args,
    stop: &'a Stop,
    folder: &'a DataFolder,
    leash: &'a Leash,
}

impl Session<'_> {
    fn run(&self, plan: &Plan, given: &Given) -> Result<()> {
        let mut servers = Servers::start(self.folder, given, self.leash)?;
        let programs = Programs {
            binaries: self.binaries()?,
            settings: self.folder.settings(&servers.database_url, &servers.redis_url)?,
            web: if plan.includes(WEB) { Some(self.web_app()?) } else { None },
        };
        self.migrate(&programs, &servers.database_url)?;
        let mut fleet = self.start_fleet(plan, &programs)?;
        self.supervise(&mut fleet, &mut servers)?;
        println!("\nbaton: stopping");
        fleet.stop();
        servers.stop();
        println!("baton: stopped");
        Ok(())
    }

    /// Starts all services and waits until they are ready; on other free ports when one of them was taken
    /// between its drawing and its use.
    fn start_fleet(&self, plan: &Plan, programs: &Programs) -> Result<Fleet> {
        let mut tries = 0;
        loop {
            tries += 1;
            let mut fleet = Fleet::start(&plan.assign_ports()?, programs, self.folder, self.leash)?;
            let ready = fleet.wait_until_ready(self.stop, READY_PATIENCE);
            if ready.is_err() && tries < PORT_TRIES && plan.draws_ports() && fleet.lost_a_port() {
                println!("baton: a free port was taken meanwhile, trying others");
                fleet.stop();
                continue;
            }
            return ready.map(|()| fleet);
        }
    }

    /// The web app, built now.
    fn web_app(&self) -> Result<WebApp> {
        let prepare = || {
            let web = WebApp::prepare()?;
            web.build(|command| self.run_step("npm run build", command))?;
            Ok(web)
        };
        prepare().map_err(|error: Error| Error::new(format!("{error} (--no-web starts without the web app)")))
    }

    /// Tells that all is ready, and keeps it so until told to stop.
    fn supervise(&self, fleet: &mut Fleet, servers: &mut Servers) -> Result<()> {
        let mut files = vec![self.folder.ready_file()];
        files.extend(self.args.ready_file.clone());
        let mut ready = Ready::new(fleet, servers, ready::read_logins(&self.folder.logins_file())?);
        ready.write(&files)?;
        println!("{}", ready.table(&self.folder.logs()));
        while !self.stop.requested() {
            servers.keep_running();
            fleet.keep_running();
            if ready.refresh(fleet, servers) {
                ready.write(&files)?;
            }
            std::thread::sleep(TICK);
        }
        ready::remove(&files);
        Ok(())
    }

    /// The folder of the services' binaries, built now.
    fn binaries(&self) -> Result<PathBuf> {
        if let Some(built) = &self.args.bin_dir {
            return built.canonicalize().context(|| format!("cannot find {}", built.display()));
        }
        let profile = if self.args.release { Profile::Release } else { Profile::Debug };
        println!("baton: building");
        self.run_step("cargo build", cargo::build_binaries(profile))?;
        cargo::binaries(profile)
    }

    /// Brings the schema up to date, and the demo into an empty database.
    fn migrate(&self, programs: &Programs, owner_url: &str) -> Result<()> {
        println!("baton: migrating");
        let logins = self.folder.logins_file();
        let seed = ["seed", "--demo", "--credentials-file", &logins.to_string_lossy()];
        let log = self.folder.log("migrate");
        for words in [["up"].as_slice(), &seed] {
            let mut command = Command::new(programs.binaries.join("baton-migrate"));
            folder::without_settings_of_tools(&mut command);
            command.args(words).envs(&programs.settings).env("BATON_DATABASE__OWNER_URL", owner_url);
            folder::log_to(&mut command, &log)?;
            let name = format!("baton-migrate {}", words.first().copied().unwrap_or_default());
            self.run_step(&name, command)
                .map_err(|error| Error::new(format!("{error}; {}", folder::last_lines(&log))))?;
        }
        Ok(())
    }

    /// Runs something to its end; cut off when told to stop.
    fn run_step(&self, name: &str, command: Command) -> Result<()> {
        let mut step = Daemon::new(name, command).on_leash(self.leash, Signal::Terminate);
        step.start()?;
        loop {
            match step.ended()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(Error::new(format!("{name} failed ({status})"))),
                None if self.stop.requested() => {
                    step.stop(Signal::Terminate, CUT_OFF_PATIENCE);
                    return Err(Error::new("stopped"));
                }
                None => std::thread::sleep(TICK),
            }
        }
    }
}

/// Postgres and Redis: our own, or addresses that were given.
#[derive(Debug)]
pub(crate) struct Servers {
    redis: Option<RedisServer>,
    postgres: Option<PostgresServer>,
    database_url: String,
    redis_url: String,
}

impl Servers {
    fn start(folder: &DataFolder, given: &Given, leash: &Leash) -> Result<Self> {
        let say = |line: &str| println!("baton: {line}");
        let postgres = match &given.database_url {
            Some(_) => None,
            None => Some(PostgresServer::start(folder.path(), "baton", Purpose::Development, Some(leash), &say)?),
        };
        let redis = match &given.redis_url {
            Some(_) => None,
            None => Some(RedisServer::start(Some(&folder.log("redis")), Some(leash), &say)?),
        };
        let database_url = postgres.as_ref().map(PostgresServer::url).or(given.database_url.clone());
        let redis_url = redis.as_ref().map(RedisServer::url).or(given.redis_url.clone());
        println!("baton: Postgres and Redis are up");
        Ok(Self {
            redis,
            postgres,
            database_url: database_url.unwrap_or_default(),
            redis_url: redis_url.unwrap_or_default(),
        })
    }

    fn keep_running(&mut self) {
        let postgres = self.postgres.as_mut().map(|postgres| ("Postgres", postgres.keep_running()));
        let redis = self.redis.as_mut().map(|redis| ("Redis", redis.keep_running()));
        for (name, outcome) in postgres.into_iter().chain(redis) {
            match outcome {
                Ok(false) => {}
                Ok(true) => println!("baton: {name} died and is started again"),
                Err(error) => println!("baton: {error}"),
            }
        }
    }

    fn stop(&mut self) {
        if let Some(redis) = &mut self.redis {
            redis.stop();
        }
        if let Some(postgres) = &mut self.postgres {
            postgres.stop();
        }
    }
}
