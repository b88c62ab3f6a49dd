//! What is known of the client itself.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv6Addr};

use actix_web::dev::Payload;
use actix_web::http::header::USER_AGENT;
use actix_web::{FromRequest, HttpRequest};

use crate::state::Api;

/// The client: where it is and what it calls itself.
#[derive(Debug)]
pub(crate) struct Client {
    /// Its address, past trusted proxies.
    pub(crate) address: IpAddr,
    /// Whether it speaks TLS, as far as a trusted proxy says.
    pub(crate) https: bool,
    /// What it calls itself; empty if it does not say.
    pub(crate) user_agent: String,
}

impl FromRequest for Client {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let proxies = request.app_data::<Api>().map(|state| &state.proxies);
        let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
        ready(Ok(Self {
            address: proxies.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |proxies| proxies.client(request)),
            https: proxies.is_some_and(|proxies| proxies.is_https(request)),
            user_agent: user_agent.unwrap_or_default().to_owned(),
        }))
    }
}
