//! Migrations, seed, and what operators need from a shell.

mod pgbench;

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use baton_app::migrations::{self, RolePasswords};
use baton_app::organizations::{self, Login};
use baton_app::passwords::Passwords;
use baton_app::{Db, Options};
use baton_boot::{BoxError, ExposeSecret, Process, Service, Settings};
use baton_domain::id::{ConversationId, UserId};
use clap::{Parser, Subcommand};
use pgbench::Posts;

/// A command: it ends when its work is done and has no probes.
pub const SERVICE: Service = Service { name: "migrate", default_operations: None };

#[derive(Debug, Parser)]
#[command(name = "baton-migrate", about = "Schema, seed and operators' commands", no_binary_name = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the roles and bring the schema up to date.
    Up,
    /// Take the schema back to nothing. All data is lost.
    Down {
        /// Say that you mean it.
        #[arg(long)]
        yes_lose_all_data: bool,
    },
    /// Make the demo organisation with random passwords, unless it is there and its logins are known.
    Seed {
        /// The demo organisation (the only seed there is).
        #[arg(long, required = true)]
        demo: bool,
        /// Where its logins are written (0600).
        #[arg(long)]
        credentials_file: PathBuf,
    },
    /// Write the statements of one posted message as a pgbench script.
    Pgbench {
        /// Where the script is written.
        #[arg(long)]
        output: PathBuf,
        /// Who posts: a staff member's id.
        #[arg(long)]
        author: UserId,
        /// Where to: conversations' ids, separated by commas.
        #[arg(long, value_delimiter = ',', required = true)]
        conversations: Vec<ConversationId>,
        /// For a login whom row-level security does not touch, to measure its cost.
        #[arg(long)]
        without_rls: bool,
        /// The organisation's slug.
        #[arg(long, default_value = organizations::DEMO)]
        organization: String,
    },
}

/// Carries out one command.
pub async fn run(process: Process) -> Result<(), BoxError> {
    let arguments = match Arguments::try_parse_from(&process.args) {
        Ok(arguments) => arguments,
        Err(help) if !help.use_stderr() => return say(&help.to_string()),
        Err(error) => return Err(error.to_string().into()),
    };
    let settings = &process.settings;
    match arguments.command {
        Command::Up => up(settings).await,
        Command::Down { yes_lose_all_data: true } => {
            for version in migrations::down(owner_url(settings)?).await? {
                say(&format!("reverted {version}"))?;
            }
            Ok(())
        }
        Command::Down { .. } => Err("this loses all data; say --yes-lose-all-data if you mean it".into()),
        Command::Seed { credentials_file, .. } => seed(settings, &credentials_file).await,
        Command::Pgbench { output, author, conversations, without_rls, organization } => {
            let db = connect(settings).await?;
            let org = db.org_by_slug(&organization).await?.ok_or("no such organisation")?;
            let posts = Posts { org, author, conversations };
            Ok(std::fs::write(output, pgbench::script(&migrations::statements_of_a_post(), &posts, without_rls)?)?)
        }
    }
}

async fn up(settings: &Settings) -> Result<(), BoxError> {
    let owner = owner_url(settings)?;
    let passwords = RolePasswords {
        app: password_in(settings.database.url.expose_secret())?,
        system: password_in(settings.database.system_url.expose_secret())?,
    };
    migrations::prepare_roles(owner, &passwords).await?;
    let applied = migrations::up(owner).await?;
    for version in &applied {
        say(&format!("applied {version}"))?;
    }
    say(if applied.is_empty() { "the schema is up to date" } else { "the schema is up to date now" })
}

/// Makes the demo organisation, unless its logins are in the file already.
async fn seed(settings: &Settings, file: &Path) -> Result<(), BoxError> {
    let db = connect(settings).await?;
    if file.exists() && db.org_by_slug(organizations::DEMO).await?.is_some() {
        return say("the demo organisation is there");
    }
    let passwords = Passwords::new().await?;
    let logins = organizations::seed_demo(&db, &passwords).await?;
    write_logins(file, &logins)?;
    say(&format!("the demo organisation is ready; its logins are in {}", file.display()))
}

/// By rename, so that nobody reads half a file; only its owner may.
fn write_logins(file: &Path, logins: &[Login]) -> Result<(), BoxError> {
    let logins: Vec<_> = logins
        .iter()
        .map(|login| {
            serde_json::json!({
                "role": login.role, "email": login.email, "password": login.password.expose_secret()
            })
        })
        .collect();
    let half = file.with_extension("new");
    let mut out = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    out.write_all(serde_json::to_string_pretty(&logins)?.as_bytes())?;
    out.sync_all()?;
    Ok(std::fs::rename(half, file)?)
}

async fn connect(settings: &Settings) -> Result<Db, BoxError> {
    Ok(Db::connect(Options::new(settings.database.url.expose_secret()), Arc::new(|_| {})).await?)
}

fn owner_url(settings: &Settings) -> Result<&str, BoxError> {
    let url = settings.database.owner_url.as_ref();
    Ok(url.ok_or("database.owner_url is needed for this (BATON_DATABASE__OWNER_URL)")?.expose_secret())
}

/// The password in a connection URL, which the role is given.
fn password_in(url: &str) -> Result<String, BoxError> {
    let password = url
        .split_once("://")
        .and_then(|(_, rest)| rest.rsplit_once('@'))
        .and_then(|(user, _)| user.split_once(':'))
        .map(|(_, password)| password);
    match password {
        Some(password) if !password.is_empty() && !password.contains('%') => Ok(password.to_owned()),
        Some(_) => Err("the passwords in database.url and database.system_url must not need percent-encoding".into()),
        None => Err("database.url and database.system_url must carry the passwords that their roles get".into()),
    }
}

fn say(line: &str) -> Result<(), BoxError> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
