//! What a workload needs to stand on, made through the API: a team, people who are signed in, tickets.

use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use baton_wire::list::Page;
use baton_wire::routing::Queue;
use futures::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Result;
use crate::http::{Answer, Http, host_of};
use crate::ready::Ready;

/// How many set-up requests are under way at once.
const AT_ONCE: usize = 8;
/// The longest that a rate limit is waited for.
const PATIENCE: u64 = 120;
/// That there are rate limits is told once.
static LIMITED: Once = Once::new();

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Their access token.
    pub token: String,
}

/// A role in the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Receives a team's tickets.
    Leader,
    /// Staff of a team.
    Agent,
    /// Asks.
    Customer,
}

impl Role {
    const fn word(self) -> &'static str {
        match self {
            Self::Leader => "team_leader",
            Self::Agent => "agent",
            Self::Customer => "customer",
        }
    }
}

/// A running stack, and a run of this tool against it.
#[derive(Debug)]
pub struct World {
    /// The stack.
    pub ready: Ready,
    /// Tells this run's names from other runs'.
    pub run: String,
    /// `host:port` of the API.
    pub api: String,
    /// `host:port` of the gateway.
    pub gateway: String,
    /// Somebody who may do everything.
    pub admin: Person,
    /// Connections that rest.
    connections: Mutex<Vec<Http>>,
}

impl World {
    /// Signs the admin in.
    pub async fn open(ready: Ready) -> Result<Self> {
        let (api, gateway) = (host_of(&ready.api)?, host_of(&ready.gateway)?);
        let login = ready.logins.iter().find(|login| login.role == "admin").ok_or("no admin in the ready file")?;
        let admin = sign_in(&api, &ready.organization, (&login.email, &login.password)).await?;
        Ok(Self { run: random(4)?, api, gateway, admin, ready, connections: Mutex::default() })
    }

    /// A new team; gives its slug and id.
    pub async fn team(&self, what: &str) -> Result<(String, String)> {
        let slug = format!("bench-{}-{what}-{}", self.run, random(2)?);
        let team: Value =
            self.call(&self.admin, ("POST", "/v1/teams"), Some(json!({ "slug": slug, "name": slug }))).await?;
        Ok((slug, text(&team, "id")?))
    }

    /// New people who are signed in; staff become members of `team`.
    pub async fn people(&self, role: Role, count: usize, team: Option<&str>) -> Result<Vec<Person>> {
        let password = random(16)?;
        let made = futures::stream::iter(0..count).map(|n| self.person(role, n, team, &password));
        made.buffered(AT_ONCE).try_collect().await
    }

    async fn person(&self, role: Role, n: usize, team: Option<&str>, password: &str) -> Result<Person> {
        let email = format!("{}-{n}-{}@bench.example", role.word(), random(6)?);
        let mut new = json!({
            "email": email, "name": format!("Bench {} {n}", role.word()), "role": role.word(), "password": password
        });
        if let (Role::Leader | Role::Agent, Some(new)) = (role, new.as_object_mut()) {
            new.insert("units_limit".to_owned(), json!(1_000));
        }
        let user: Value = self.call(&self.admin, ("POST", "/v1/users"), Some(new)).await?;
        if let (Role::Leader | Role::Agent, Some(team)) = (role, team) {
            let path = format!("/v1/teams/{team}/members/{}", text(&user, "id")?);
            let member = if role == Role::Leader { "leader" } else { "member" };
            let _: Value = self.call(&self.admin, ("PUT", &path), Some(json!({ "role": member }))).await?;
        }
        sign_in(&self.api, &self.ready.organization, (&email, password)).await
    }

