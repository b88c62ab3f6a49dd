//! What goes on inside while a workload runs: processor time by part, and what the services time themselves.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::Result;
use crate::http::{Http, host_of};
use crate::process::cpu_of_all;
use crate::ready::Ready;

/// Figures at one moment.
#[derive(Debug)]
pub(crate) struct Watch {
    since: Instant,
    cpu: BTreeMap<String, f64>,
    series: BTreeMap<String, f64>,
}

/// What happened between two moments.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    /// Cores in use.
    pub(crate) cores: BTreeMap<String, f64>,
    /// Mean milliseconds and count of each histogram that moved.
    pub(crate) means: BTreeMap<String, (f64, u64)>,
}

impl Watch {
    /// Begins to watch.
    pub(crate) async fn begin(ready: &Ready) -> Self {
        Self { since: Instant::now(), cpu: cpu_of_all(ready), series: scrape(ready).await }
    }

    /// What happened since.
    pub(crate) async fn end(self, ready: &Ready) -> Watched {
        let seconds = self.since.elapsed().as_secs_f64();
        let cpu = cpu_of_all(ready);
        let moved = |name: &String, now: f64| now - self.cpu.get(name).copied().unwrap_or_default();
        let cores = cpu.iter().map(|(name, now)| (name.clone(), moved(name, *now) / seconds)).collect();
        Watched { cores, means: means(&self.series, &scrape(ready).await) }
    }
}

/// A histogram's `…_sum` and `…_count`, before and after.
fn means(before: &BTreeMap<String, f64>, after: &BTreeMap<String, f64>) -> BTreeMap<String, (f64, u64)> {
    let moved =
        |name: &str| after.get(name).copied().unwrap_or_default() - before.get(name).copied().unwrap_or_default();
    let counts = after.keys().filter(|name| name.contains("seconds_count"));
    let all = counts.filter_map(|name| {
        let count = moved(name);
        let sum = moved(&name.replace("seconds_count", "seconds_sum"));
        (count >= 1.0).then(|| (name.replace("_count", ""), (sum / count * 1_000.0, count as u64)))
    });
    all.collect()
}

/// All series of all services, each under its service's name.
pub(crate) async fn scrape(ready: &Ready) -> BTreeMap<String, f64> {
    let mut series = BTreeMap::new();
    for service in &ready.services {
        let Ok(text) = fetch(&service.metrics).await else { continue };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, value)) = line.rsplit_once(' ') else { continue };
            let Ok(value) = value.parse::<f64>() else { continue };
            if !name.contains("_bucket") {
                *series.entry(format!("{} {name}", service.name)).or_default() += value;
            }
        }
    }
    series
}

async fn fetch(url: &str) -> Result<String> {
    let host = host_of(url)?;
    let path = url.split_once(&host).map_or("/metrics", |(_, path)| path);
    let answer = Http::to(&host).send(("GET", path), None, None).await?;
    Ok(String::from_utf8(answer.body)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_of_what_moved() {
        let series = |count: f64, sum: f64| {
            BTreeMap::from([
                ("api x_seconds_count{a=\"1\"}".to_owned(), count),
                ("api x_seconds_sum{a=\"1\"}".to_owned(), sum),
            ])
        };
        let found = means(&series(10.0, 1.0), &series(30.0, 1.1));
        assert_eq!(found.len(), 1);
        let (ms, count) = found["api x_seconds{a=\"1\"}"];
        assert!((ms - 5.0).abs() < 1e-9 && count == 20);
    }
}
