//! One trace from a request to another screen: the `traceparent` that event rows and job rows carry.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::OnceLock;
use std::time::SystemTime;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{Span as _, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracer;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const HEADER: &str = "traceparent";

/// What spans of a [`Batch`] are made by; nothing while none are sent.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Has the spans of batches sent.
pub(crate) fn send_batches(tracer: SdkTracer) {
    // A process starts its telemetry once.
    let _ = TRACER.set(tracer);
}

/// The W3C `traceparent` of the current span, if there is one that is not filtered away.
pub fn current_traceparent() -> Option<String> {
    let context = Span::current().context();
    if !context.span().span_context().is_valid() {
        return None;
    }
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&context, &mut carrier);
    carrier.remove(HEADER)
}

/// Makes `span` a child of the span that `traceparent` names. Call it before the span is entered: a span's place in
/// its trace is settled then. A text that is no traceparent (anybody can send one) leaves the span as it was.
pub fn continue_trace(span: &Span, traceparent: &str) {
    let Some(context) = context_of(traceparent) else { return };
    if let Err(error) = span.set_parent(context) {
        tracing::debug!(%error, "a span cannot continue a trace");
    }
}

fn context_of(traceparent: &str) -> Option<Context> {
    if !is_well_formed(traceparent) {
        return None;
    }
    let carrier = HashMap::from([(HEADER.to_owned(), traceparent.to_owned())]);
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    context.span().span_context().is_valid().then_some(context)
}

/// Version 00 to the letter: the propagator takes shorter ids, and longer texts of later versions.
fn is_well_formed(traceparent: &str) -> bool {
    let lengths = traceparent.split('-').map(str::len);
    let is_hex = |letter: u8| matches!(letter, b'0'..=b'9' | b'a'..=b'f' | b'-');
    lengths.eq([2, 32, 16, 2]) && traceparent.starts_with("00-") && traceparent.bytes().all(is_hex)
}

/// Work that is done for many traces at once, such as a transaction over a batch: afterwards each of them is given a
/// span of it.
#[derive(Debug)]
pub struct Batch {
    name: &'static str,
    since: SystemTime,
}

impl Batch {
    /// Work that begins now, under the name of its spans.
    pub fn begin(name: &'static str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the time of a span is this machine's")]
        let since = SystemTime::now();
        Self { name, since }
    }

    /// Notes that the work was for the trace of `traceparent`, too, and is done. Nothing without a trace, nor where no
    /// spans are sent.
    pub fn was_for(&self, traceparent: Option<&str>, attributes: &[(&'static str, &dyn Display)]) {
        let Some(tracer) = TRACER.get() else { return };
        let Some(context) = traceparent.and_then(context_of) else { return };
        let attributes = attributes.iter().map(|(name, value)| KeyValue::new(*name, value.to_string()));
        let span = tracer.span_builder(self.name).with_start_time(self.since).with_attributes(attributes);
        span.start_with_context(tracer, &context).end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::TracerProvider;
    use tracing_subscriber::layer::SubscriberExt;

    #[test]
    fn a_trace_goes_on() {
        let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder().build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            assert_eq!(current_traceparent(), None);
            let first = tracing::info_span!("first").in_scope(current_traceparent).expect("a trace");
            let trace_id = first.split('-').nth(1).unwrap().to_owned();

            let span = tracing::info_span!("second");
            continue_trace(&span, &first);
            let second = span.in_scope(current_traceparent).expect("a trace");
            assert!(second.contains(&trace_id) && second != first, "{first} {second}");

            let span = tracing::info_span!("third");
            continue_trace(&span, "00-junk");
            assert!(!span.in_scope(current_traceparent).expect("a trace").contains(&trace_id));
        });
    }

    #[test]
    fn only_a_traceparent_to_the_letter_is_taken() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert!(context_of(good).is_some());
        let bad = [
            String::new(),
            good.replace("00-4", "01-4"),
            good.to_uppercase(),
            good.replace("0e0e4736", ""),
            format!("{good}-more"),
            good.replace("-01", "-1"),
            good.replace("4bf92f", "+4bf92"),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01".to_owned(),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01".to_owned(),
            "x".repeat(10_000),
        ];
        for text in bad {
            assert!(context_of(&text).is_none(), "{text}");
        }
    }
}
