//! What tests of running services need: a world whose clock runs, and people who can sign in.

use baton_app::new_id;
use baton_app::organizations;
use baton_app::passwords::Passwords;
use baton_app::users::NewUser;
use baton_domain::id::{TeamId, UserId};
use baton_domain::routing::MemberRole;
use baton_domain::user::{Role, Tier};
use tokio::sync::OnceCell;

use crate::clock::TestClock;
use crate::database::Database;
use crate::world::{Organization, World};

/// How somebody signs in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Who.
    pub user: UserId,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: String,
}

impl World {
    /// What is in `database`, at the time of Postgres, as services see it that run beside the test. Nothing looks at
    /// its clock.
    pub async fn running(database: Database) -> Self {
        Self { db: database.app().await, system: database.system().await, database, clock: TestClock::new() }
    }
}

impl Organization {
    /// Somebody who can sign in; staff may carry `units_limit` (5 if that is `None`).
    pub async fn signing_in(
        &self,
        role: Role,
        name: &str,
        teams: &[(TeamId, MemberRole)],
        units_limit: Option<i32>,
    ) -> Credentials {
        let (password, hash) = password().await;
        let email = format!("{}@{}.example", name.to_lowercase().replace(' ', "."), self.id);
        let new = NewUser {
            email: email.clone(),
            name: name.to_owned(),
            role,
            tier: Tier::Normal,
            password: None,
            units_limit,
        };
        let added = organizations::add_user(&self.world.db, self.id, new, Some(hash.clone()), teams).await;
        Credentials { user: added.expect("a person"), email, password: password.clone() }
    }
}

/// One password for everybody in this process, with its hash: hashing is dear on purpose.
async fn password() -> &'static (String, String) {
    static PASSWORD: OnceCell<(String, String)> = OnceCell::const_new();
    PASSWORD
        .get_or_init(|| async {
            let password = new_id::<uuid::Uuid>().to_string();
            let passwords = Passwords::new().await.expect("a pool");
            let hash = passwords.hash(password.clone()).await.expect("a hash");
            (password, hash)
        })
        .await
}
