//! The gateway put together.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use baton_app::identity::{Identity, Keys};
use baton_app::passwords::Passwords;
use baton_app::{Db, Options, SystemDb, feed, workers};
use baton_boot::loops::{LoopSpec, LoopStats, Report, RunningLoop, every};
use baton_boot::tasks::spawn;
use baton_boot::wakes::WakePump;
use baton_boot::{BoxError, ExposeSecret, Process, SecretString, Settings};
use baton_domain::id::GatewayId;
use baton_live::Redis;
use baton_live::whisper::Whisper;
use socketioxide::layer::SocketIoLayer;
use socketioxide::{ParserConfig, SocketIo};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::access::{self, Changed, Round};
use crate::colleagues::{self, Colleagues};
use crate::hall::Hall;
use crate::line::{Lines, Peer};
use crate::listen::Listener;
use crate::origin::Origins;
use crate::presence::{Lease, RENEWED_EVERY};
use crate::queues::{self, Queues};
use crate::{connect, drain, fanout, metrics, typing};

/// The largest message a client may send, in bytes.
const MAX_PAYLOAD: usize = 64 * 1024;
/// How many packets wait for a client that does not read, before it is cut.
const BUFFERED: usize = 512;
/// How long a connection may be open without signing in.
const SIGNED_IN_WITHIN: Duration = Duration::from_secs(10);
/// How often quiet clients are told where the feed is.
const CURSOR_EVERY: Duration = Duration::from_secs(30);
/// How often the process reports what it does.
const REPORTED_EVERY: Duration = Duration::from_secs(5);
/// How often the next sessions are looked at.
const ROUND_EVERY: Duration = Duration::from_secs(5);
/// Connections for loops over all organisations.
const SYSTEM_POOL: u32 = 4;
/// How long until Postgres is asked again when it was away at the start.
const AGAIN: Duration = Duration::from_millis(250);
/// How long requests have to end once the sockets are closed.
const SERVED_WITHIN: Duration = Duration::from_secs(3);

/// What the parts of a gateway share.
#[derive(Debug)]
pub(crate) struct Gateway {
    /// This start of this process.
    pub(crate) id: GatewayId,
    pub(crate) db: Db,
    pub(crate) system: SystemDb,
    pub(crate) redis: Redis,
    pub(crate) identity: Identity,
    pub(crate) hall: Hall,
    pub(crate) lines: Lines,
    pub(crate) lease: Lease,
    pub(crate) changed: Changed,
    pub(crate) colleagues: Colleagues,
    pub(crate) queues: Queues,
    pub(crate) whispers: mpsc::Sender<Whisper>,
    pub(crate) tasks: Tasks,
}

/// Tasks of single sockets, waited for at the end.
#[derive(Debug, Default)]
pub(crate) struct Tasks(TaskTracker);

impl Tasks {
    pub(crate) fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        spawn(name, self.0.track_future(task));
    }

    /// Waits for all of them; `false` if that took too long.
    pub(crate) async fn finished_within(&self, limit: Duration) -> bool {
        self.0.close();
        tokio::time::timeout(limit, self.0.wait()).await.is_ok()
    }
}

/// Runs the gateway until it is told to end.
pub(crate) async fn run(process: Process) -> Result<(), BoxError> {
    metrics::register();
    let shutdown = process.shutdown.clone();
    let listener = Listener::bind(process.settings.gateway.listen)?;
    let (whispers, whispered) = mpsc::channel(typing::WAITING);
    let Some(gateway) = start(&process, whispers).await? else { return Ok(()) };

    let (sockets, io) = socketio(&process.settings);
    connect::mount(&io, &gateway);
    let app = router(&process.settings, &gateway, sockets)?;
    let background = Background::start(&gateway, whispered, &shutdown);
    let address = listener.address()?;
    let closing = CancellationToken::new();
    let closed = closing.clone().cancelled_owned();
    let server = vital("server", &shutdown, async move {
        let app = app.into_make_service_with_connect_info::<Peer>();
        axum::serve(listener, app).with_graceful_shutdown(closed).await
    });
    let db = gateway.db.clone();
    process.readiness.set_check(move || {
        let db = db.clone();
        async move { db.check().await.map_err(|error| error.to_string()) }
    });
    tracing::info!(%address, gateway = %gateway.id, "listening");

    shutdown.cancelled().await;
    drain::announce(&gateway).await;
    closing.cancel();
    drain::close(&gateway, &io).await;
    background.stop().await;
    if let Ok(served) = tokio::time::timeout(SERVED_WITHIN, server).await {
        served??;
    }
    Ok(())
}

