//! The test stack: real Postgres and Redis shared by every test process, a database for each test,
//! and builders that go through the use cases.

#![expect(clippy::expect_used, clippy::panic, reason = "a test kit reports by failing the test")]

mod clock;
mod database;
mod logins;
mod smtp;
mod state;
mod wait;
mod world;

pub use clock::TestClock;
pub use database::{Database, Login, database, redis_prefix, redis_url};
pub use logins::Credentials;
pub use smtp::{Answer, Delivered, SmtpServer};
pub use state::{Case, Checked, Screen, StateCheck, check_cases};
pub use wait::wait_for;
pub use world::{Customer, Leader, Organization, World, can, wish};

pub use baton_domain::routing::MemberRole;
pub use baton_domain::user::Role;
pub use baton_servers::{Daemon, Leash, Node, PostgresServer, PrivateRedis, Promtool, Purpose, Signal, free_port};
pub use baton_store::admin;
