//! Organisations: the tenants.

use baton_domain::id::{OrgId, TeamId};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::error::Result;
use crate::statement::{sql, statement};
use crate::{Db, Tx};

statement! {
    /// The organisation a slug names.
    BySlug { slug: String } -> (sql::Nullable<sql::Uuid>)
    "select baton_org_by_slug(" [slug: sql::Text] ")"
}

pub(crate) async fn by_slug(conn: &mut AsyncPgConnection, slug: &str) -> Result<Option<OrgId>> {
    let (org,): (Option<OrgId>,) = BySlug { slug: slug.to_owned() }.get_result(conn).await?;
    Ok(org)
}

statement! {
    /// A new organisation and the sequence of its ticket numbers.
    Insert { id: OrgId, slug: String, name: String } -> (sql::Bool)
    "with org as (insert into organizations (id, slug, name) values (" [id: sql::Uuid] ", " [slug: sql::Text] ", "
    [name: sql::Text] ") returning id) select baton_create_number_sequence(id) is not null from org"
}

/// Makes an organisation, in its own scope.
pub async fn create(db: &Db, id: OrgId, slug: &str, name: &str) -> Result<()> {
    let tx = db.begin("create_organization", id).await?;
    let _: Vec<(bool,)> = tx.rows(Insert { id, slug: slug.to_owned(), name: name.to_owned() }).await?;
    tx.commit().await
}

statement! {
    /// The team that takes what names none.
    SetDefaultTeam { team: TeamId } -> ()
    "update organizations set default_team_id = " [team: sql::Uuid]
}

/// Makes `team` the one that takes tickets which name none.
pub async fn set_default_team(tx: &Tx, team: TeamId) -> Result<()> {
    tx.execute(SetDefaultTeam { team }).await.map(drop)
}
