//! What the kernel says of processes: memory, processor time, files.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::Result;
use crate::ready::Ready;

/// Clock ticks in a second, as Linux tells processor time everywhere.
const TICKS: f64 = 100.0;

/// Resident memory of a process, in kB.
pub(crate) fn resident_kb(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmRSS")?;
    Ok(number.parse()?)
}

/// Processor seconds a process has used, its ended children's included.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, rest) = stat.rsplit_once(')').ok_or("no stat")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks: f64 = fields.iter().skip(11).take(4).filter_map(|field| field.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS)
}

/// The processes whose parent is `pid`.
fn children(pid: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parent = |pid: u32| -> Option<u32> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
    };
    pids.filter(|child| parent(*child) == Some(pid)).collect()
}

/// Processor seconds by part of the stack, and of this process.
pub(crate) fn cpu_of_all(ready: &Ready) -> BTreeMap<String, f64> {
    let mut used = BTreeMap::new();
    let mut add = |name: &str, pid: u32| {
        *used.entry(name.to_owned()).or_default() += cpu_seconds(pid).unwrap_or_default();
    };
    for service in &ready.services {
        add(&service.name, service.pid);
    }
    if let Some(postgres) = ready.postgres_pid {
        add("postgres", postgres);
        for child in children(postgres) {
            add("postgres", child);
        }
    }
    if let Some(redis) = ready.redis_pid {
        add("redis", redis);
    }
    add("bench", std::process::id());
    used
}

/// Refuses to begin with too few file descriptors for `sockets` connections, here and in the gateway.
pub(crate) fn check_files(ready: &Ready, sockets: u64) -> Result<()> {
    let gateway = ready.pid("gateway")?;
    for (who, pid) in [("baton-bench", std::process::id()), ("the gateway", gateway)] {
        let allowed = open_files(pid)?;
        let needed = sockets + 500;
        if allowed < needed {
            return Err(format!(
                "{who} may open {allowed} files and needs {needed}: run `ulimit -n {needed}` in the shell that starts it"
            )
            .into());
        }
    }
    Ok(())
}

fn open_files(pid: u32) -> Result<u64> {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits"))?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()).ok_or("no limit of open files")?;
    Ok(if soft == "unlimited" { u64::MAX } else { soft.parse()? })
}

/// Sends a signal, by name.
pub fn signal(pid: u32, name: &str) -> Result<()> {
    let status = Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status()?;
    if status.success() { Ok(()) } else { Err(format!("kill -{name} {pid} failed").into()) }
}

/// The machine, in one line.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kb: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse().ok())
        .unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let model = model.trim_start_matches([' ', '\t', ':']);
    format!("{cores} cores ({model}), {} GB, load before {load}", kb >> 20)
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_process_can_be_read() {
        let pid = std::process::id();
        assert!(super::resident_kb(pid).unwrap() > 100);
        assert!(super::cpu_seconds(pid).unwrap() >= 0.0);
        assert!(super::open_files(pid).unwrap() > 10);
    }
}
