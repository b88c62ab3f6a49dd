//! REST as a client speaks it.

use baton_wire::problem::{MEDIA_TYPE, Problem};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method};
use serde_json::Value;

use super::is_exactly;

/// Somebody's way to the API.
#[derive(Debug, Clone)]
pub(crate) struct Rest {
    base: String,
    client: Client,
    token: Option<String>,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Rest {
    /// A stranger's.
    pub(crate) fn new(base: String) -> Self {
        Self { base, client: Client::new(), token: None }
    }

    /// With another access token.
    pub(crate) fn with_token(&self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The same caller at another replica.
    pub(crate) fn at(&self, base: String) -> Self {
        Self { base, ..self.clone() }
    }

    /// Without any token.
    pub(crate) fn anonymous(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::POST, path, &[], body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::PUT, path, &[], body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::PATCH, path, &[], body).await
    }

    /// Posts something, which may find nobody.
    pub(crate) async fn tries_to_post(&self, path: &str, body: &Value) -> reqwest::Result<Answer> {
        self.attempt(Method::POST, path, &[("content-type", "application/json")], Some(body.to_string())).await
    }

    /// A request with a JSON body and headers.
    pub(crate) async fn send_json(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        self.send(method, path, &all, Some(body.to_string())).await
    }

    /// A request as it stands.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let answer = self.attempt(method.clone(), path, headers, body).await;
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"))
    }

    /// A request that may find nobody.
    pub(crate) async fn attempt(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> reqwest::Result<Answer> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Answer { status, headers, text: answer.text().await? })
    }
}

impl Answer {
    /// Its body, `null` if it is empty.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        if self.text.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text))
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }

    /// The problem that it must be, with nothing but what the contract knows.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{}", self.text);
        assert_eq!(self.header("content-type"), MEDIA_TYPE, "{}", self.text);
        assert_eq!(problem["status"], status, "{}", self.text);
        assert_eq!(problem["request_id"], self.header("x-request-id"), "{}", self.text);
        is_exactly::<Problem>(&problem);
        problem
    }

    /// A header, empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
