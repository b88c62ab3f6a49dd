//! The rules of the house hold over the real workspace.

use std::process::Command;

#[test]
fn the_workspace_keeps_the_rules() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("tidy").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
