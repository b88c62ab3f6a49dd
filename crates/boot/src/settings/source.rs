//! Where settings come from, and how to say what is wrong with them.

use std::path::Path;

use figment::error::Kind;
use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::SettingsError;

const PREFIX: &str = "BATON_";
/// Names the file; everything else with the prefix is a setting.
pub(crate) const FILE_VARIABLE: &str = "BATON_CONFIG";

pub(super) fn figment(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Figment, SettingsError> {
    let mut figment = Figment::new();
    if let Some(path) = file {
        let unreadable = |source| SettingsError::Unreadable { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        figment = figment.merge(File { name: format!("file {}", path.display()), text });
    }
    let settings = environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX) && name != FILE_VARIABLE);
    for (name, value) in settings {
        figment = figment.merge(Variable { name, value });
    }
    Ok(figment)
}

/// The text of the settings file.
struct File {
    name: String,
    text: String,
}

impl Provider for File {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Toml::string(&self.text).data()
    }
}

/// One variable of the environment, whose value is text whatever it looks like.
struct Variable {
    name: String,
    value: String,
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("variable {}", self.name))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let path = self.name.strip_prefix(PREFIX).unwrap_or(&self.name).to_lowercase().replace("__", ".");
        let nested = figment::util::nest(&path, Value::from(self.value.as_str()));
        let dict = nested.into_dict().ok_or_else(|| figment::Error::from(format!("{} names no setting", self.name)))?;
        Ok(Map::from([(Profile::Default, dict)]))
    }
}

/// One line for the first thing wrong; the rest shows when it is mended.
pub(super) fn explain(error: figment::Error) -> SettingsError {
    let path = error.path.join(".");
    let origin = error.metadata.as_ref().map(|metadata| metadata.name.to_string());
    let from = origin.as_ref().map(|origin| format!(" ({origin})")).unwrap_or_default();
    let below = |name: &str| match path.as_str() {
        "" => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    match &error.kind {
        Kind::UnknownField(name, known) => {
            SettingsError::wrong(&below(name), format!("unknown{from}; known here: {}", known.join(", ")))
        }
        Kind::MissingField(name) => {
            let key = below(name);
            let variable = format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"));
            SettingsError::wrong(&key, format!("missing; set it in the file or as {variable}"))
        }
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
            SettingsError::wrong(&path, format!("must be {expected}{from}"))
        }
        Kind::Message(message) if path.is_empty() => {
            let origin = origin.unwrap_or_else(|| "settings".to_owned());
            SettingsError::Malformed { origin, problem: without_text(message) }
        }
        Kind::Message(message) => SettingsError::wrong(&path, format!("{message}{from}")),
        _ => SettingsError::wrong(&path, format!("not of the right form{from}")),
    }
}

/// The TOML reader shows the line it stumbled over, which may hold a secret.
fn without_text(message: &str) -> String {
    let lines = message.lines().filter(|line| !line.contains('|')).map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(": ")
}
