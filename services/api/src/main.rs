//! The REST service's process.

use std::process::ExitCode;

baton_boot::allocator!();

fn main() -> ExitCode {
    baton_boot::process::main(baton_api::SERVICE, baton_api::run)
}
