//! `baton-migrate`: brings the schema up to date; seed and operators' commands.

use std::process::ExitCode;

baton_boot::allocator!();

fn main() -> ExitCode {
    baton_boot::process::main(baton_migrate::SERVICE, baton_migrate::run)
}
