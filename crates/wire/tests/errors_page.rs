//! `docs/ERRORS.md` lists every code, with its status and meaning.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write;

use baton_wire::problem::CODES;

fn table() -> String {
    let mut table = String::from("| code | HTTP | meaning |\n|---|---|---|\n");
    for info in CODES {
        let status = if info.status == 0 { "socket only".to_owned() } else { info.status.to_string() };
        writeln!(table, "| `{}` | {status} | {} |", info.code, info.title).unwrap();
    }
    table
}

#[test]
fn the_page_holds_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ERRORS.md");
    let page = std::fs::read_to_string(path).unwrap();
    assert!(page.contains(&table()), "docs/ERRORS.md must hold this table:\n\n{}", table());
}
