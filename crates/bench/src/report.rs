//! What a run found: figures, checks, conditions; as a table and as a line of JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::Result;

/// Latencies, to be filled by many.
#[derive(Debug)]
pub(crate) struct Latencies(Mutex<Histogram<u64>>);

/// How many of the services' own timings the table shows, the ones that took the most time in all; the JSON has all.
const MOST_INSIDE: usize = 8;
/// The longest latency that is told apart, in microseconds.
const LONGEST: u64 = 600_000_000;

impl Latencies {
    /// None yet.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(Mutex::new(Histogram::new_with_bounds(1, LONGEST, 3)?)))
    }

    /// Adds one.
    pub(crate) fn record(&self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).saturating_record(micros);
    }

    /// What they come to.
    pub(crate) fn summary(&self) -> Latency {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ms = |quantile: f64| round(all.value_at_quantile(quantile) as f64 / 1_000.0);
        Latency {
            count: all.len(),
            p50_ms: ms(0.5),
            p90_ms: ms(0.9),
            p99_ms: ms(0.99),
            p999_ms: ms(0.999),
            max_ms: round(all.max() as f64 / 1_000.0),
        }
    }
}

/// Percentiles.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Latency {
    pub(crate) count: u64,
    pub(crate) p50_ms: f64,
    pub(crate) p90_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) p999_ms: f64,
    pub(crate) max_ms: f64,
}

/// A figure that the design asks for.
#[derive(Debug, Serialize)]
pub(crate) struct Target {
    what: String,
    wanted: String,
    measured: String,
    met: bool,
}

/// What a run found.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    workload: &'static str,
    command: String,
    machine: String,
    seconds: f64,
    figures: BTreeMap<String, f64>,
    latencies: BTreeMap<&'static str, Latency>,
    /// What must be nought.
    wrong: BTreeMap<&'static str, u64>,
    targets: Vec<Target>,
    /// Cores in use while it ran, by part.
    cores: BTreeMap<String, f64>,
    /// Mean milliseconds and count of what the services themselves timed.
    inside: BTreeMap<String, (f64, u64)>,
}

impl Report {
    /// An empty one.
    pub(crate) fn new(workload: &'static str, seconds: f64) -> Self {
        Self {
            workload,
            command: std::env::args().skip(1).collect::<Vec<_>>().join(" "),
            machine: crate::process::machine(),
            seconds: round(seconds),
            figures: BTreeMap::new(),
            latencies: BTreeMap::new(),
            wrong: BTreeMap::new(),
            targets: Vec::new(),
            cores: BTreeMap::new(),
            inside: BTreeMap::new(),
        }
    }

    /// A number.
    pub(crate) fn figure(&mut self, name: &str, value: f64) {
        self.figures.insert(name.to_owned(), round(value));
    }

    /// A distribution.
    pub(crate) fn latency(&mut self, name: &'static str, latency: &Latency) {
        self.latencies.insert(name, latency.clone());
    }

    /// Something that must be nought.
    pub(crate) fn wrong(&mut self, name: &'static str, count: u64) {
        self.wrong.insert(name, count);
    }

    /// A target that `measured` must not exceed.
    pub(crate) fn at_most(&mut self, what: &str, measured: f64, most: f64, unit: &str) {
        self.target(what, (format!("≤ {most} {unit}"), format!("{} {unit}", round(measured))), measured <= most);
    }

    /// A target that `measured` must reach.
    pub(crate) fn at_least(&mut self, what: &str, measured: f64, least: f64, unit: &str) {
        self.target(what, (format!("≥ {least} {unit}"), format!("{} {unit}", round(measured))), measured >= least);
    }

    fn target(&mut self, what: &str, (wanted, measured): (String, String), met: bool) {
        self.targets.push(Target { what: what.to_owned(), wanted, measured, met });
    }

    /// What the parts used and timed.
    pub(crate) fn inside(&mut self, watched: crate::watch::Watched) {
        self.cores = watched.cores.into_iter().map(|(name, cores)| (name, round(cores))).collect();
        self.inside = watched.means.into_iter().map(|(name, (ms, count))| (name, (round(ms), count))).collect();
    }

    /// Whether nothing was wrong.
    pub(crate) fn is_sound(&self) -> bool {
        self.wrong.values().all(|count| *count == 0)
    }

    /// Prints it, and adds its JSON to `file`.
    pub(crate) fn publish(&self, file: Option<&Path>) -> Result<()> {
        let json = serde_json::to_string(self)?;
        println!("{}\n{json}", self.table()?);
        if let Some(path) = file {
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
            writeln!(file, "{json}")?;
        }
        Ok(())
    }

    fn table(&self) -> Result<String> {
        let mut out = format!("\n{} ({} s; {})\n", self.workload, self.seconds, self.machine);
        for (name, value) in &self.figures {
            writeln!(out, "  {name:<44} {value:>12}")?;
        }
        for (name, l) in &self.latencies {
            writeln!(
                out,
                "  {name:<32} p50 {:>8} p90 {:>8} p99 {:>8} p99.9 {:>8} max {:>8} ms  n {}",
                l.p50_ms, l.p90_ms, l.p99_ms, l.p999_ms, l.max_ms, l.count
            )?;
        }
        let wrong: Vec<String> = self.wrong.iter().map(|(name, count)| format!("{name} {count}")).collect();
        writeln!(out, "  checked: {}", wrong.join(", "))?;
        for target in &self.targets {
            let mark = if target.met { "met   " } else { "MISSED" };
            writeln!(out, "  {mark} {:<40} {:<16} measured {}", target.what, target.wanted, target.measured)?;
        }
        let cores: Vec<String> = self.cores.iter().map(|(name, cores)| format!("{name} {cores}")).collect();
        writeln!(out, "  cores in use: {}", cores.join(", "))?;
        let mut inside: Vec<_> = self.inside.iter().collect();
        inside.sort_by(|(_, (ms, n)), (_, (other_ms, m))| (other_ms * *m as f64).total_cmp(&(ms * *n as f64)));
        for (name, (ms, count)) in inside.into_iter().take(MOST_INSIDE) {
            writeln!(out, "  inside {name:<84} mean {ms:>8} ms  n {count}")?;
        }
        Ok(out)
    }
}

/// To three places: more is noise.
fn round(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}
