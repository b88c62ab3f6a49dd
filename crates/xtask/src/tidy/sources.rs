//! Rules over source files: what they are called and what they name.

use std::fs;
use std::path::{Path, PathBuf};

use baton_servers::{Context, Result};

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["common", "utils", "util", "helpers", "shared", "types", "core", "misc"];

/// The crates that may read the environment: where settings enter, and the tools.
const ENVIRONMENT_READERS: &[&str] = &[
    "crates/boot/",
    "crates/xtask/",
    "crates/servers/",
    "crates/testkit/",
    "crates/e2e/",
    "crates/bench/",
    "crates/chaos/",
];

/// A Rust file: its path from the workspace's root, and its text.
#[derive(Debug, Clone)]
pub(super) struct Source {
    path: PathBuf,
    text: String,
}

/// Every Rust file of the members.
pub(super) fn read(root: &Path) -> Result<Vec<Source>> {
    let mut files = Vec::new();
    let mut left = vec![root.join("crates"), root.join("services")];
    while let Some(folder) = left.pop() {
        let entries = fs::read_dir(&folder).context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let path = entry.context(|| format!("cannot list {}", folder.display()))?.path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() && name != "node_modules" && name != "target" {
                left.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).context(|| format!("cannot read {}", path.display()))?;
                files.push(Source { path: path.strip_prefix(root).unwrap_or(&path).to_owned(), text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// All rules of this file.
pub(super) fn check(files: &[Source]) -> Vec<String> {
    let rules = [says_nothing, prints_in_a_service, reads_the_environment];
    files.iter().flat_map(|file| rules.iter().flat_map(|rule| rule(file))).collect()
}

/// A crate, folder or file whose name says nothing.
fn says_nothing(file: &Source) -> Vec<String> {
    let steps = file.path.iter().map(|step| step.to_string_lossy());
    let empty = steps.filter(|step| EMPTY_NAMES.contains(&step.trim_end_matches(".rs")));
    empty.map(|step| format!("{}: the name `{step}` says nothing; call it by its noun", file.path.display())).collect()
}

/// Services log; what they print is lost or breaks the log's form.
fn prints_in_a_service(file: &Source) -> Vec<String> {
    if !file.path.starts_with("services") {
        return Vec::new();
    }
    find(file, &["println!", "print!", "eprintln!", "eprint!", "dbg!"], "services log, they do not print")
}

/// A setting read past `boot` is not in the settings' table.
fn reads_the_environment(file: &Source) -> Vec<String> {
    if ENVIRONMENT_READERS.iter().any(|reader| file.path.starts_with(reader)) {
        return Vec::new();
    }
    find(file, &["env::var", "env::remove_var", "env::set_var"], "settings come from boot")
}

/// The lines whose code, comments left out, holds one of `words` as its own word.
fn find(file: &Source, words: &[&str], why: &str) -> Vec<String> {
    let lines = file.text.lines().map(code_of).zip(1..);
    let found = lines.filter_map(|(code, number)| {
        let word = words.iter().find(|word| holds(code, word))?;
        Some(format!("{}:{number}: `{word}`: {why}", file.path.display()))
    });
    found.collect()
}

fn holds(code: &str, word: &str) -> bool {
    let mut starts = code.match_indices(word).map(|(start, _)| code.get(..start).unwrap_or_default());
    starts.any(|before| !before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
}

/// A line without its comment; `//` after a colon is an address.
fn code_of(line: &str) -> &str {
    let comment = line.match_indices("//").find(|(start, _)| !line.get(..*start).unwrap_or_default().ends_with(':'));
    comment.and_then(|(start, _)| line.get(..start)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.to_owned() }
    }

    #[test]
    fn a_name_that_says_nothing_is_found() {
        for path in ["crates/app/src/utils.rs", "crates/common/src/lib.rs", "services/api/src/core/mod.rs"] {
            assert_eq!(says_nothing(&file(path, "")).len(), 1, "{path}");
        }
        assert!(says_nothing(&file("crates/app/src/tickets.rs", "")).is_empty());
    }

    #[test]
    fn a_service_that_prints_is_found() {
        let text = "fn main() {\n    println!(\"up\");\n    // println! is forbidden\n    pretty_print!();\n}\n";
        let found = prints_in_a_service(&file("services/api/src/lib.rs", text));
        assert_eq!(found, ["services/api/src/lib.rs:2: `println!`: services log, they do not print"]);
        assert!(prints_in_a_service(&file("crates/xtask/src/main.rs", text)).is_empty());
    }

    #[test]
    fn a_setting_read_past_boot_is_found() {
        let text = "let a = std::env::var(\"A\");\nlet b = env::vars();\nlet c = env!(\"C\"); // env::var\n";
        assert_eq!(reads_the_environment(&file("crates/store/src/db.rs", text)).len(), 2);
        assert!(reads_the_environment(&file("crates/boot/src/config.rs", text)).is_empty());
    }

    #[test]
    fn an_address_is_no_comment() {
        assert_eq!(code_of("let url = \"http://x\"; // why"), "let url = \"http://x\"; ");
    }
}
