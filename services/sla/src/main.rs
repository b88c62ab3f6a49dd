//! `baton-sla`: warns before promises break, and escalates when they do.

use std::process::ExitCode;

baton_boot::allocator!();

fn main() -> ExitCode {
    baton_boot::process::main(baton_sla::SERVICE, baton_sla::run)
}
