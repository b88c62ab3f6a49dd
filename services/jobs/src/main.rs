//! `baton-jobs`: gives events their order, and tells them to the gateways.

use std::process::ExitCode;

baton_boot::allocator!();

fn main() -> ExitCode {
    baton_boot::process::main(baton_jobs::SERVICE, baton_jobs::run)
}
