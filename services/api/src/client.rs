//! Who is at the other end: address and scheme, as far as a trusted proxy says so.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// A setting that names no address and no network.
#[derive(Debug, thiserror::Error)]
#[error("setting `api.trusted_proxies`: {0:?} is neither an address nor a network such as 10.0.0.0/8")]
pub(crate) struct UnknownNetwork(String);

/// The proxies whose word is taken.
#[derive(Debug, Default)]
pub(crate) struct Proxies(Vec<(IpAddr, u8)>);

impl Proxies {
    pub(crate) fn new(networks: &[String]) -> Result<Self, UnknownNetwork> {
        networks
            .iter()
            .map(|text| network(text).ok_or_else(|| UnknownNetwork(text.clone())))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|(network, bits)| prefix(*network, *bits) == prefix(address, *bits))
    }

    /// The client's address: the last one on the way that is not a trusted proxy's. What a client wrote itself into
    /// the header stands before that and is never looked at.
    pub(crate) fn client(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
        self.client_of(peer, request.headers())
    }

    fn client_of(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let lines: Vec<_> = headers.get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok()).collect();
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            if !self.trusts(client) {
                break;
            }
            let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
        }
        client
    }

    /// Whether the client speaks TLS, as a trusted proxy says.
    pub(crate) fn is_https(&self, request: &HttpRequest) -> bool {
        let trusted = request.peer_addr().is_some_and(|peer| self.trusts(peer.ip().to_canonical()));
        let said = || request.headers().get(FORWARDED_PROTO).is_some_and(|value| value.as_bytes() == b"https");
        trusted && said()
    }
}

fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address.parse::<IpAddr>().ok()?, bits.parse().ok()?),
        None => (text.parse().ok()?, 128),
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = if text.contains('/') { bits } else { most };
    (bits <= most).then_some((address, bits))
}

/// The first `bits` of an address, and of which kind it is.
fn prefix(address: IpAddr, bits: u8) -> (bool, u128) {
    let bits = u32::from(bits);
    match address {
        IpAddr::V4(v4) => (true, u128::from(v4.to_bits().checked_shr(32 - bits.min(32)).unwrap_or(0))),
        IpAddr::V6(v6) => (false, v6.to_bits().checked_shr(128 - bits.min(128)).unwrap_or(0)),
    }
}

/// By what a client is counted: an IPv6 client has a whole /64 to choose addresses from.
pub(crate) fn counted(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("{:x}/64", v6.to_bits() >> 64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn client(proxies: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let proxies = Proxies::new(&proxies.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>()).unwrap();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        proxies.client_of(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let proxies = ["10.0.0.0/8", "127.0.0.1"];
        assert_eq!(client(&[], "127.0.0.1", &["1.2.3.4"]), "127.0.0.1");
        assert_eq!(client(&proxies, "9.9.9.9", &["1.2.3.4"]), "9.9.9.9");
        assert_eq!(client(&proxies, "127.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client(&proxies, "127.0.0.1", &["6.6.6.6, 1.2.3.4, 10.1.1.1"]), "1.2.3.4");
        assert_eq!(client(&proxies, "127.0.0.1", &["6.6.6.6", "1.2.3.4"]), "1.2.3.4");
        assert_eq!(client(&proxies, "127.0.0.1", &["junk"]), "127.0.0.1");
        assert_eq!(client(&["::1", "fd00::/8"], "fd12::1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn networks_are_checked() {
        for bad in ["", "x", "10.0.0.0/33", "::/129", "10.0.0.0/-1"] {
            assert!(Proxies::new(&[bad.to_owned()]).is_err(), "{bad}");
        }
        assert_eq!(client(&["0.0.0.0/0"], "127.0.0.1", &["1.2.3.4"]), "127.0.0.1".replace("127.0.0.1", "1.2.3.4"));
    }

    #[test]
    fn an_ipv6_client_is_its_network() {
        let (one, two) = ("2001:db8::1".parse().unwrap(), "2001:db8::ffff".parse().unwrap());
        assert_eq!(counted(one), counted(two));
        assert_ne!(counted(one), counted("2001:db8:0:1::1".parse().unwrap()));
    }
}
