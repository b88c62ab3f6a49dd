//! Hand-written SQL that diesel prepares once per connection.
//!
//! `diesel::sql_query` is prepared anew at every call (2.4 times slower, measured for the design);
//! a type of its own with a [`QueryId`](diesel::query_builder::QueryId) is not. The macro also
//! keeps the types of what goes in and comes out beside the text.

/// Declares a statement: its values, the SQL types of its columns, and its text with the values
/// in place as `[field: SqlType]`.
macro_rules! statement {
    (
        $(#[$meta:meta])*
        $name:ident { $( $field:ident : $type:ty ),* $(,)? } -> ( $($column:ty),* $(,)? )
        $( $sql:literal $( [ $bind:ident : $bind_type:ty ] )? )+
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub(crate) struct $name {
            $( pub(crate) $field: $type, )*
        }

        impl diesel::query_builder::QueryId for $name {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::Query for $name {
            type SqlType = ( $($column,)* );
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                $(
                    out.push_sql($sql);
                    $( out.push_bind_param::<$bind_type, _>(&self.$bind)?; )?
                )+
                Ok(())
            }
        }

        impl $crate::statement::Pieces for $name {
            const PIECES: &'static [(&'static str, &'static str)] =
                &[ $( ($sql, concat!("" $(, stringify!($bind))?)) ),+ ];
        }
    };
}

pub(crate) use statement;

/// The SQL types by their short names, for declarations.
pub(crate) mod sql {
    pub(crate) use diesel::sql_types::{
        Array, BigInt, Binary, Bool, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid,
    };
}

/// A statement's text as it was declared: each piece with the name of the value behind it, if there is one.
pub(crate) trait Pieces {
    /// The pieces, in order.
    const PIECES: &'static [(&'static str, &'static str)];
}

/// The text of a statement on one line, its values as `${field}`.
pub(crate) fn template<S: Pieces>() -> String {
    let text = S::PIECES.iter().fold(String::new(), |text, (sql, field)| match *field {
        "" => text + sql,
        field => text + sql + "${" + field + "}",
    });
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{sql, template};

    statement! {
        Sum { one: i64, other: i64 } -> (sql::BigInt)
        "select " [one: sql::BigInt]
        "
            + " [other: sql::BigInt] " + " [one: sql::BigInt]
    }

    #[test]
    fn a_template_names_its_values() {
        assert_eq!(template::<Sum>(), "select ${one} + ${other} + ${one}");
    }
}
