//! Signing in and out.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, HttpResponse, post};
use baton_app::identity::{SESSION, SignIn, SignedIn};
use baton_domain::access::rights;
use baton_domain::conversation::Audience;
use baton_wire::auth::{Login, Refresh, Tokens, Transport};
use baton_wire::problem::Code;
use baton_wire::users::Person;

use crate::document::{Refreshing, SigningIn};
use crate::limits;
use crate::problem::Failure;
use crate::request::{Allowed, Client, Json, JsonOrNothing, Public, identify};
use crate::state::Api;

/// The refresh token's cookie.
const COOKIE: &str = "baton_refresh";
/// The only addresses that need it.
const COOKIE_PATH: &str = "/v1/auth";

/// Sign in.
///
/// Unknown organisation, unknown address, wrong password and disabled account give the same answer in the same time.
#[utoipa::path(
    tag = "auth",
    security(()),
    request_body = Login,
    responses((status = 200, description = "Signed in", body = Tokens), SigningIn),
)]
#[post("/auth/login")]
pub(crate) async fn login(_: Public, api: Api, client: Client, body: Json<Login>) -> Result<HttpResponse, Failure> {
    let Login { organization, email, password, transport } = body.0;
    limits::sign_in(&api.limits, client.address, &organization, &email).await?;
    let wish = SignIn { organization, email, password: password.into(), user_agent: client.user_agent.clone() };
    let signed_in = api.identity.sign_in(wish).await?;
    Ok(tokens(signed_in, transport, &client))
}

/// Exchange a refresh token for the next pair.
///
/// A token is good once. The same one again within 10 s gives the same successor, for a client whose answer was lost;
/// later it ends the session. Browsers send nothing: their token is in the cookie.
#[utoipa::path(
    tag = "auth",
    security(()),
    request_body(content = Option<Refresh>, description = "Left out by browsers"),
    responses((status = 200, description = "The next pair", body = Tokens), Refreshing),
)]
#[post("/auth/refresh")]
pub(crate) async fn refresh(
    _: Public,
    api: Api,
    client: Client,
    request: HttpRequest,
    body: JsonOrNothing<Refresh>,
) -> Result<HttpResponse, Failure> {
    limits::refresh(&api.limits, client.address).await?;
    let (token, transport) = presented(&request, body.0).ok_or_else(nothing_presented)?;
    let signed_in = api.identity.refresh(&token).await?;
    Ok(tokens(signed_in, transport, &client))
}

/// Sign out.
///
/// Ends the session of the refresh token in the body or cookie, else that of the access token; its sockets are cut.
#[utoipa::path(
    tag = "auth",
    security((), ("bearer" = [])),
    request_body(content = Option<Refresh>, description = "Left out by browsers"),
    responses((status = 204, description = "Signed out"), Refreshing),
)]
#[post("/auth/logout")]
pub(crate) async fn logout(
    _: Public,
    api: Api,
    client: Client,
    request: HttpRequest,
    body: JsonOrNothing<Refresh>,
) -> Result<HttpResponse, Failure> {
    if let Some((token, _)) = presented(&request, body.0) {
        limits::refresh(&api.limits, client.address).await?;
        api.identity.sign_out_by_token(&token).await?;
    } else if request.headers().contains_key(AUTHORIZATION) {
        identify(&request).await;
        let can = Allowed::<rights::SelfManage>::extract(&request).await?;
        api.identity.sign_out(&can).await?;
    } else {
        return Err(nothing_presented());
    }
    let mut gone = cookie(String::new(), &client);
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// The refresh token of a request, and how it travelled.
fn presented(request: &HttpRequest, body: Refresh) -> Option<(String, Transport)> {
    let by_cookie = || request.cookie(COOKIE).map(|cookie| (cookie.value().to_owned(), Transport::Cookie));
    body.refresh_token.map(|token| (token, Transport::Body)).or_else(by_cookie)
}

fn nothing_presented() -> Failure {
    Failure::Here(Code::Unauthenticated, "send a refresh token, in the body or as the cookie".to_owned())
}

fn tokens(signed_in: SignedIn, transport: Transport, client: &Client) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    let refresh_token = match transport {
        Transport::Body => Some(signed_in.refresh_token),
        Transport::Cookie => {
            answer.cookie(cookie(signed_in.refresh_token, client));
            None
        }
    };
    answer.json(Tokens {
        access_token: signed_in.access_token,
        token_type: "Bearer".to_owned(),
        expires_in: signed_in.expires_in,
        refresh_token,
        // One's own address is no secret.
        user: Person::of(signed_in.actor.person(), Audience::Staff),
    })
}

fn cookie(token: String, client: &Client) -> Cookie<'static> {
    Cookie::build(COOKIE, token)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(client.https)
        .max_age(Duration::seconds(SESSION.as_secs()))
        .finish()
}