/// Makes the gateway, at the place where the feed is now; `None` if it is told to end before Postgres answers.
async fn start(process: &Process, whispers: mpsc::Sender<Whisper>) -> Result<Option<Arc<Gateway>>, BoxError> {
    let (settings, id) = (&process.settings, baton_app::new_id());
    let auth = settings.require_auth()?;
    let redis = process.redis()?;
    let sink = WakePump::start(redis.clone());
    let database = &settings.database;
    let options = |url: &SecretString| Options {
        pool_size: database.pool_size,
        statement_timeout: database.statement_timeout(),
        ..Options::new(url.expose_secret())
    };
    let db = Db::connect(options(&database.url), Arc::clone(&sink)).await?;
    let system = Options { pool_size: SYSTEM_POOL, ..options(&database.system_url) };
    let system = SystemDb::connect(system, sink).await?;
    let keys = Keys::new(&auth.token_key, &auth.refresh_key);
    let identity = Identity::new(db.clone(), keys, Passwords::new().await?);

    process.readiness.not_ready("waiting for Postgres");
    let Some(position) = place(&system, id, &process.shutdown).await else { return Ok(None) };
    Ok(Some(Arc::new(Gateway {
        id,
        db,
        system,
        redis,
        identity,
        hall: Hall::at(position),
        lines: Lines::default(),
        lease: Lease::default(),
        changed: Changed::default(),
        colleagues: Colleagues::default(),
        queues: Queues::default(),
        whispers,
        tasks: Tasks::default(),
    })))
}

/// Takes the first lease and reads where the feed is.
async fn place(system: &SystemDb, id: GatewayId, shutdown: &CancellationToken) -> Option<i64> {
    loop {
        let asked = async {
            baton_app::presence::renew_lease(system, id).await?;
            feed::head(system).await
        };
        match asked.await {
            Ok(position) => return Some(position),
            Err(error) => tracing::warn!(%error, "Postgres does not answer yet"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return None,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

fn socketio(settings: &Settings) -> (SocketIoLayer, SocketIo) {
    let gateway = &settings.gateway;
    // Nothing that clients send is binary.
    let parser = ParserConfig::common().max_incoming_binaries(0).max_incoming_binary_buf_size(0);
    SocketIo::builder()
        .with_parser(parser)
        .ping_interval(gateway.ping_interval())
        .ping_timeout(gateway.ping_timeout())
        .max_payload(MAX_PAYLOAD as u64)
        .ws_max_message_size(MAX_PAYLOAD)
        .ws_max_frame_size(MAX_PAYLOAD)
        .max_buffer_size(BUFFERED)
        .connect_timeout(SIGNED_IN_WITHIN)
        .build_layer()
}

/// The sockets, and what stands around them: whose pages may come in, and which line is whose.
fn router(settings: &Settings, gateway: &Arc<Gateway>, sockets: SocketIoLayer) -> Result<Router, BoxError> {
    let origins = Origins::new(&settings.gateway.allowed_origins);
    let mut readers = Vec::new();
    for origin in origins.named() {
        readers.push(HeaderValue::from_str(origin)?);
    }
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::list(readers))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE])
        .allow_credentials(true);
    let door = Door { gateway: Arc::clone(gateway), origins: Arc::new(origins) };
    let nothing = Router::new().fallback(async || StatusCode::NOT_FOUND);
    Ok(nothing.layer(sockets).layer(cors).layer(from_fn_with_state(door, pass)))
}

/// What every request passes.
#[derive(Clone)]
struct Door {
    gateway: Arc<Gateway>,
    origins: Arc<Origins>,
}

async fn pass(State(door): State<Door>, request: Request, next: Next) -> Response {
    if !door.origins.admit(request.headers()) {
        return (StatusCode::FORBIDDEN, "this page may not connect").into_response();
    }
    door.gateway.lines.note(request.uri(), request.extensions());
    next.run(request).await
}

/// A task without which this process serves nobody: if it ends, by a panic, so does the process, and the next one is whole.
fn vital<T: Send + 'static>(
    name: &'static str,
    shutdown: &CancellationToken,
    task: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    let ends = shutdown.clone().drop_guard();
    spawn(name, async move {
        let _ends = ends;
        task.await
    })
}

/// What goes on beside the sockets.
struct Background {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    loops: Vec<RunningLoop>,
}

