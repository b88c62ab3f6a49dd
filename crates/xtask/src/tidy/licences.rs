//! Every dependency's licence must let Baton be given away under MIT or Apache-2.0.

use crate::metadata::Package;

/// Licences that ask for no more than to be named. MPL-2.0 asks for the changes of its own files only.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Packages whose licence is missing or not allowed.
pub(super) fn check(packages: &[Package]) -> Vec<String> {
    let wrong = packages.iter().filter_map(|Package { name, version, license, .. }| match license {
        None => Some(format!("{name} {version} names no licence")),
        Some(expression) if !is_allowed(expression) => {
            Some(format!("{name} {version} is under `{expression}`, which is not on the list"))
        }
        Some(_) => None,
    });
    wrong.collect()
}

/// Whether an SPDX expression leaves a choice in which every licence is on the list. The old `A/B`
/// reads as `A OR B`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>) -> bool {
    let mut allowed = all_of(words);
    while words.next_if_eq(&"OR").is_some() {
        allowed |= all_of(words);
    }
    allowed
}

fn all_of(words: &mut Words<'_>) -> bool {
    let mut allowed = one(words);
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words);
    }
    allowed
}

fn one(words: &mut Words<'_>) -> bool {
    match words.next() {
        Some("(") => {
            let allowed = any_of(words);
            allowed & words.next_if_eq(&")").is_some()
        }
        Some(licence) if words.next_if_eq(&"WITH").is_some() => {
            let exception = words.next().unwrap_or_default();
            ALLOWED.contains(&format!("{licence} WITH {exception}").as_str())
        }
        Some(licence) => ALLOWED.contains(&licence),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_leave_an_allowed_choice_or_not() {
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "Apache-2.0 / MIT",
            "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        ] {
            assert!(is_allowed(good), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR GPL-3.0", "MIT WITH LLVM-exception", "", "MIT MIT", "OR"] {
            assert!(!is_allowed(bad), "{bad}");
        }
    }

    #[test]
    fn a_package_without_a_licence_is_found() {
        let package = |license: Option<&str>| Package {
            name: "x".into(),
            version: "1.0.0".into(),
            license: license.map(str::to_owned),
            ..Package::default()
        };
        let found = check(&[package(None), package(Some("AGPL-3.0")), package(Some("ISC"))]);
        assert_eq!(found.len(), 2);
    }
}
