//! One trace from a request to another screen: the `traceparent` that event rows and job rows carry.

use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const HEADER: &str = "traceparent";

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
    let carrier = HashMap::from([(HEADER.to_owned(), traceparent.to_owned())]);
    let context = TraceContextPropagator::new().extract_with_context(&opentelemetry::Context::new(), &carrier);
    if !context.span().span_context().is_valid() {
        return;
    }
    if let Err(error) = span.set_parent(context) {
        tracing::debug!(%error, "a span cannot continue a trace");
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
}
