//! What is to run, on which ports.

use std::net::TcpListener;
use std::str::FromStr;

use baton_servers::{Context, Error, Result};

/// The first public port, when none is asked for.
const PUBLIC_BASE: u16 = 8080;
/// The first operations port, when none is asked for.
const OPERATIONS_BASE: u16 = 9180;
/// From an asked port base to the first operations port.
const OPERATIONS_OFFSET: u16 = 100;

/// A service that `up` can run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) name: &'static str,
    /// Its place among the operations ports, fixed by the contract.
    operations_index: u16,
    public: Option<Public>,
}

/// The listener for clients.
#[derive(Debug, PartialEq, Eq)]
struct Public {
    index: u16,
    setting: &'static str,
}

/// Every service there is; a new one is a new row.
const SERVICES: &[Service] = &[
    Service { name: "api", operations_index: 0, public: Some(Public { index: 0, setting: "BATON_API__LISTEN" }) },
    Service {
        name: "gateway",
        operations_index: 1,
        public: Some(Public { index: 1, setting: "BATON_GATEWAY__LISTEN" }),
    },
    Service { name: "assigner", operations_index: 2, public: None },
    Service { name: "sla", operations_index: 3, public: None },
    Service { name: "jobs", operations_index: 4, public: None },
];

/// `NAME=N` of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReplicaCount {
    name: String,
    count: u32,
}

impl FromStr for ReplicaCount {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (name, count) = text.split_once('=').ok_or("expected NAME=N")?;
        service(name).map_err(|error| error.to_string())?;
        match count.parse() {
            Ok(count @ 1..=64) => Ok(Self { name: name.to_owned(), count }),
            _ => Err("N must be 1 to 64".to_owned()),
        }
    }
}

/// The replicas to run, before free ports are drawn.
#[derive(Debug)]
pub(super) struct Plan(Vec<Planned>);

#[derive(Debug)]
struct Planned {
    service: &'static Service,
    replica: u32,
    /// The fixed ports; `None`: free ones.
    ports: Option<(Option<u16>, u16)>,
}

/// One replica with its ports.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub(super) service: &'static Service,
    pub(super) replica: u32,
    pub(super) public_port: Option<u16>,
    pub(super) operations_port: u16,
}

impl Instance {
    /// As in `gateway-1`.
    pub(super) fn label(&self) -> String {
        format!("{}-{}", self.service.name, self.replica)
    }

    /// The listener for clients; where there is none, the operations listener.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.public_port.unwrap_or(self.operations_port))
    }

    /// The scrape address.
    pub(super) fn metrics(&self) -> String {
        format!("http://127.0.0.1:{}/metrics", self.operations_port)
    }

    /// The settings of this replica alone.
    pub(super) fn settings(&self) -> Vec<(&'static str, String)> {
        let mut settings = vec![("BATON_OPERATIONS__LISTEN", format!("127.0.0.1:{}", self.operations_port))];
        if let (Some(public), Some(port)) = (&self.service.public, self.public_port) {
            settings.push((public.setting, format!("127.0.0.1:{port}")));
        }
        settings
    }
}

impl Plan {
    /// All services, or those of `only`; the first replica on the contract's ports (free ones when
    /// `port_base` is 0), further ones on free ports.
    pub(super) fn new(only: &[String], replicas: &[ReplicaCount], port_base: Option<u16>) -> Result<Self> {
        for name in only {
            service(name)?;
        }
        let bases = match port_base {
            None => Some((PUBLIC_BASE, OPERATIONS_BASE)),
            Some(0) => None,
            Some(base) if base < u16::MAX - 2 * OPERATIONS_OFFSET => Some((base, base + OPERATIONS_OFFSET)),
            Some(base) => return Err(Error::new(format!("--port-base {base} leaves no room above it"))),
        };
        let wanted = SERVICES.iter().filter(|service| only.is_empty() || only.iter().any(|name| name == service.name));
        let planned = wanted.flat_map(|service| {
            let count = replicas.iter().rfind(|replicas| replicas.name == service.name).map_or(1, |r| r.count);
            (0..count).map(move |replica| {
                let ports = bases.filter(|_| replica == 0).map(|(public, operations)| {
                    (service.public.as_ref().map(|p| public + p.index), operations + service.operations_index)
                });
                Planned { service, replica, ports }
            })
        });
        Ok(Self(planned.collect()))
    }

