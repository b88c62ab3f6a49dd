//! The realtime gateway's process.

use std::process::ExitCode;

baton_boot::allocator!();

fn main() -> ExitCode {
    baton_boot::process::main(baton_gateway::SERVICE, baton_gateway::run)
}
