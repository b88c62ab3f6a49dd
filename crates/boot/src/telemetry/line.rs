//! The form of a log line: one JSON object.

use std::fmt;

use opentelemetry::trace::TraceContextExt;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// Writes an event as `{"timestamp","level","service","target","message",…fields,"trace_id","span_id","span"}`;
/// `span` has the fields of the spans around it, the innermost winning.
pub(super) struct Line {
    pub(super) service: &'static str,
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = Map::new();
        #[expect(clippy::disallowed_methods, reason = "the time of a log line is this machine's")]
        let now = jiff::Timestamp::now();
        line.insert("timestamp".to_owned(), format!("{now:.6}").into());
        line.insert("level".to_owned(), event.metadata().level().as_str().into());
        line.insert("service".to_owned(), self.service.into());
        line.insert("target".to_owned(), event.metadata().target().into());
        event.record(&mut Fields(&mut line));
        add_trace(ctx, &mut line);
        add_spans(ctx, &mut line);
        writeln!(writer, "{}", Value::Object(line))
    }
}

/// Must run before a span's extensions are borrowed: the context is looked up in them.
fn add_trace<S, N>(ctx: &FmtContext<'_, S, N>, line: &mut Map<String, Value>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let Some(id) = ctx.lookup_current().map(|span| span.id()) else { return };
    let context = tracing::dispatcher::get_default(|dispatch| tracing_opentelemetry::get_otel_context(&id, dispatch));
    let Some(context) = context else { return };
    let span = context.span();
    if span.span_context().is_valid() {
        line.insert("trace_id".to_owned(), span.span_context().trace_id().to_string().into());
        line.insert("span_id".to_owned(), span.span_context().span_id().to_string().into());
    }
}

fn add_spans<S, N>(ctx: &FmtContext<'_, S, N>, line: &mut Map<String, Value>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let mut around = Map::new();
    for span in ctx.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
        around.insert("name".to_owned(), span.name().into());
        let extensions = span.extensions();
        let Some(fields) = extensions.get::<FormattedFields<N>>() else { continue };
        if let Ok(Value::Object(fields)) = serde_json::from_str(fields) {
            around.extend(fields);
        }
    }
    if !around.is_empty() {
        line.insert("span".to_owned(), around.into());
    }
}

/// Takes an event's fields into the line.
struct Fields<'a>(&'a mut Map<String, Value>);

impl Fields<'_> {
    /// A field does not take the place of the line's own.
    fn add(&mut self, field: &Field, value: impl Into<Value>) {
        let name = match field.name() {
            name @ ("timestamp" | "level" | "service" | "target" | "trace_id" | "span_id" | "span") => {
                format!("field_{name}")
            }
            name => name.strip_prefix("r#").unwrap_or(name).to_owned(),
        };
        self.0.insert(name, value.into());
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.add(field, crate::tasks::chain(value));
    }
}
