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
    };
}

pub(crate) use statement;

/// The SQL types by their short names, for declarations.
pub(crate) mod sql {
    pub(crate) use diesel::sql_types::{
        Array, BigInt, Binary, Bool, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid,
    };
}

/// The text of a statement, its values as `$1`, `$2`, ….
pub(crate) fn text_of<S>(statement: &S) -> String
where
    S: diesel::query_builder::QueryFragment<diesel::pg::Pg>,
{
    use diesel::query_builder::QueryBuilder;
    let mut builder = diesel::pg::PgQueryBuilder::default();
    match statement.to_sql(&mut builder, &diesel::pg::Pg) {
        Ok(()) => builder.finish(),
        Err(error) => format!("-- {error}"),
    }
}
