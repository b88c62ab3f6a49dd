//! A mail server for tests: real SMTP over a real socket, and as bad as a test wants it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the server does with a letter it has read to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Takes it.
    Take,
    /// Takes it, and says so after so long.
    TakeAfter(Duration),
    /// Refuses it with this line: `451 4.3.0 come back later`.
    Refuse(&'static str),
    /// Cuts the line without a word: nobody can know whether it took it.
    Cut,
    /// Says nothing and holds the line.
    Stall,
}

/// A letter as it came over the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The addresses of `RCPT TO`.
    pub to: Vec<String>,
    /// Head and body.
    pub data: String,
    /// What the server did with it.
    pub answer: Answer,
}

impl Delivered {
    /// A line of the head, without its name.
    pub fn head(&self, name: &str) -> Option<&str> {
        let head = self.data.lines().take_while(|line| !line.is_empty());
        let mut lines = head.filter_map(|line| line.split_once(": "));
        lines.find(|(is, _)| is.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

type Script = dyn Fn(usize, &[String]) -> Answer + Send + Sync;

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct SmtpServer {
    address: SocketAddr,
    letters: Arc<Mutex<Vec<Delivered>>>,
    _serving: JoinSet<()>,
}

impl SmtpServer {
    /// Starts one that answers its letters as `script` says, by their number (the first is 0) and recipients.
    pub async fn start(script: impl Fn(usize, &[String]) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let letters = Arc::new(Mutex::new(Vec::new()));
        let mut serving = JoinSet::new();
        let (script, kept): (Arc<Script>, _) = (Arc::new(script), Arc::clone(&letters));
        serving.spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let (script, kept) = (Arc::clone(&script), Arc::clone(&kept));
                lines.spawn(async move {
                    // A client that goes away in the middle is what some tests are about.
                    let _gone = talk(socket, &*script, &kept).await;
                });
            }
        });
        Self { address, letters, _serving: serving }
    }

    /// Where it is: `smtp://127.0.0.1:…`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// All letters that came to their end so far, whatever it did with them.
    pub fn letters(&self) -> Vec<Delivered> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn talk(socket: TcpStream, script: &Script, kept: &Mutex<Vec<Delivered>>) -> std::io::Result<()> {
    let (reading, mut writing) = socket.into_split();
    let mut reading = BufReader::new(reading);
    let mut to = Vec::new();
    writing.write_all(b"220 test ESMTP\r\n").await?;
    loop {
        let mut line = String::new();
        if reading.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let answer: String = match command.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => "250-test\r\n250 8BITMIME".to_owned(),
            "RCPT" => {
                let address = command.split(['<', '>']).nth(1).unwrap_or_default();
                to.push(address.to_owned());
                "250 ok".to_owned()
            }
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await?;
                let data = data(&mut reading).await?;
                let to = std::mem::take(&mut to);
                let answer = {
                    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    let answer = script(kept.len(), &to);
                    kept.push(Delivered { to, data, answer });
                    answer
                };
                match answer {
                    Answer::Take => "250 taken".to_owned(),
                    Answer::TakeAfter(pause) => {
                        tokio::time::sleep(pause).await;
                        "250 taken".to_owned()
                    }
                    Answer::Refuse(line) => line.to_owned(),
                    Answer::Cut => return Ok(()),
                    Answer::Stall => std::future::pending().await,
                }
            }
            "QUIT" => {
                writing.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok".to_owned(),
        };
        writing.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// Reads up to the lone dot.
async fn data(reading: &mut (impl AsyncBufReadExt + Unpin)) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if reading.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line.trim_end() == "." {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
