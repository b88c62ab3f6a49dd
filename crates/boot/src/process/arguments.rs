//! What a process was started with.

use std::path::PathBuf;

use crate::settings::{FILE_VARIABLE, SettingsError};

/// The arguments, boot's own apart from the service's.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    /// The settings file: `--config`, else `BATON_CONFIG`.
    pub(super) config: Option<PathBuf>,
    pub(super) rest: Vec<String>,
}

pub(super) fn parse(
    arguments: impl IntoIterator<Item = String>,
    environment: &[(String, String)],
) -> Result<Arguments, SettingsError> {
    let set = environment.iter().find(|(name, value)| name == FILE_VARIABLE && !value.is_empty());
    let mut parsed = Arguments { config: set.map(|(_, value)| value.into()), rest: Vec::new() };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == "--config" {
            let file = arguments.next().ok_or_else(|| SettingsError::wrong("--config", "wants a file"))?;
            parsed.config = Some(file.into());
        } else if let Some(file) = argument.strip_prefix("--config=") {
            parsed.config = Some(file.into());
        } else {
            parsed.rest.push(argument);
        }
    }
    Ok(parsed)
}

/// The variables of the environment; what is not Unicode is shown as well as can be, so that it is refused by name.
pub(super) fn environment() -> Vec<(String, String)> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Arguments, SettingsError> {
        let environment: Vec<_> = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        parse(arguments.iter().map(|argument| (*argument).to_owned()), &environment)
    }

    #[test]
    fn the_file_is_taken_out() {
        let seen = parsed(&["--conformance", "--config", "a.toml", "x"], &[("BATON_CONFIG", "b.toml")]).unwrap();
        assert_eq!(seen, Arguments { config: Some("a.toml".into()), rest: vec!["--conformance".into(), "x".into()] });
        assert_eq!(parsed(&["--config=c.toml"], &[]).unwrap().config, Some("c.toml".into()));
        assert_eq!(parsed(&[], &[("BATON_CONFIG", "b.toml")]).unwrap().config, Some("b.toml".into()));
        assert_eq!(parsed(&[], &[("BATON_CONFIG", "")]).unwrap().config, None);
        assert!(parsed(&["--config"], &[]).is_err());
    }
}
