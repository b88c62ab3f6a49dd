//! What is to run, on which ports.

use std::net::TcpListener;
use std::str::FromStr;

use baton_servers::{Context, Error, Result, free_port};

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
    Service { name: WEB, operations_index: 5, public: Some(Public { index: 2, setting: "BATON_WEB__LISTEN" }) },
];

/// The server of the web app, the one service that is no binary of ours.
pub(super) const WEB: &str = "web";

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

    /// The settings of this replica alone, as one of `all`.
    pub(super) fn settings(&self, all: &[Self]) -> Vec<(&'static str, String)> {
        let mut settings = vec![("BATON_OPERATIONS__LISTEN", format!("127.0.0.1:{}", self.operations_port))];
        if let (Some(public), Some(port)) = (&self.service.public, self.public_port) {
            settings.push((public.setting, format!("127.0.0.1:{port}")));
        }
        let named = |name| all.iter().filter(move |other| other.service.name == name).map(Self::url);
        match self.service.name {
            // Browsers come through the web server: it says who they are.
            "api" if named(WEB).next().is_some() => {
                settings.push(("BATON_API__TRUSTED_PROXIES", "127.0.0.1".to_owned()));
            }
            WEB => {
                let upstreams = [("BATON_WEB__API", "api"), ("BATON_WEB__GATEWAY", "gateway")];
                let found = upstreams.map(|(setting, name)| (setting, named(name).collect::<Vec<_>>().join(",")));
                settings.extend(found.into_iter().filter(|(_, urls)| !urls.is_empty()));
            }
            _ => {}
        }
        settings
    }
}

impl Plan {
    /// All services, or those of `only`, without those of `left_out`; the first replica on the contract's
    /// ports (free ones when `port_base` is 0), further ones on free ports.
    pub(super) fn new(
        only: &[String],
        left_out: &[&str],
        replicas: &[ReplicaCount],
        port_base: Option<u16>,
    ) -> Result<Self> {
        for name in only {
            service(name)?;
        }
        let bases = match port_base {
            None => Some((PUBLIC_BASE, OPERATIONS_BASE)),
            Some(0) => None,
            Some(base) if base < u16::MAX - 2 * OPERATIONS_OFFSET => Some((base, base + OPERATIONS_OFFSET)),
            Some(base) => return Err(Error::new(format!("--port-base {base} leaves no room above it"))),
        };
        let asked = |service: &&Service| only.is_empty() || only.iter().any(|name| name == service.name);
        let wanted = SERVICES.iter().filter(asked).filter(|service| !left_out.contains(&service.name));
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

    /// Whether `name` is to run.
    pub(super) fn includes(&self, name: &str) -> bool {
        self.0.iter().any(|planned| planned.service.name == name)
    }

    /// Whether a second try may find other ports.
    pub(super) fn draws_ports(&self) -> bool {
        self.0.iter().any(|planned| planned.ports.is_none())
    }

    /// Draws the free ports.
    pub(super) fn assign_ports(&self) -> Result<Vec<Instance>> {
        let assign = |&Planned { service, replica, ports }: &Planned| {
            let (public_port, operations_port) = match ports {
                Some(fixed) => fixed,
                None => (service.public.as_ref().map(|_| free_port()).transpose()?, free_port()?),
            };
            Ok(Instance { service, replica, public_port, operations_port })
        };
        self.0.iter().map(assign).collect()
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

    fn plan(only: &[&str], replicas: &[&str], base: Option<u16>) -> Vec<Instance> {
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        let replicas: Vec<ReplicaCount> = replicas.iter().map(|text| text.parse().unwrap()).collect();
        Plan::new(&only, &[], &replicas, base).unwrap().assign_ports().unwrap()
    }

    fn ports(only: &[&str], replicas: &[&str], base: Option<u16>) -> Vec<(String, Option<u16>, u16)> {
        plan(only, replicas, base).into_iter().map(|i| (i.label(), i.public_port, i.operations_port)).collect()
    }

    #[test]
    fn default_ports_are_the_contracts() {
        let expected = [
            ("api-0".to_owned(), Some(8080), 9180),
            ("gateway-0".to_owned(), Some(8081), 9181),
            ("assigner-0".to_owned(), None, 9182),
            ("sla-0".to_owned(), None, 9183),
            ("jobs-0".to_owned(), None, 9184),
            ("web-0".to_owned(), Some(8082), 9185),
        ];
        assert_eq!(ports(&[], &[], None), expected);
    }

    #[test]
    fn the_web_app_is_left_out_when_told() {
        assert!(Plan::new(&[], &[], &[], None).unwrap().includes(WEB));
        assert!(!Plan::new(&[], &[WEB], &[], None).unwrap().includes(WEB));
        assert!(!Plan::new(&["api".to_owned()], &[], &[], None).unwrap().includes(WEB));
    }

    #[test]
    fn the_web_server_knows_all_replicas_and_is_believed_by_the_api() {
        let setting = |all: &[Instance], label: &str, name: &str| {
            let settings = all.iter().find(|i| i.label() == label).unwrap().settings(all);
            settings.into_iter().find_map(|(setting, value)| (setting == name).then_some(value))
        };
        let all = plan(&[], &["gateway=2"], Some(5000));
        let second = all.iter().find(|i| i.label() == "gateway-1").unwrap().url();
        let gateways = format!("http://127.0.0.1:5001,{second}");
        assert_eq!(setting(&all, "web-0", "BATON_WEB__API").as_deref(), Some("http://127.0.0.1:5000"));
        assert_eq!(setting(&all, "web-0", "BATON_WEB__GATEWAY"), Some(gateways));
        assert_eq!(setting(&all, "web-0", "BATON_WEB__LISTEN").as_deref(), Some("127.0.0.1:5002"));
        assert_eq!(setting(&all, "api-0", "BATON_API__TRUSTED_PROXIES").as_deref(), Some("127.0.0.1"));
        let alone = plan(&["api"], &[], Some(5000));
        assert_eq!(setting(&alone, "api-0", "BATON_API__TRUSTED_PROXIES"), None);
    }

    #[test]
    fn a_port_base_moves_all() {
        assert_eq!(ports(&["gateway"], &[], Some(5000)), [("gateway-0".to_owned(), Some(5001), 5101)]);
        assert!(Plan::new(&[], &[], &[], Some(u16::MAX - 1)).is_err());
    }

    #[test]
    fn free_ports_differ() {
        let drawn = ports(&[], &["gateway=3"], Some(0));
        assert_eq!(drawn.len(), 8);
        let all: Vec<u16> =
            drawn.iter().flat_map(|(_, public, operations)| public.iter().chain([operations])).copied().collect();
        let distinct: std::collections::BTreeSet<u16> = all.iter().copied().collect();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        assert!(Plan::new(&["apo".to_owned()], &[], &[], None).unwrap_err().to_string().contains("api, gateway"));
        assert!("gateway=0".parse::<ReplicaCount>().is_err());
        assert!("gateway".parse::<ReplicaCount>().is_err());
        assert!("ghost=2".parse::<ReplicaCount>().is_err());
    }

    #[test]
    fn a_taken_port_is_named() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let Some(base) = port.checked_sub(OPERATIONS_OFFSET) else { return };
        let error =
            Plan::new(&["api".to_owned()], &[], &[], Some(base)).unwrap().check_ports().unwrap_err().to_string();
        assert!(error.contains(&format!("port {port}")) && error.contains("api"), "{error}");
    }
}
