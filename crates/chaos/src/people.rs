//! Who takes part, made through the API before anything is broken.

use std::sync::{Arc, Mutex, PoisonError};

use baton_bench::world::{self, World, sign_in, text};
use baton_testkit::admin;
use serde_json::{Value, json};

use crate::Result;
use crate::history::Person;
use crate::plan::Size;

/// Staff who answer and note without being given anything, and who give by hand, in each team or in all.
const AGENTS: usize = 2;
const SUPERVISORS: usize = 2;
/// Urgent tickets are promised an answer and an end within so many seconds: most break.
const FIRST_RESPONSE: i64 = 3;
const RESOLUTION: i64 = 7;

/// Somebody who takes part.
#[derive(Debug)]
pub(crate) struct Player {
    /// Who, and what they hear.
    pub(crate) person: Person,
    login: (String, String),
    token: Mutex<String>,
}

impl Player {
    /// Their access token.
    pub(crate) fn token(&self) -> String {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs in once more, at `api` (`host:port`): access tokens live for ten minutes.
    pub(crate) async fn renew(&self, api: &str, organization: &str) -> Result<()> {
        let fresh = sign_in(api, organization, (&self.login.0, &self.login.1)).await?;
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = fresh.token;
        Ok(())
    }

    fn signed_in(&self) -> world::Person {
        world::Person { id: self.person.id.clone(), name: self.login.0.clone(), token: self.token() }
    }
}

/// All who take part.
#[derive(Debug)]
pub(crate) struct People {
    /// Receive tickets, in two teams.
    pub(crate) leaders: Vec<Arc<Player>>,
    /// See every ticket and give by hand.
    pub(crate) supervisors: Vec<Arc<Player>>,
    /// Write notes and answers.
    pub(crate) agents: Vec<Arc<Player>>,
    /// Ask.
    pub(crate) customers: Vec<Arc<Player>>,
    /// The slugs of the teams.
    pub(crate) teams: Vec<String>,
}

impl People {
    /// Makes them, and a policy whose promises break within the run.
    pub(crate) async fn make(world: &World, database_url: &str, size: &Size) -> Result<Self> {
        let find = format!("select id::text as line from organizations where slug = '{}'", world.ready.organization);
        let org = admin::lines(database_url, &find).await?.pop().ok_or("no organisation")?;
        promise(world).await?;
        let mut teams = Vec::new();
        for name in ["a", "b"] {
            teams.push(world.team(name).await?);
        }
        let maker = Maker { world, org };
        let (mut leaders, mut agents) = (Vec::new(), Vec::new());
        for (nth, (_, team)) in (0..size.leaders).zip(teams.iter().cycle()) {
            let limit = 3 + i64::try_from(nth % 3)?;
            leaders.push(maker.player("team_leader", Some(team), Some(limit)).await?);
        }
        for (_, (_, team)) in (0..AGENTS).zip(teams.iter().cycle()) {
            agents.push(maker.player("agent", Some(team), None).await?);
        }
        let (mut supervisors, mut customers) = (Vec::new(), Vec::new());
        for _ in 0..SUPERVISORS {
            supervisors.push(maker.player("supervisor", None, None).await?);
        }
        for _ in 0..size.customers {
            customers.push(maker.player("customer", None, None).await?);
        }
        Ok(Self { leaders, supervisors, agents, customers, teams: teams.into_iter().map(|(slug, _)| slug).collect() })
    }

    /// Everybody.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Player>> {
        self.supervisors.iter().chain(&self.leaders).chain(&self.agents).chain(&self.customers)
    }

    /// Has the leaders choose to be given work, and waits until they may be; they need their screens for that.
    pub(crate) async fn go_online(&self, world: &World) -> Result<()> {
        for leader in &self.leaders {
            world.choose(&leader.signed_in(), "online").await?;
        }
        for (nth, team) in self.teams.iter().enumerate() {
            world.wait_for_online(team, self.leaders.iter().skip(nth).step_by(self.teams.len()).count()).await?;
        }
        Ok(())
    }
}

/// Urgent tickets come with promises that nobody keeps.
async fn promise(world: &World) -> Result<()> {
    let policy = json!({
        "name": "Urgent", "position": 0, "priorities": ["urgent"], "warn_percent": 50,
        "targets": [
            {"metric": "first_response", "seconds": FIRST_RESPONSE},
            {"metric": "resolution", "seconds": RESOLUTION},
        ],
        "escalation": [
            {"metric": "resolution", "action": "hand_to_supervisor"},
            {"metric": "first_response", "action": "notify", "whom": ["assignee", "leaders"]},
        ],
    });
    let _: Value = world.call(&world.admin, ("POST", "/v1/sla/policies"), Some(policy)).await?;
    Ok(())
}

struct Maker<'w> {
    world: &'w World,
    org: String,
}

impl Maker<'_> {
    async fn player(&self, role: &str, team: Option<&String>, limit: Option<i64>) -> Result<Arc<Player>> {
        let World { api, admin, ready, .. } = self.world;
        let login = (format!("{role}-{}@chaos.example", world::random(6)?), world::random(12)?);
        let mut new = json!({"email": login.0, "name": login.0, "role": role, "password": login.1});
        if let (Some(limit), Some(new)) = (limit, new.as_object_mut()) {
            new.insert("units_limit".to_owned(), json!(limit));
        }
        let user: Value = self.world.call(admin, ("POST", "/v1/users"), Some(new)).await?;
        let id = text(&user, "id")?;
        if let Some(team) = team {
            let member = if limit.is_some() { "leader" } else { "member" };
            let path = format!("/v1/teams/{team}/members/{id}");
            let _: Value = self.world.call(admin, ("PUT", &path), Some(json!({"role": member}))).await?;
        }
        let rooms = self.rooms(role, &id, team);
        let person = Person { id, role: role.to_owned(), team: limit.and(team.cloned()), limit, rooms };
        let signed_in = sign_in(api, &ready.organization, (&login.0, &login.1)).await?;
        Ok(Arc::new(Player { person, login, token: Mutex::new(signed_in.token) }))
    }

    /// The rooms of docs/ARCHITECTURE.md, "Audience", written down once more: the checker must not believe the code
    /// that it checks.
    fn rooms(&self, role: &str, id: &str, team: Option<&String>) -> Vec<String> {
        if role == "customer" {
            return vec![format!("customer:{id}")];
        }
        let mut rooms = vec![format!("user:{id}"), format!("org:{}:colleagues", self.org)];
        rooms.extend((role == "supervisor").then(|| format!("org:{}:staff", self.org)));
        rooms.extend(team.map(|team| format!("team:{team}")));
        rooms
    }
}
