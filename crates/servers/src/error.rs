use std::fmt;

/// What went wrong, as one message for the person at the keyboard: these errors are shown, never matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

/// The result of anything that meets the machine.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error that reads as `message`.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// Says what was being done when something failed.
pub trait Context<T> {
    /// Prefixes the failure with `doing`, computed only when needed.
    fn context(self, doing: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, doing: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Error(format!("{}: {error}", doing())))
    }
}