    /// Opens `count` tickets by customers in turn; `describe` gives each one's subject and priority. Gives their ids.
    pub async fn tickets(
        &self,
        customers: &[Person],
        team: &str,
        count: usize,
        describe: impl Fn(usize) -> (String, &'static str),
    ) -> Result<Vec<String>> {
        let opened = (0..count).zip(customers.iter().cycle()).map(|(n, customer)| {
            let (subject, priority) = describe(n);
            let new = json!({ "subject": subject, "body": "It does not work.", "team": team, "priority": priority });
            async move {
                let ticket: Value = self.call(customer, ("POST", "/v1/tickets"), Some(new)).await?;
                text(&ticket, "id")
            }
        });
        futures::stream::iter(opened).buffered(AT_ONCE).try_collect().await
    }

    /// Deletes tickets: the assigner would take them back from leaders who are gone, while something else is measured.
    pub async fn clear(&self, tickets: &[String]) -> Result<()> {
        println!("clearing {} tickets", tickets.len());
        let deleting = tickets.iter().map(|id| async move {
            let path = format!("/v1/tickets/{id}");
            self.ask(&self.admin, ("DELETE", &path), None).await.map(drop)
        });
        futures::stream::iter(deleting).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Somebody of the staff chooses whether they may be given work.
    pub async fn choose(&self, person: &Person, status: &str) -> Result<()> {
        let choice = json!({ "status": status });
        let _: Value = self.call(person, ("PUT", "/v1/me/availability"), Some(choice)).await?;
        Ok(())
    }

    /// How a team's queue stands.
    pub async fn queue(&self, team: &str) -> Result<Queue> {
        let queues: Page<Queue> = self.call(&self.admin, ("GET", "/v1/queues"), None).await?;
        let ours = queues.items.into_iter().find(|queue| queue.team.slug == team);
        Ok(ours.ok_or("the team has no queue")?)
    }

    /// Waits until `count` of a team's people may be given work.
    pub async fn wait_for_online(&self, team: &str, count: usize) -> Result<()> {
        for _ in 0..200 {
            if usize::try_from(self.queue(team).await?.online)? >= count {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err("people who chose to be online are not".into())
    }

    /// One request of set-up.
    pub async fn call<T: DeserializeOwned>(
        &self,
        person: &Person,
        what: (&str, &str),
        body: Option<Value>,
    ) -> Result<T> {
        Ok(serde_json::from_slice(&self.ask(person, what, body).await?.body)?)
    }

    async fn ask(&self, person: &Person, what: (&str, &str), body: Option<Value>) -> Result<Answer> {
        let rested = self.connections.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut http = rested.unwrap_or_else(|| Http::to(&self.api));
        let answer = patiently(&mut http, what, Some(&person.token), body).await?;
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).push(http);
        Ok(answer)
    }
}

/// Sends until it is not too much any more; anything but success is an error.
async fn patiently(
    http: &mut Http,
    (method, path): (&str, &str),
    token: Option<&str>,
    body: Option<Value>,
) -> Result<Answer> {
    let body = body.map(|body| body.to_string());
    loop {
        let answer = http.send((method, path), token, body.as_ref().map(String::as_bytes)).await?;
        match (answer.status, answer.retry_after) {
            (429, Some(seconds)) if seconds <= PATIENCE => {
                LIMITED.call_once(|| println!("a rate limit is reached ({method} {path}); waiting when told to"));
                tokio::time::sleep(Duration::from_secs(seconds)).await;
            }
            _ if answer.is_success() => return Ok(answer),
            (status, _) => {
                let why = String::from_utf8_lossy(&answer.body).into_owned();
                return Err(format!("{method} {path} answered {status}: {why}").into());
            }
        }
    }
}

/// Signs somebody in.
pub async fn sign_in(api: &str, organization: &str, (email, password): (&str, &str)) -> Result<Person> {
    let login = json!({ "organization": organization, "email": email, "password": password });
    let answer = patiently(&mut Http::to(api), ("POST", "/v1/auth/login"), None, Some(login)).await?;
    let tokens: baton_wire::auth::Tokens = serde_json::from_slice(&answer.body)?;
    Ok(Person { id: tokens.user.id.to_string(), name: tokens.user.name, token: tokens.access_token })
}

/// A member of an answer that is a text.
pub fn text(value: &Value, member: &str) -> Result<String> {
    let found = value.get(member).and_then(Value::as_str);
    Ok(found.ok_or_else(|| format!("no `{member}` in {value}"))?.to_owned())
}

/// Random hexadecimal digits, two for each byte.
pub fn random(bytes: usize) -> Result<String> {
    use std::io::Read;
    let mut random = vec![0; bytes];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
