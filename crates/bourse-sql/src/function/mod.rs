//! Functions, operators, casts and aggregates: what they are to the rest of the crate.
//!
//! The binder resolves a call to a `&'static` entry of the library and the casts that its
//! arguments need; the executor calls the entry. Nothing is looked up while rows flow.

use bourse::Collation;

use crate::Dialect;
use crate::catalog::Catalog;
use crate::datum::Datum;
use crate::error::Result;
use crate::session::SessionState;
use crate::types::{OidKind, SqlType};

mod aggregate;
mod arguments;
pub mod cast;
mod library;
mod postgres;
pub mod resolve;
mod signature;
mod sqlite;
#[cfg(test)]
mod tests;
pub mod user;

pub use library::names;
pub(crate) use postgres::quote::{quote_identifier, quote_literal, quote_qualified};
pub(crate) use postgres::{
    COLUMN_SIZE, REFUSE, SEQUENCE_ROW, WITH_ELEMENT, WITH_MEMBER, WITH_SLICE, bucket_width,
};
pub(crate) use sqlite::float::real_text as sqlite_real_text;
pub(crate) use sqlite::values::collated_extreme;

/// What a function may ask of the statement that calls it.
pub trait Context {
    /// The dialect of the statement.
    fn dialect(&self) -> Dialect;
    /// When the transaction began (`now()`); microseconds since 1970-01-01 UTC.
    fn transaction_time(&self) -> i64;
    /// When the statement began (`statement_timestamp()`).
    fn statement_time(&self) -> i64;
    /// A setting of the session (`TimeZone`, `search_path`, ...), by its name in lower case.
    fn setting(&self, name: &str) -> Option<String>;
    /// The same as SHOW writes it, also where the session has not set it; `None` for what is no
    /// parameter.
    fn shown_setting(&self, _name: &str) -> Option<String> {
        None
    }
    /// 64 random bits.
    fn random(&self) -> u64;
    /// 64 random bits, the same ones again after the same `setseed`.
    fn seeded_random(&self) -> u64 {
        self.random()
    }
    /// Whose session it is.
    fn user(&self) -> String {
        "postgres".to_owned()
    }
    /// The name that the store goes by.
    fn database_name(&self) -> String {
        "postgres".to_owned()
    }
    /// What the session keeps; `None` where a constant is computed outside of one.
    fn session(&self) -> Option<&SessionState> {
        None
    }
    /// What the program has given to the session.
    fn functions(&self) -> Option<&user::UserFunctions> {
        None
    }
    /// The definitions that the statement was bound to.
    fn catalog(&self) -> Option<&Catalog> {
        None
    }
    /// The number of the relation, type, schema or function of a name, which may be qualified and
    /// quoted; `None` if there is none.
    fn number_of_name(&self, _kind: OidKind, _name: &str) -> Option<u32> {
        None
    }
    /// The name of the relation, type, schema or function of a number.
    fn name_of_number(&self, _kind: OidKind, _number: u32) -> Option<String> {
        None
    }
}

/// What a conversion gets that depends on no statement: the settings that PostgreSQL has at first,
/// and UTC.
pub(crate) struct PlainContext(Dialect);

impl PlainContext {
    pub(crate) const POSTGRES: PlainContext = PlainContext(Dialect::Postgres);
}

impl Context for PlainContext {
    fn dialect(&self) -> Dialect {
        self.0
    }

    fn transaction_time(&self) -> i64 {
        0
    }

    fn statement_time(&self) -> i64 {
        0
    }

    fn setting(&self, _name: &str) -> Option<String> {
        None
    }

    fn random(&self) -> u64 {
        0
    }
}

/// How far a function's result may change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Volatility {
    /// Never: a call with constants is one.
    Immutable,
    /// Not within a statement.
    Stable,
    /// At each call.
    Volatile,
}

/// How a scalar function is called.
pub type ScalarCall = fn(&[Datum], &dyn Context) -> Result<Datum>;

/// A function or operator that makes one value of its arguments.
pub struct ScalarFunction {
    /// Its name: `lower`, `+`.
    pub name: &'static str,
    /// Whether any NULL argument makes NULL, without a call.
    pub strict: bool,
    /// How far its result may change.
    pub volatility: Volatility,
    /// Whether a program gave it to its session ([`user`]).
    pub is_user: bool,
    /// The function of the library; arguments are of the types that resolution said.
    pub call: ScalarCall,
}

impl ScalarFunction {
    /// Its value.
    #[inline]
    pub(crate) fn run(&self, arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
        if self.is_user {
            return user::call(self.name, arguments, context);
        }
        (self.call)(arguments, context)
    }
}

impl std::fmt::Debug for ScalarFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// What a call was resolved to.
#[derive(Clone, Debug)]
pub struct Resolved<F: 'static> {
    /// The function.
    pub function: &'static F,
    /// The type that each argument is cast to (implicitly) before the call.
    pub arguments: Vec<SqlType>,
    /// The type of the result.
    pub result: SqlType,
}

/// A function that makes one value of many rows.
pub struct AggregateFunction {
    /// Its name: `sum`.
    pub name: &'static str,
    /// Whether rows in which any argument is NULL are passed over.
    pub strict: bool,
    /// Whether it is called with WITHIN GROUP: the arguments are the direct ones and then the
    /// ordered ones, and rows come in their order.
    pub ordered_set: bool,
    /// Whose it is.
    pub of: AggregateOf,
    /// An empty state of the library's, for arguments of these types whose texts compare so.
    pub start: fn(&[SqlType], Collation) -> Box<dyn Accumulator>,
}

/// Whose an aggregate is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AggregateOf {
    /// The library's.
    Library,
    /// A program's ([`user`]), over groups.
    User,
    /// A program's, over the frames of windows.
    UserWindow,
}

impl AggregateFunction {
    /// An empty state, for arguments of these types whose texts compare so.
    pub(crate) fn begin(&self, types: &[SqlType], collation: Collation) -> Box<dyn Accumulator> {
        user::begin(self, types, collation)
    }
}

impl std::fmt::Debug for AggregateFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The state of one aggregate over one group.
pub trait Accumulator: Send {
    /// Takes a row's arguments. Order and DISTINCT are the caller's matter.
    fn add(&mut self, arguments: &[Datum], context: &dyn Context) -> Result<()>;
    /// The result so far; may be asked for more than once (frames of windows grow).
    fn result(&self, context: &dyn Context) -> Result<Datum>;
    /// Bytes that the state holds on the heap, about.
    fn heap_bytes(&self) -> usize {
        0
    }
}

/// A function that makes rows: `generate_series`, `unnest`, `json_each`.
pub struct SetFunction {
    /// Its name.
    pub name: &'static str,
    /// Its rows, made as they are asked for.
    pub call: fn(&[Datum], &dyn Context) -> Result<SetRows>,
}

/// Rows of a function, one by one.
pub type SetRows = Box<dyn Iterator<Item = Result<Vec<Datum>>>>;

impl std::fmt::Debug for SetFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A function of windows that is no aggregate: it sees its partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WindowFunction {
    /// `row_number()`
    RowNumber,
    /// `rank()`
    Rank,
    /// `dense_rank()`
    DenseRank,
    /// `percent_rank()`
    PercentRank,
    /// `cume_dist()`
    CumeDist,
    /// `ntile(n)`
    Ntile,
    /// `lag(value [, offset [, default]])`
    Lag,
    /// `lead(value [, offset [, default]])`
    Lead,
    /// `first_value(value)`
    FirstValue,
    /// `last_value(value)`
    LastValue,
    /// `nth_value(value, n)`
    NthValue,
}
