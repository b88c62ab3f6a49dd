//! `baton-assigner`: hands waiting conversations to people.

use std::process::ExitCode;

baton_boot::allocator!();

fn main() -> ExitCode {
    baton_boot::process::main(baton_assigner::SERVICE, baton_assigner::run)
}
