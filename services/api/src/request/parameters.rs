//! What stands in the address: path and query.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::problem::Failure;
use crate::request::pointer::{custom, tracked};

/// Path parameters. What is not of their form names nothing: 404.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let values = web::Path::<T>::extract(request).into_inner();
        ready(values.map(|path| Self(path.into_inner())).map_err(|_| Failure::nothing()))
    }
}

/// Query parameters. An unknown or repeated one is refused by name.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Failure> {
    let unreadable = |_| Failure::invalid("", "the query cannot be read");
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query).map_err(unreadable)?.into_inner();
    tracked(MapDeserializer::new(pairs.into_iter().map(|(name, value)| (name, Text(value)))))
}

/// A parameter's value: text that is read as whatever is wanted.
struct Text(String);

impl IntoDeserializer<'_, serde::de::value::Error> for Text {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! numbers {
    ($( $method:ident $visit:ident $kind:ty ),+ $(,)?) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            visitor.$visit(self.0.parse::<$kind>().map_err(|_| custom("must be a whole number"))?)
        }
    )+ };
}

impl<'de> Deserializer<'de> for Text {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_bool(self.0.parse().map_err(|_| custom("must be true or false"))?)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    numbers! {
        deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64,
        deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32, deserialize_i64 visit_i64 i64,
    }

    forward_to_deserialize_any! {
        u8 i8 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct enum
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_domain::conversation::Audience;
    use baton_domain::ticket::{QueueState, Status};
    use baton_wire::conversations::MessagesQuery;
    use baton_wire::tickets::{AssigneeFilter, SortBy, TicketsQuery};

    #[test]
    fn parameters_are_read() {
        let query: TicketsQuery =
            parse("status=new,open&assignee=me,none&escalated=true&queue=waiting&waiting=true&limit=5&sort=-priority&from=2024-01-01T00:00:00Z")
                .unwrap();
        assert_eq!((query.queue.0.as_slice(), query.waiting), (&[QueueState::Waiting][..], Some(true)));
        assert_eq!(query.status.0, [Status::New, Status::Open]);
        assert_eq!(query.assignee.0, [AssigneeFilter::Me, AssigneeFilter::Nobody]);
        assert_eq!((query.escalated, query.limit.rows()), (Some(true), 5));
        assert_eq!((query.sort.by, query.sort.descending), (SortBy::Priority, true));
        assert!(query.from.is_some());
        let query: MessagesQuery = parse("after_seq=7").unwrap();
        assert_eq!((query.after_seq, query.limit.rows()), (Some(7), 20));
        assert!(parse::<TicketsQuery>("").unwrap().cursor.is_none());
    }

    #[test]
    fn wrong_parameters_are_named() {
        for (query, pointer) in [
            ("colour=red", "/colour"),
            ("limit=0", "/limit"),
            ("limit=x", "/limit"),
            ("limit=5&limit=6", "/limit"),
            ("status=nwe", "/status"),
            ("sort=age", "/sort"),
            ("escalated=perhaps", "/escalated"),
            ("queue=empty", "/queue"),
            ("waiting=perhaps", "/waiting"),
            ("requester=1", "/requester"),
            ("from=yesterday", "/from"),
        ] {
            let problem = parse::<TicketsQuery>(query).unwrap_err().problem(Audience::Staff, "r");
            assert_eq!(problem.errors[0].pointer, pointer, "{query}: {}", problem.errors[0].detail);
        }
    }
}