    /// Fails, naming port and service, if a fixed port is taken: better now than after a long build.
    pub(super) fn check_ports(&self) -> Result<()> {
        for Planned { service, ports, .. } in &self.0 {
            for port in ports.iter().flat_map(|(public, operations)| public.iter().chain([operations])) {
                TcpListener::bind(("127.0.0.1", *port)).context(|| {
                    format!(
                        "port {port}, which {} wants, cannot be had (--port-base moves all, 0 takes free ones)",
                        service.name
                    )
                })?;
            }
        }
        Ok(())
    }

    /// Draws the free ports.
    pub(super) fn assign_ports(self) -> Result<Vec<Instance>> {
        // All are held until the last is drawn: no port is drawn twice.
        let mut held = Vec::new();
        let mut draw = || -> Result<u16> {
            let listener = TcpListener::bind(("127.0.0.1", 0)).context(|| "there is no free port".into())?;
            let port = listener.local_addr().context(|| "a bound port has no address".into())?.port();
            held.push(listener);
            Ok(port)
        };
        let mut assign = |Planned { service, replica, ports }| {
            let (public_port, operations_port) = match ports {
                Some(fixed) => fixed,
                None => (service.public.as_ref().map(|_| draw()).transpose()?, draw()?),
            };
            Ok(Instance { service, replica, public_port, operations_port })
        };
        self.0.into_iter().map(&mut assign).collect()
    }
}

fn service(name: &str) -> Result<&'static Service> {
    SERVICES.iter().find(|service| service.name == name).ok_or_else(|| {
        let known: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
        Error::new(format!("there is no service `{name}`; there are {}", known.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(only: &[&str], replicas: &[&str], base: Option<u16>) -> Vec<(String, Option<u16>, u16)> {
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        let replicas: Vec<ReplicaCount> = replicas.iter().map(|text| text.parse().unwrap()).collect();
        let instances = Plan::new(&only, &replicas, base).unwrap().assign_ports().unwrap();
        instances.into_iter().map(|i| (i.label(), i.public_port, i.operations_port)).collect()
    }

    #[test]
    fn default_ports_are_the_contracts() {
        let expected = [
            ("api-0".to_owned(), Some(8080), 9180),
            ("gateway-0".to_owned(), Some(8081), 9181),
            ("assigner-0".to_owned(), None, 9182),
            ("sla-0".to_owned(), None, 9183),
            ("jobs-0".to_owned(), None, 9184),
        ];
        assert_eq!(ports(&[], &[], None), expected);
    }

    #[test]
    fn a_port_base_moves_all() {
        assert_eq!(ports(&["gateway"], &[], Some(5000)), [("gateway-0".to_owned(), Some(5001), 5101)]);
        assert!(Plan::new(&[], &[], Some(u16::MAX - 1)).is_err());
    }

    #[test]
    fn free_ports_differ() {
        let drawn = ports(&[], &["gateway=3"], Some(0));
        assert_eq!(drawn.len(), 7);
        let all: Vec<u16> =
            drawn.iter().flat_map(|(_, public, operations)| public.iter().chain([operations])).copied().collect();
        let distinct: std::collections::BTreeSet<u16> = all.iter().copied().collect();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        assert!(Plan::new(&["apo".to_owned()], &[], None).unwrap_err().to_string().contains("api, gateway"));
        assert!("gateway=0".parse::<ReplicaCount>().is_err());
        assert!("gateway".parse::<ReplicaCount>().is_err());
        assert!("ghost=2".parse::<ReplicaCount>().is_err());
    }

    #[test]
    fn a_taken_port_is_named() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let Some(base) = port.checked_sub(OPERATIONS_OFFSET) else { return };
        let error = Plan::new(&["api".to_owned()], &[], Some(base)).unwrap().check_ports().unwrap_err().to_string();
        assert!(error.contains(&format!("port {port}")) && error.contains("api"), "{error}");
    }
}
