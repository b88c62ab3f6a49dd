//! The closed vocabularies as the OpenAPI document names them. Their words are the domain's.

use std::borrow::Cow;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Stands for a domain enum in a schema; never a value.
macro_rules! words {
    ($( $name:ident = $domain:path ),+ $(,)?) => { $(
        #[doc = concat!("The words of [`", stringify!($domain), "`].")]
        #[derive(Debug)]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = <$domain>::ALL.iter().map(|word| word.as_str());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build().into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+ };
}

words! {
    Availability = baton_domain::availability::Availability,
    Channel = baton_domain::ticket::Channel,
    ClockState = baton_domain::sla::ClockState,
    JobKind = baton_domain::jobs::JobKind,
    JobState = baton_domain::jobs::JobState,
    MemberRole = baton_domain::routing::MemberRole,
    MessageKind = baton_domain::conversation::MessageKind,
    Metric = baton_domain::sla::Metric,
    NotificationKind = baton_domain::notification::NotificationKind,
    Permission = baton_domain::access::Permission,
    Policy = baton_domain::routing::Policy,
    Priority = baton_domain::ticket::Priority,
    QueueState = baton_domain::ticket::QueueState,
    Reason = baton_domain::routing::Reason,
    Receives = baton_domain::routing::Receives,
    Role = baton_domain::user::Role,
    SlaAction = baton_domain::sla::Action,
    SlaRecipient = baton_domain::sla::Recipient,
    Status = baton_domain::ticket::Status,
    Tier = baton_domain::user::Tier,
    Trigger = baton_domain::routing::Trigger,
}
