//! The schema's history, for the migrator and the test kit; and what the migrator tells pgbench.

pub use baton_store::conversations::{StatementsOfAPost, statements_of_a_post};
pub use baton_store::migrations::{RolePasswords, down, prepare_roles, up};
