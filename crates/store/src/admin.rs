//! What only the owner of a cluster does: making databases, and looking in from outside. For the
//! test kit and the operators' commands; no service uses it.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use crate::error::{Error, Result};

async fn connect(url: &str) -> Result<AsyncPgConnection> {
    AsyncPgConnection::establish(url).await.map_err(|error| Error::Unavailable(error.to_string()))
}

/// Runs `sql` (one or more statements) on a connection of its own.
pub async fn run(url: &str, sql: &str) -> Result<()> {
    connect(url).await?.batch_execute(sql).await.map_err(Into::into)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The rows of a query with one text column called `line`.
pub async fn lines(url: &str, sql: &str) -> Result<Vec<String>> {
    let mut conn = connect(url).await?;
    let rows: Vec<Line> = diesel::sql_query(sql).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| row.line).collect())
}

/// Runs `setup` and then a query, as [`lines`], on one connection: for roles and settings that the
/// query is to see.
pub async fn lines_after(url: &str, setup: &str, sql: &str) -> Result<Vec<String>> {
    let mut conn = connect(url).await?;
    conn.batch_execute(setup).await?;
    let rows: Vec<Line> = diesel::sql_query(sql).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| row.line).collect())
}
