//! The tables of the legacy trading database, the indexes that its migration plan asks for, and
//! the ones that would be best.

/// A large table, whose rows grow with the scale.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LargeTable {
    /// Who trades.
    Users,
    /// What was bought and sold.
    Trades,
    /// What was asked for.
    Orders,
    /// What each user holds.
    Positions,
    /// The purses of each user.
    Portfolios,
    /// News about symbols.
    NewsItems,
}

/// All large tables, in the order in which they are written.
pub(crate) const LARGE_TABLES: [LargeTable; 6] = [
    LargeTable::Users,
    LargeTable::Trades,
    LargeTable::Orders,
    LargeTable::Positions,
    LargeTable::Portfolios,
    LargeTable::NewsItems,
];

impl LargeTable {
    /// The table's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            LargeTable::Users => "users",
            LargeTable::Trades => "trades",
            LargeTable::Orders => "orders",
            LargeTable::Positions => "positions",
            LargeTable::Portfolios => "portfolios",
            LargeTable::NewsItems => "news_items",
        }
    }

    /// The table's number: the part of a row's draws that tells the tables apart.
    pub(crate) fn number(self) -> u64 {
        match self {
            LargeTable::Users => 1,
            LargeTable::Trades => 2,
            LargeTable::Orders => 3,
            LargeTable::Positions => 4,
            LargeTable::Portfolios => 5,
            LargeTable::NewsItems => 6,
        }
    }

    /// How many columns a row has.
    pub(crate) fn columns(self) -> usize {
        match self {
            LargeTable::Users => 4,
            LargeTable::Trades | LargeTable::Orders => 10,
            LargeTable::Positions | LargeTable::Portfolios => 5,
            LargeTable::NewsItems => 6,
        }
    }

    /// The statement that makes the table.
    pub(crate) fn definition(self) -> &'static str {
        match self {
            LargeTable::Users => {
                "CREATE TABLE users (user_id INTEGER PRIMARY KEY, username TEXT NOT NULL, \
                 email TEXT NOT NULL, created_at TEXT NOT NULL)"
            }
            LargeTable::Trades => {
                "CREATE TABLE trades (trade_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, \
                 symbol TEXT NOT NULL, side TEXT NOT NULL, quantity REAL NOT NULL, \
                 price REAL NOT NULL, profit_loss REAL NOT NULL, return_pct REAL NOT NULL, \
                 status TEXT NOT NULL, timestamp TEXT NOT NULL)"
            }
            LargeTable::Orders => {
                "CREATE TABLE orders (order_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, \
                 symbol TEXT NOT NULL, side TEXT NOT NULL, type TEXT NOT NULL, \
                 status TEXT NOT NULL, price REAL NOT NULL, quantity REAL NOT NULL, \
                 created_at TEXT NOT NULL, updated_at TEXT NOT NULL)"
            }
            LargeTable::Positions => {
                "CREATE TABLE positions (user_id INTEGER NOT NULL, symbol TEXT NOT NULL, \
                 quantity REAL NOT NULL, avg_price REAL NOT NULL, updated_at TEXT NOT NULL, \
                 UNIQUE (user_id, symbol))"
            }
            LargeTable::Portfolios => {
                "CREATE TABLE portfolios (portfolio_id INTEGER PRIMARY KEY, \
                 user_id INTEGER NOT NULL, name TEXT NOT NULL, is_active INTEGER NOT NULL, \
                 cash REAL NOT NULL)"
            }
            LargeTable::NewsItems => {
                "CREATE TABLE news_items (news_id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, \
                 headline TEXT NOT NULL, body TEXT NOT NULL, sentiment_score REAL NOT NULL, \
                 published_at TEXT NOT NULL)"
            }
        }
    }
}

/// The indexes of the migration plan: the column "tuned" has these.
pub(crate) const PLAN_INDEXES: [&str; 7] = [
    "CREATE INDEX IF NOT EXISTS idx_trades_timestamp_symbol ON trades(timestamp, symbol)",
    "CREATE INDEX IF NOT EXISTS idx_trades_user_status ON trades(user_id, status)",
    "CREATE INDEX IF NOT EXISTS idx_orders_symbol_status ON orders(symbol, status, created_at)",
    "CREATE INDEX IF NOT EXISTS idx_news_symbol_sentiment ON news_items(symbol, sentiment_score)",
    "CREATE INDEX IF NOT EXISTS idx_news_timestamp ON news_items(published_at DESC)",
    "CREATE INDEX IF NOT EXISTS idx_positions_user_symbol ON positions(user_id, symbol)",
    "CREATE INDEX IF NOT EXISTS idx_portfolios_user_active ON portfolios(user_id, is_active)",
];

/// The indexes that the queries would rather have: the column "best" has these as well.
pub(crate) const BEST_INDEXES: [&str; 5] = [
    "CREATE INDEX IF NOT EXISTS best_trades_user_status_ts \
     ON trades(user_id, status, timestamp)",
    "CREATE INDEX IF NOT EXISTS best_trades_symbol_ts ON trades(symbol, timestamp)",
    "CREATE INDEX IF NOT EXISTS best_trades_ts_symbol_qty \
     ON trades(timestamp, symbol, quantity)",
    "CREATE INDEX IF NOT EXISTS best_trades_user_ts_cover \
     ON trades(user_id, timestamp, profit_loss, return_pct)",
    "CREATE INDEX IF NOT EXISTS best_news_symbol_published \
     ON news_items(symbol, published_at, sentiment_score)",
];
