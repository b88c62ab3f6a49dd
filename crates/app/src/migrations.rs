//! The schema's history, for the migrator and the test kit.

pub use baton_store::migrations::{RolePasswords, down, prepare_roles, up};

/// The statements of one posted message, in order, for a comparison with pgbench.
pub fn statements_of_a_post() -> Vec<String> {
    baton_store::conversations::statements_of_a_post()
}