impl Background {
    fn start(gateway: &Arc<Gateway>, whispered: mpsc::Receiver<Whisper>, shutdown: &CancellationToken) -> Self {
        // Sockets hear what happens until they are closed.
        let stop = CancellationToken::new();
        let redis = gateway.redis.clone();
        let own = || Arc::clone(gateway);
        let tasks = vec![
            vital("fanout", shutdown, fanout::follow(own(), redis.clone(), stop.clone())),
            vital("whispers in", shutdown, typing::listen(own(), redis.clone(), stop.clone())),
            vital("presence wakes", shutdown, colleagues::hear(own(), redis.clone(), stop.clone())),
            vital("whispers out", shutdown, typing::publish(redis, whispered, stop.clone())),
            vital("access", shutdown, access::attend(own(), stop.clone())),
        ];
        let mut loops = loops(gateway, &stop);
        loops.push(reporting(gateway, loops.iter().map(RunningLoop::stats).collect(), &stop));
        Self { stop, tasks, loops }
    }

    async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            // A panic in it is told already.
            let _ = task.await;
        }
        for running in self.loops {
            running.join().await;
        }
    }
}

/// What is done again and again.
fn loops(gateway: &Arc<Gateway>, stop: &CancellationToken) -> Vec<RunningLoop> {
    let round = Arc::new(Round::default());
    let (never, woken) = (Arc::<Notify>::default, gateway.colleagues.notify());
    let again = Again { gateway, stop };
    vec![
        again.run(spec("lease", RENEWED_EVERY), never(), |gateway| async move { gateway.lease.renew(&gateway).await }),
        again.run(spec("cursor", CURSOR_EVERY), never(), |gateway| async move {
            let processed = gateway.hall.enter().await.tell_place();
            Ok(Report { processed, more: false })
        }),
        again.run(spec("sessions", ROUND_EVERY), never(), move |gateway| {
            let round = Arc::clone(&round);
            async move { Ok(round.turn(&gateway).await) }
        }),
        again.run(spec("colleagues", colleagues::ALL_EVERY), woken, |gateway| async move {
            gateway.colleagues.look(&gateway).await
        }),
        again.run(spec("queues", queues::STAFF_EVERY), never(), |gateway| async move {
            gateway.queues.tell_staff(&gateway).await
        }),
        again.run(spec("standings", queues::CUSTOMERS_EVERY), never(), |gateway| async move {
            gateway.queues.tell_customers(&gateway).await
        }),
    ]
}

/// Reports this process' loops for `GET /workers`, and how far it is behind the feed.
fn reporting(gateway: &Arc<Gateway>, stats: Vec<Arc<LoopStats>>, stop: &CancellationToken) -> RunningLoop {
    let report = Arc::new(workers::reporter("baton-gateway", stats.len()));
    Again { gateway, stop }.run(spec("report", REPORTED_EVERY), Arc::default(), move |gateway| {
        let loops: Vec<_> = stats.iter().map(|stats| stats.snapshot()).collect();
        let report = Arc::clone(&report);
        async move {
            let (position, sockets) = {
                let floor = gateway.hall.enter().await;
                (floor.position(), floor.count())
            };
            let lag = feed::lag_seconds(&gateway.system, position).await?;
            metrics::LAG.set(lag);
            let figures = [("feed_lag_seconds", lag), ("sockets", sockets as f64)];
            let reports = report.fill(&figures, loops.into_iter());
            workers::report(&gateway.system, &reports).await.map(|()| Report::default())
        }
    })
}

/// What the loops have in common.
struct Again<'a> {
    gateway: &'a Arc<Gateway>,
    stop: &'a CancellationToken,
}

impl Again<'_> {
    fn run<F, Fut>(&self, spec: LoopSpec, wake: Arc<Notify>, tick: F) -> RunningLoop
    where
        F: Fn(Arc<Gateway>) -> Fut + Send + 'static,
        Fut: Future<Output = baton_app::Result<Report>> + Send + 'static,
    {
        let gateway = Arc::clone(self.gateway);
        every(spec, wake, self.stop.clone(), move || tick(Arc::clone(&gateway)))
    }
}

fn spec(name: &'static str, interval: Duration) -> LoopSpec {
    LoopSpec { name, interval, jitter: interval / 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_vital_task_that_panics_ends_the_process() {
        let shutdown = CancellationToken::new();
        let task = vital("test", &shutdown, async {
            assert!(CancellationToken::new().is_cancelled(), "a defect");
        });
        assert!(task.await.is_err() && shutdown.is_cancelled());
    }
}
