//! Organisations and the people in them, signed in.

use std::sync::atomic::{AtomicUsize, Ordering};

use baton_testkit::{Credentials, MemberRole, Organization, Role, World};
use serde_json::{Value, json};

use super::replica::Replica;
use super::rest::{Answer, Rest};
use super::screen::{Opening, Screen, Transport};
use super::stack::Stack;
use super::{id, text};

/// An organisation that one test has to itself.
#[derive(Debug)]
pub(crate) struct Tenant<'s> {
    pub(crate) stack: &'s Stack,
    pub(crate) organization: Organization,
    pub(crate) slug: String,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
    role: String,
    pub(crate) login: Value,
    pub(crate) token: String,
    pub(crate) refresh_token: String,
    pub(crate) rest: Rest,
    api: String,
}

impl<'s> Tenant<'s> {
    pub(super) async fn new(stack: &'s Stack) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let slug = format!("tenant-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let organization = World::running(stack.database.clone()).await.organization(&slug).await;
        Self { stack, organization, slug }
    }

    /// An admin.
    pub(crate) async fn admin(&self, name: &str) -> Person {
        self.signs_in(Role::Admin, name, None).await
    }

    /// A supervisor: sees every ticket of the organisation.
    pub(crate) async fn supervisor(&self, name: &str) -> Person {
        self.signs_in(Role::Supervisor, name, None).await
    }

    /// A leader of the support team, to whom its tickets go.
    pub(crate) async fn leader(&self, name: &str) -> Person {
        self.signs_in(Role::TeamLeader, name, None).await
    }

    /// A leader of the support team who may carry so many units.
    pub(crate) async fn leader_carrying(&self, name: &str, units: i32) -> Person {
        self.signs_in(Role::TeamLeader, name, Some(units)).await
    }

    /// A customer.
    pub(crate) async fn customer(&self, name: &str) -> Person {
        self.signs_in(Role::Customer, name, None).await
    }

    /// An agent of the billing team, who knows nothing of what goes to support.
    pub(crate) async fn agent_of_billing(&self, name: &str) -> Person {
        let billing = [(self.organization.billing, MemberRole::Member)];
        let credentials = self.organization.signing_in(Role::Agent, name, &billing, None).await;
        Person::sign_in(self.stack.api(), &self.slug, name, &credentials).await
    }

    async fn signs_in(&self, role: Role, name: &str, units: Option<i32>) -> Person {
        let support = [(self.organization.support, MemberRole::Leader)];
        let teams: &[_] = if role == Role::TeamLeader { &support } else { &[] };
        let credentials = self.organization.signing_in(role, name, teams, units).await;
        Person::sign_in(self.stack.api(), &self.slug, name, &credentials).await
    }

    /// Rows of a query over this organisation's rows, where `$org` stands for its id.
    pub(crate) async fn lines(&self, query: &str) -> Vec<String> {
        let org = format!("'{}'", self.organization.id);
        self.stack.database.lines(&query.replace("$org", &org)).await
    }
}

impl Drop for Tenant<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.stack.print_logs_if_shared();
        }
    }
}

impl Person {
    async fn sign_in(api: &Replica, organization: &str, name: &str, credentials: &Credentials) -> Self {
        let login = json!({
            "organization": organization,
            "email": credentials.email,
            "password": credentials.password,
        });
        let rest = Rest::new(api.url());
        let tokens = rest.post("/v1/auth/login", login.clone()).await.expect(200);
        let token = text(&tokens, "access_token").to_owned();
        Self {
            id: credentials.user.to_string(),
            name: name.to_owned(),
            role: text(&tokens["user"], "role").to_owned(),
            login,
            rest: rest.with_token(&token),
            refresh_token: text(&tokens, "refresh_token").to_owned(),
            token,
            api: api.url(),
        }
    }

    pub(crate) fn is_customer(&self) -> bool {
        self.role == "customer"
    }

    /// The same person, signed in once more.
    pub(crate) async fn signs_in_again(&self) -> Self {
        let tokens = self.rest.anonymous().post("/v1/auth/login", self.login.clone()).await.expect(200);
        let token = text(&tokens, "access_token").to_owned();
        let refresh_token = text(&tokens, "refresh_token").to_owned();
        Self { rest: self.rest.with_token(&token), refresh_token, token, ..self.clone() }
    }

    /// Opens a ticket; gives the ticket.
    pub(crate) async fn opens(&self, subject: &str) -> Value {
        self.opens_as(json!({"subject": subject, "body": format!("{subject}, please help")})).await
    }

    /// Opens a ticket as `wish` says.
    pub(crate) async fn opens_as(&self, wish: Value) -> Value {
        self.rest.post("/v1/tickets", wish).await.expect(201)
    }

    /// Sends a message; gives the message.
    pub(crate) async fn posts(&self, conversation: &str, body: &str) -> Value {
        self.post(conversation, json!({"body": body})).await.expect(201)
    }

    /// Writes a note; gives the message.
    pub(crate) async fn notes(&self, conversation: &str, body: &str) -> Value {
        self.post(conversation, json!({"body": body, "kind": "note"})).await.expect(201)
    }

    async fn post(&self, conversation: &str, message: Value) -> Answer {
        self.rest.post(&format!("/v1/conversations/{conversation}/messages"), message).await
    }

    /// The ticket as this person sees it now.
    pub(crate) async fn ticket(&self, ticket: &str) -> Value {
        self.rest.get(&format!("/v1/tickets/{ticket}")).await.expect(200)
    }

    /// All messages of a conversation as this person sees them.
    pub(crate) async fn history(&self, conversation: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let after = all.len();
            let path = format!("/v1/conversations/{conversation}/messages?after_seq={after}&limit=100");
            let page = self.rest.get(&path).await.expect(200);
            all.extend(page["items"].as_array().expect("items").iter().cloned());
            if page["more"] == false {
                return all;
            }
        }
    }

    /// Changes a ticket; gives it.
    pub(crate) async fn changes(&self, ticket: &str, patch: Value) -> Value {
        self.rest.patch(&format!("/v1/tickets/{ticket}"), patch).await.expect(200)
    }

    /// Chooses an availability.
    pub(crate) async fn chooses(&self, status: &str) -> Value {
        self.rest.put("/v1/me/availability", json!({"status": status})).await.expect(200)
    }

    /// A screen of this person at a gateway, once it has caught up.
    pub(crate) async fn screen(&self, gateway: &Replica) -> Screen {
        self.screen_over(Transport::Websocket, &[gateway]).await
    }

    /// A screen over a transport, which goes to the next gateway when the one before goes away.
    pub(crate) async fn screen_over(&self, transport: Transport, gateways: &[&Replica]) -> Screen {
        let screen = self.knocks(self.opening(transport, gateways));
        screen.until_settled(1).await;
        screen
    }

    /// What this person connects with.
    pub(crate) fn opening(&self, transport: Transport, gateways: &[&Replica]) -> Opening {
        Opening {
            gateways: gateways.iter().map(|gateway| gateway.url()).collect(),
            token: self.token.clone(),
            transport,
            api: Some(self.api.clone()),
            cursor: None,
            user: self.id.clone(),
        }
    }

    /// A screen that may not be let in.
    pub(crate) fn knocks(&self, opening: Opening) -> Screen {
        Screen::open(&self.name, opening)
    }

    /// Opens a ticket and gives its id.
    pub(crate) async fn opens_id(&self, subject: &str) -> String {
        id(&self.opens(subject).await)
    }
}
