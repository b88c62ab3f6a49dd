//! Logs and traces of a process.

mod line;

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::process::BoxError;

/// How long spans may take to leave at the end.
const FLUSHED_WITHIN: Duration = Duration::from_secs(5);

/// Spans on their way out.
pub(crate) struct Telemetry(SdkTracerProvider);

/// Starts logging JSON lines to stdout, and sending spans when `OTEL_EXPORTER_OTLP_ENDPOINT` is set (the exporter
/// reads it, and the other standard variables, itself). Spans have ids either way: logs and event rows carry them.
///
/// Wants a running tokio, which carries the exporter's connection.
pub(crate) fn start(service: &'static str, filter: EnvFilter) -> Result<Telemetry, BoxError> {
    let resource = Resource::builder().with_service_name(format!("baton-{service}"));
    let resource = resource.with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))).build();
    let mut provider = SdkTracerProvider::builder().with_resource(resource);
    if otlp_wanted() {
        provider = provider.with_batch_exporter(SpanExporter::builder().with_tonic().build()?);
    }
    let provider = provider.build();
    if otlp_wanted() {
        crate::trace::send_batches(provider.tracer("baton"));
    }
    let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer("baton"));
    let logs = tracing_subscriber::fmt::layer().fmt_fields(JsonFields::new()).event_format(line::Line { service });
    tracing_subscriber::registry().with(filter).with(traces).with(logs).try_init()?;
    Ok(Telemetry(provider))
}

#[expect(clippy::disallowed_methods, reason = "the standard variable of OpenTelemetry is no setting of Baton")]
fn otlp_wanted() -> bool {
    std::env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT").is_some_and(|endpoint| !endpoint.is_empty())
}

impl Telemetry {
    /// Sends what is left, within 5 s. Blocks.
    pub(crate) fn flush(&self) {
        if let Err(error) = self.0.shutdown_with_timeout(FLUSHED_WITHIN) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}
