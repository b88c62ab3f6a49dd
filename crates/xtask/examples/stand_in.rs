//! Stands in for every service, and for `baton-migrate`, in the test of `cargo dev up`: answers 200 on
//! its operations listener, or writes the demo's logins.
#![expect(clippy::disallowed_methods, reason = "it reads its settings as a service's boot does")]

use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.first().map(String::as_str) {
        Some("up") => return Ok(()),
        Some("seed") => {
            let file = words.last().map(String::as_str).unwrap_or_default();
            return std::fs::write(file, r#"[{"role":"admin","email":"admin@demo.test","password":"random"}]"#);
        }
        _ => {}
    }
    let address = std::env::var("BATON_OPERATIONS__LISTEN").unwrap_or_default();
    let _somebody_else = is_taken(&address)?.then(|| TcpListener::bind(&address)).transpose()?;
    for stream in TcpListener::bind(address)?.incoming() {
        let mut stream = stream?;
        let _request = stream.read(&mut [0; 1024])?;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    }
    Ok(())
}

/// Whether somebody else was quicker: where there is a file `taken` beside this program, for the first
/// address that is asked for, which is written into it.
fn is_taken(address: &str) -> std::io::Result<bool> {
    let file = std::env::current_exe()?.with_file_name("taken");
    let Ok(taken) = std::fs::read_to_string(&file) else { return Ok(false) };
    if taken.is_empty() {
        std::fs::write(file, address)?;
    }
    Ok(taken.is_empty() || taken == address)
}
