//! The rows that every contender has, and what is kept of them.
//!
//! Each row is a function of its number, written once in Rust and once in SQL for PostgreSQL, whose
//! rows are made inside of the server. Digests of what the contenders keep must be equal.

/// Accounts: as many groups lie between two rows of one of them.
pub(crate) const ACCOUNTS: u64 = 200_000;
/// Users, over whose ids rows are spread among shards.
pub(crate) const USERS: u64 = 10_000;
const SYMBOLS: u64 = 500;
/// The venue of all rows: a group that each of them changes.
pub(crate) const VENUE: &str = "XNYS";

/// One row, of number `trade_id`.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Row {
    pub(crate) trade_id: i64,
    pub(crate) user_id: i64,
    pub(crate) account: i64,
    pub(crate) symbol: String,
    pub(crate) price: f64,
    pub(crate) quantity: f64,
    /// Seconds; a row each 26 of them, so that 1.2 million make a year.
    pub(crate) at: i64,
}

/// The row of a number.
pub(crate) fn row(number: u64) -> Row {
    let mixed = number.wrapping_mul(2_654_435_761) % (1 << 32);
    Row {
        trade_id: signed(number),
        user_id: signed((mixed >> 5) % USERS),
        account: signed((mixed >> 8) % ACCOUNTS),
        symbol: format!("S{}", (mixed >> 11) % SYMBOLS),
        price: 100.0 + signed((mixed >> 3) % 10_000) as f64 / 100.0,
        quantity: signed(1 + (mixed >> 7) % 100) as f64,
        at: signed(number * 26),
    }
}

/// The same in PostgreSQL's SQL, of a number `n`: the values of a row in the order of its columns.
pub(crate) fn row_in_sql() -> String {
    let mixed = "(n * 2654435761 % 4294967296)";
    format!(
        "n, ({mixed} >> 5) % {USERS}, ({mixed} >> 8) % {ACCOUNTS}, \
         'S' || (({mixed} >> 11) % {SYMBOLS}), '{VENUE}', \
         100.0::float8 + (({mixed} >> 3) % 10000)::float8 / 100.0::float8, \
         (1 + ({mixed} >> 7) % 100)::float8, n * 26"
    )
}

/// A number that is small.
#[expect(clippy::cast_possible_wrap, reason = "numbers of rows and what they are mixed to")]
pub(crate) fn signed(number: u64) -> i64 {
    number as i64
}

/// What rows are grouped by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum By {
    /// One group that every row changes.
    Venue,
    /// Groups that each row finds cold, with states in all shards.
    Account,
    /// The shard key: each group is in one shard.
    User,
}

impl By {
    /// The group that read number `number` asks for; of venues there is one, a text.
    pub(crate) fn key(self, number: u64) -> Option<i64> {
        match self {
            By::Venue => None,
            By::Account => Some(signed(number * 7_919 % ACCOUNTS)),
            By::User => Some(signed(number * 7_919 % USERS)),
        }
    }

    /// The column.
    pub(crate) fn column(self) -> &'static str {
        match self {
            By::Venue => "venue",
            By::Account => "account",
            By::User => "user_id",
        }
    }
}

/// What is kept of each group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kept {
    /// COUNT, SUM and AVG of the price.
    Sums,
    /// MIN, MAX, FIRST and LAST of it beside them.
    Ends,
}

/// A store: which indexes and views its table has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Setup {
    /// Whether there are indexes by user, by symbol and by time.
    pub(crate) indexed: bool,
    /// How many views, all alike, and of what; the last of two in an indexed store is by account.
    pub(crate) views: usize,
    pub(crate) by: By,
    pub(crate) kept: Kept,
}

impl Setup {
    /// A table with nothing beside.
    pub(crate) const BARE: Setup =
        Setup { indexed: false, views: 0, by: By::Venue, kept: Kept::Sums };

    /// A table with so many views.
    pub(crate) const fn views(views: usize, by: By, kept: Kept) -> Setup {
        Setup { indexed: false, views, by, kept }
    }

    /// With three indexes.
    pub(crate) const fn indexed(self) -> Setup {
        Setup { indexed: true, ..self }
    }

    /// What view number `number` groups by.
    pub(crate) fn by_of(self, number: usize) -> By {
        if self.indexed && number == 1 { By::Account } else { self.by }
    }

    /// The names of its views.
    pub(crate) fn names(self) -> impl Iterator<Item = (String, By)> {
        (0..self.views).map(move |number| (format!("kept{number}"), self.by_of(number)))
    }
}

/// Columns of the three indexes.
pub(crate) const INDEXES: [(&str, [&str; 2]); 3] = [
    ("by_user", ["user_id", "at"]),
    ("by_symbol", ["symbol", "at"]),
    ("by_time", ["at", "symbol"]),
];

/// What a view says in all: rows that it counted, and the sum of their prices in cents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Digest {
    pub(crate) rows: i64,
    pub(crate) cents: i64,
}

impl Digest {
    /// Of a sum that may be off by rounding.
    #[expect(clippy::cast_possible_truncation, reason = "rounded to whole cents")]
    pub(crate) fn of(rows: i64, sum: f64) -> Digest {
        Digest { rows, cents: (sum * 100.0).round() as i64 }
    }
}
