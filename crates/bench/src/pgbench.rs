//! The same statements without the service: pgbench with the script that `baton-migrate pgbench` writes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Result;
use crate::process::signal;
use crate::ready::Ready;
use crate::watch::scrape;

/// How long the sequencer may take to tell what pgbench wrote.
const TOLD_WITHIN: Duration = Duration::from_secs(180);

/// A run of pgbench.
#[derive(Debug)]
pub(crate) struct Pgbench<'a> {
    /// Who posts.
    pub(crate) author: &'a str,
    /// Where to.
    pub(crate) conversations: &'a [&'a str],
    /// As the owner, whom row-level security does not touch.
    pub(crate) without_rls: bool,
    /// How long.
    pub(crate) seconds: u64,
}

/// What it said.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) tps: f64,
    pub(crate) latency_ms: f64,
}

/// Runs it: 8 clients, prepared. The sequencer stands still meanwhile, so that Postgres has the machine to itself.
pub(crate) fn run(ready: &Ready, run: &Pgbench<'_>) -> Result<Measured> {
    let file = std::env::temp_dir().join(format!("baton-pgbench-{}.sql", std::process::id()));
    write_script(ready, run, &file)?;
    let sequencer = ready.pid("jobs")?;
    signal(sequencer, "STOP")?;
    let output = command(ready, run, &file).and_then(|mut command| Ok(command.output()?));
    signal(sequencer, "CONT")?;
    let _ = std::fs::remove_file(&file);
    let output = output?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let after = |start: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(start))?;
        line.split_whitespace().next()?.parse::<f64>().ok()
    };
    let read = || Some(Measured { tps: after("tps = ")?, latency_ms: after("latency average = ")? });
    Ok(read().ok_or_else(|| format!("pgbench said something else: {text}"))?)
}

fn command(ready: &Ready, run: &Pgbench<'_>, file: &Path) -> Result<Command> {
    let mut command = Command::new(program("pgbench")?);
    let seconds = run.seconds.to_string();
    command.args(["-n", "-M", "prepared", "-c", "8", "-j", "2", "-T", &seconds]);
    let run_id = std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_secs() % 100_000_000;
    command.args(["-D", "n=0", "-D", &format!("run={run_id:08}")]).arg("-f").arg(file).arg(&ready.database_url);
    if !run.without_rls {
        command.env("PGOPTIONS", "-c role=baton_app");
    }
    Ok(command)
}

/// The script, as the migrator beside this program writes it.
fn write_script(ready: &Ready, run: &Pgbench<'_>, file: &Path) -> Result<()> {
    let migrate = std::env::current_exe()?.with_file_name("baton-migrate");
    let mut command = Command::new(&migrate);
    command.args(["pgbench", "--author", run.author, "--organization", &ready.organization]);
    command.args(["--conversations", &run.conversations.join(",")]).arg("--output").arg(file);
    if run.without_rls {
        command.arg("--without-rls");
    }
    command.env("BATON_DATABASE__URL", &ready.database_url);
    command.env("BATON_DATABASE__SYSTEM_URL", &ready.database_url).env("BATON_REDIS__URL", &ready.redis_url);
    let output = command.output().map_err(|error| format!("{}: {error}; build it as well", migrate.display()))?;
    if !output.status.success() {
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        return Err(format!("baton-migrate pgbench failed: {out}{err}").into());
    }
    Ok(())
}

/// A program of Postgres: on the path, or where Debian has it.
#[expect(clippy::disallowed_methods, reason = "where programs are is no setting")]
fn program(name: &str) -> Result<PathBuf> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&on_path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    Ok(found.ok_or_else(|| format!("{name} is not installed (Debian: postgresql)"))?)
}

/// Waits until the sequencer and the gateway have followed what pgbench wrote.
pub(crate) async fn wait_until_told(ready: &Ready) -> Result<()> {
    let start = Instant::now();
    let mut last = -1.0;
    while start.elapsed() < TOLD_WITHIN {
        let series = scrape(ready).await;
        let at = series.get("gateway baton_gateway_feed_position").copied().unwrap_or_default();
        let left = series.get("jobs baton_outbox_depth").copied().unwrap_or_default();
        if left == 0.0 && at == last {
            println!("the sequencer and the gateway have followed after {} s", start.elapsed().as_secs());
            return Ok(());
        }
        last = at;
        // The depth is told every five seconds.
        tokio::time::sleep(Duration::from_secs(6)).await;
    }
    Err("the sequencer does not follow".into())
}
