//! How many tests passed, read from what the runners say.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use baton_servers::{Context, Result};

use crate::cargo;

/// Results of tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Whose closing lines are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; …`
    Cargo,
    /// vitest's `Tests  5 passed | 1 skipped (6)` and node's `# pass 5`, or `ℹ pass 5`.
    Npm,
}

/// Runs the tests, shows what they say as they say it, and adds up their results. A run that fails
/// without a failed test (a build that broke, a crash) counts as one.
pub(super) fn run(command: &mut Command, reader: Reader) -> Result<Counts> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().context(|| format!("cannot run `{}`", cargo::shown(command)))?;
    let mut counts = Counts::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.context(|| "cannot read what the tests say".into())?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            counts.read(&line, reader);
        }
    }
    let status = child.wait().context(|| "cannot wait for the tests".into())?;
    if !status.success() && counts.failed == 0 {
        eprintln!("error: `{}` failed ({status})", cargo::shown(command));
        counts.failed = 1;
    }
    Ok(counts)
}

impl Counts {
    /// Adds another part of the tests; one that could not be run at all is told, and counts as failed.
    pub(super) fn add(&mut self, part: Result<Self>) {
        let part = part.unwrap_or_else(|error| {
            eprintln!("error: {error}");
            Self { failed: 1, ..Self::default() }
        });
        self.passed += part.passed;
        self.failed += part.failed;
        self.skipped += part.skipped;
    }

    pub(super) fn all_passed(self) -> bool {
        self.failed == 0
    }

    /// Adds what a line says.
    fn read(&mut self, line: &str, reader: Reader) {
        match reader {
            Reader::Cargo => self.read_cargo(line),
            Reader::Npm => self.read_npm(line.trim()),
        }
    }

    fn read_cargo(&mut self, line: &str) {
        let results = line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". "));
        for result in results.into_iter().flat_map(|(_, results)| results.split("; ")) {
            if let Some((number, what)) = result.split_once(' ') {
                self.count(what, number);
            }
        }
    }

    fn read_npm(&mut self, line: &str) {
        if let Some(results) = line.strip_prefix("Tests ") {
            for result in results.split('|') {
                let mut words = result.split_whitespace();
                if let (Some(number), Some(what)) = (words.next(), words.next()) {
                    self.count(what, number);
                }
            }
        } else if let Some((what, number)) =
            ["# ", "ℹ "].iter().find_map(|mark| line.strip_prefix(mark)?.split_once(' '))
        {
            self.count(what, number);
        }
    }

    fn count(&mut self, what: &str, number: &str) {
        let Ok(number) = number.parse::<u64>() else { return };
        match what {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" | "cancelled" => self.failed += number,
            "ignored" | "skipped" | "todo" => self.skipped += number,
            _ => {}
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use baton_servers::Error;

    use super::*;

    fn read(reader: Reader, lines: &[&str]) -> String {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.read(line, reader));
        counts.to_string()
    }

    #[test]
    fn results_of_cargo_add_up() {
        let lines = [
            "running 3 tests",
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "# pass 7",
        ];
        assert_eq!(read(Reader::Cargo, &lines), "6 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn results_of_vitest_and_node_add_up() {
        let lines = [
            " Test Files  3 passed (3)",
            "      Tests  1 failed | 20 passed | 2 skipped | 1 todo (24)",
            "# Subtest: a page passes 3 checks",
            "# tests 11",
            "# pass 8",
            "# fail 1",
            "# cancelled 1",
            "# skipped 1",
            "ℹ pass 4",
            "ℹ fail 0",
            "ℹ duration_ms 12.5",
        ];
        assert_eq!(read(Reader::Npm, &lines), "32 passed, 3 failed, 4 skipped");
        assert_eq!(read(Reader::Npm, &["      Tests  5 passed (5)"]), "5 passed, 0 failed, 0 skipped");
    }

    #[test]
    fn what_fails_without_a_count_counts_as_one() {
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            run(&mut command, Reader::Npm).unwrap().to_string()
        };
        assert_eq!(shell("echo '# pass 2'"), "2 passed, 0 failed, 0 skipped");
        assert_eq!(shell("echo '# pass 2'; exit 1"), "2 passed, 1 failed, 0 skipped");
        assert_eq!(shell("echo '# fail 2'; exit 1"), "0 passed, 2 failed, 0 skipped");
        let mut counts = Counts::default();
        counts.add(Err(Error::new("no browser")));
        assert!(!counts.all_passed());
    }
}
