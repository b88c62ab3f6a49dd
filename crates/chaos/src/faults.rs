//! Breaks things, by the plan.

use std::sync::Arc;
use std::time::Duration;

use baton_bench::ready::{Ready, Service};
use tokio::task::JoinSet;

use crate::Result;
use crate::floor::Floor;
use crate::history::{Broken, Fault, Micros, Record};
use crate::plan::{Act, FROZEN};
use crate::proxy::{DELAYED, Proxy};
use crate::stack::{self, Stack, label};

/// How often another victim is tried when the chosen one is dead just now.
const TRIES: u64 = 4;

/// Carries out the plan's acts in their time, and waits until all that was broken is back.
pub(crate) async fn carry_out(acts: Vec<(Duration, Act)>, stack: &Stack, floor: &Arc<Floor>) -> Result<()> {
    let mut breaker = Breaker { stack, floor, mending: JoinSet::new(), frozen: None };
    let began = tokio::time::Instant::now();
    for (at, act) in acts {
        tokio::time::sleep_until(began + at).await;
        breaker.act(act).await?;
    }
    while breaker.mending.join_next().await.is_some() {}
    Ok(())
}

struct Breaker<'a> {
    stack: &'a Stack,
    floor: &'a Arc<Floor>,
    /// Each waits until something is back, and notes it.
    mending: JoinSet<()>,
    /// Who is frozen, and until when: it is not killed.
    frozen: Option<(String, tokio::time::Instant)>,
}

impl Breaker<'_> {
    async fn act(&mut self, act: Act) -> Result<()> {
        let at = self.floor.recorder.now();
        match act {
            Act::KillService(number) => self.kill_service(number, at),
            Act::Freeze(number) => self.freeze(number, at),
            Act::Strike(number) => {
                self.strike(number, at);
                Ok(())
            }
            Act::KillPostgres => {
                let Ready { postgres_pid, database_url, .. } = self.stack.ready()?;
                if stack::kill(postgres_pid.ok_or("a Postgres of somebody else's")?).is_ok() {
                    self.mend(at, (Broken::Postgres, "postgres".to_owned()), async move {
                        stack::until_postgres(database_url).await;
                    });
                }
                Ok(())
            }
            Act::KillRedis => {
                let Ready { redis_pid, redis_url, .. } = self.stack.ready()?;
                if stack::kill(redis_pid.ok_or("a Redis of somebody else's")?).is_ok() {
                    self.mend(at, (Broken::Redis, "redis".to_owned()), async move {
                        stack::until_redis(redis_url).await;
                    });
                }
                Ok(())
            }
            Act::EmptyRedis => {
                let emptied = stack::redis(&self.stack.ready()?.redis_url, "FLUSHALL").await;
                if emptied.is_ok() {
                    self.note(at, at, (Broken::RedisEmptied, "redis".to_owned()));
                }
                Ok(())
            }
        }
    }

    fn note(&self, at: Micros, until: Micros, (what, whom): (Broken, String)) {
        self.floor.recorder.note(&Record::Fault(Fault { at, until, what, whom }));
    }

    /// Notes a fault once `back` has ended.
    fn mend(&mut self, at: Micros, (what, whom): (Broken, String), back: impl Future<Output = ()> + Send + 'static) {
        let floor = Arc::clone(self.floor);
        self.mending.spawn(async move {
            back.await;
            let until = floor.recorder.now();
            floor.recorder.note(&Record::Fault(Fault { at, until, what, whom }));
        });
    }

    fn kill_service(&mut self, number: u64, at: Micros) -> Result<()> {
        let frozen = self.frozen.as_ref().filter(|(_, until)| tokio::time::Instant::now() < *until);
        let services = self.stack.ready()?.services;
        let alive: Vec<Service> =
            services.into_iter().filter(|service| frozen.is_none_or(|(who, _)| *who != label(service))).collect();
        for number in number..number.saturating_add(TRIES) {
            let Some(service) = chosen(&alive, number) else { break };
            // Dead already: another one dies.
            if stack::kill(service.pid).is_ok() {
                let (whom, service) = (label(service), service.clone());
                self.mend(at, (Broken::Service, whom), async move {
                    stack::until_ready(service).await;
                });
                break;
            }
        }
        Ok(())
    }

    fn freeze(&mut self, number: u64, at: Micros) -> Result<()> {
        let jobs: Vec<Service> =
            self.stack.ready()?.services.into_iter().filter(|service| service.name == "jobs").collect();
        let Some(service) = chosen(&jobs, number) else { return Ok(()) };
        let pid = service.pid;
        if stack::freeze(pid).is_ok() {
            self.frozen = Some((label(service), tokio::time::Instant::now() + FROZEN));
            self.mend(at, (Broken::Frozen, label(service)), async move {
                tokio::time::sleep(FROZEN).await;
                let _died_meanwhile = stack::thaw(pid);
            });
        }
        Ok(())
    }

    fn strike(&self, number: u64, at: Micros) {
        let ways: Vec<&Proxy> = self.floor.gateways.iter().chain(&self.floor.apis).collect();
        // The last bits choose how, the next ones where.
        let Some(way) = chosen(&ways, number >> 3) else { return };
        if let Some(broken) = way.strike(number) {
            let until = if broken == Broken::Delayed { at + micros(DELAYED) } else { at };
            self.note(at, until, (broken, way.name.clone()));
        }
    }
}

fn chosen<T>(some: &[T], number: u64) -> Option<&T> {
    some.get(usize::try_from(number).ok()?.checked_rem(some.len())?)
}

fn micros(duration: Duration) -> Micros {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
