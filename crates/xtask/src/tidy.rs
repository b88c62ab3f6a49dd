//! The rules of the house, as `docs/architecture.md` has them: each a function over data that answers
//! what breaks it, so that its test can plant a violation.

mod arrows;
mod licences;
mod sources;

use baton_servers::{Error, Result};

use crate::cargo;
use crate::metadata::Metadata;

/// Checks every rule over the real workspace; all violations are listed before it fails.
pub(crate) fn check_workspace() -> Result<()> {
    let metadata = Metadata::of_everything()?;
    let files = sources::read(&cargo::root())?;
    let mut violations = arrows::check(&metadata);
    violations.extend(sources::check(&files));
    violations.extend(licences::check(&metadata.packages));
    for violation in &violations {
        println!("tidy: {violation}");
    }
    if violations.is_empty() {
        println!("tidy: {} files and {} packages keep the rules", files.len(), metadata.packages.len());
        return Ok(());
    }
    Err(Error::new(format!("tidy found {} violations", violations.len())))
}
