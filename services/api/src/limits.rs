//! How much one client may ask, and what they are told when it was too much.

use std::net::IpAddr;
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use baton_domain::access::Actor;
use baton_domain::user::canonical_email;
use baton_live::limits::{Limits, Quota, Verdict};

use crate::client::counted;
use crate::problem::Failure;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What a signed-in person may ask: 200 a second, 2,000 at once.
const GENERAL: Quota = Quota { name: "api", per: Duration::from_secs(10), burst: 2_000 };
/// Sign-ins to one account from one address: slower than guessing is worth.
const SIGN_IN_ACCOUNT: Quota = Quota { name: "sign_in_account", per: Duration::from_secs(60), burst: 10 };
/// Sign-ins from one address, which may be a whole office's.
const SIGN_IN_ADDRESS: Quota = Quota { name: "sign_in_address", per: Duration::from_secs(60), burst: 300 };
/// Exchanges of refresh tokens from one address.
const REFRESH: Quota = Quota { name: "refresh", per: Duration::from_secs(60), burst: 1_200 };

/// All of them.
pub(crate) const ALL: [Quota; 4] = [GENERAL, SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS, REFRESH];

/// A limit that was reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    quota: Quota,
    verdict: Verdict,
}

async fn spend(limits: &Limits, quota: Quota, subject: &str) -> Result<(), Failure> {
    let verdict = limits.check(&quota, subject).await;
    if verdict.allowed { Ok(()) } else { Err(Failure::Limited(Reached { quota, verdict })) }
}

/// Counts a request of somebody who is signed in.
pub(crate) async fn general(limits: &Limits, actor: &Actor) -> Result<(), Failure> {
    let mut buffer = uuid::Uuid::encode_buffer();
    spend(limits, GENERAL, actor.user.0.simple().encode_lower(&mut buffer)).await
}

/// Counts an attempt to sign in.
pub(crate) async fn sign_in(limits: &Limits, client: IpAddr, organization: &str, email: &str) -> Result<(), Failure> {
    let address = counted(client);
    spend(limits, SIGN_IN_ADDRESS, &address).await?;
    // Addresses are anybody's to invent and of any length: a hash keeps the key short and free of them.
    let account = format!("{organization}\n{}\n{address}", canonical_email(email));
    let hash = <sha2::Sha256 as sha2::Digest>::digest(account.as_bytes());
    let subject: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    spend(limits, SIGN_IN_ACCOUNT, &subject).await
}

/// Counts an exchange of a refresh token.
pub(crate) async fn refresh(limits: &Limits, client: IpAddr) -> Result<(), Failure> {
    spend(limits, REFRESH, &counted(client)).await
}

/// A time in whole seconds, rounded up: who waits that long has waited long enough.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

impl Reached {
    /// How long to wait, in whole seconds.
    pub(crate) fn retry_after(&self) -> u64 {
        self.verdict.retry_after.map_or(1, seconds).max(1)
    }

    /// `RateLimit` and `RateLimit-Policy` as draft-ietf-httpapi-ratelimit-headers-09 has them, and `Retry-After`.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let Quota { name, per, burst } = self.quota;
        let now = format!("\"{name}\";r={};t={}", self.verdict.remaining, self.retry_after());
        let policy = format!("\"{name}\";q={burst};w={}", per.as_secs());
        for (header, text) in [(RATE_LIMIT, now), (RATE_LIMIT_POLICY, policy)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(header, value);
            }
        }
        headers.insert(RETRY_AFTER, HeaderValue::from(self.retry_after()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reached_limit_says_when_to_come_back() {
        let verdict = Verdict {
            allowed: false,
            limit: 10,
            remaining: 0,
            reset_after: Duration::from_secs(60),
            retry_after: Some(Duration::from_millis(5_001)),
        };
        let mut headers = HeaderMap::new();
        Reached { quota: SIGN_IN_ACCOUNT, verdict }.tell(&mut headers);
        assert_eq!(headers.get(RETRY_AFTER).unwrap(), "6");
        assert_eq!(headers.get(RATE_LIMIT).unwrap(), "\"sign_in_account\";r=0;t=6");
        assert_eq!(headers.get(RATE_LIMIT_POLICY).unwrap(), "\"sign_in_account\";q=10;w=60");
    }
}
