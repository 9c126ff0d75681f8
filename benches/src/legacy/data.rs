//! The tables of the legacy platform with rows that follow from numbers, the indexes of its
//! migration plan and the better ones, and the parameters of its queries.

use crate::measure::Random;

/// A value of a row, or a parameter.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    /// BIGINT.
    Integer(i64),
    /// DOUBLE PRECISION.
    Real(f64),
    /// TEXT.
    Text(String),
}

/// A table: its name, its definition, and how many columns that has.
pub struct LegacyTable {
    /// Its name.
    pub name: &'static str,
    /// As SQLite reads it.
    pub definition: &'static str,
    /// How many columns it has.
    pub columns: usize,
}

/// The tables of the queries, in the order in which they are filled.
pub const TABLES: [LegacyTable; 6] = [
    LegacyTable {
        name: "users",
        definition: "CREATE TABLE users (user_id INTEGER PRIMARY KEY, username TEXT NOT NULL, \
                     email TEXT NOT NULL, created_at TEXT NOT NULL)",
        columns: 4,
    },
    LegacyTable {
        name: "trades",
        definition: "CREATE TABLE trades (trade_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, \
                     symbol TEXT NOT NULL, side TEXT NOT NULL, quantity REAL NOT NULL, \
                     price REAL NOT NULL, profit_loss REAL NOT NULL, return_pct REAL NOT NULL, \
                     status TEXT NOT NULL, timestamp TEXT NOT NULL)",
        columns: 10,
    },
    LegacyTable {
        name: "orders",
        definition: "CREATE TABLE orders (order_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, \
                     symbol TEXT NOT NULL, side TEXT NOT NULL, type TEXT NOT NULL, \
                     status TEXT NOT NULL, price REAL NOT NULL, quantity REAL NOT NULL, \
                     created_at TEXT NOT NULL, updated_at TEXT NOT NULL)",
        columns: 10,
    },
    LegacyTable {
        name: "positions",
        definition: "CREATE TABLE positions (user_id INTEGER NOT NULL, symbol TEXT NOT NULL, \
                     quantity REAL NOT NULL, avg_price REAL NOT NULL, updated_at TEXT NOT NULL, \
                     UNIQUE (user_id, symbol))",
        columns: 5,
    },
    LegacyTable {
        name: "portfolios",
        definition: "CREATE TABLE portfolios (portfolio_id INTEGER PRIMARY KEY, \
                     user_id INTEGER NOT NULL, name TEXT NOT NULL, is_active INTEGER NOT NULL, \
                     cash REAL NOT NULL)",
        columns: 5,
    },
    LegacyTable {
        name: "news_items",
        definition: "CREATE TABLE news_items (news_id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, \
                     headline TEXT NOT NULL, body TEXT NOT NULL, sentiment_score REAL NOT NULL, \
                     published_at TEXT NOT NULL)",
        columns: 6,
    },
];

/// The plan's indexes, and those that the queries would rather have.
pub const INDEXES: [&str; 12] = [
    "CREATE INDEX idx_trades_timestamp_symbol ON trades(timestamp, symbol)",
    "CREATE INDEX idx_trades_user_status ON trades(user_id, status)",
    "CREATE INDEX idx_orders_symbol_status ON orders(symbol, status, created_at)",
    "CREATE INDEX idx_news_symbol_sentiment ON news_items(symbol, sentiment_score)",
    "CREATE INDEX idx_news_timestamp ON news_items(published_at DESC)",
    "CREATE INDEX idx_positions_user_symbol ON positions(user_id, symbol)",
    "CREATE INDEX idx_portfolios_user_active ON portfolios(user_id, is_active)",
    "CREATE INDEX best_trades_user_status_ts ON trades(user_id, status, timestamp)",
    "CREATE INDEX best_trades_symbol_ts ON trades(symbol, timestamp)",
    "CREATE INDEX best_trades_ts_symbol_qty ON trades(timestamp, symbol, quantity)",
    "CREATE INDEX best_trades_user_ts_cover ON trades(user_id, timestamp, profit_loss, return_pct)",
    "CREATE INDEX best_news_symbol_published ON news_items(symbol, published_at, sentiment_score)",
];

/// How many rows there are.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Trades.
    pub trades: u64,
    /// Users, some of them busier than others.
    pub users: u64,
    /// Symbols, half of all trades in a tenth of them.
    pub symbols: u64,
}

impl Scale {
    /// Of so many trades, the other tables in the platform's proportions; of news, whose bodies are
    /// long, a third of these.
    pub fn of(trades: u64) -> Scale {
        Scale { trades, users: (trades / 120).max(20), symbols: 500.min((trades / 40).max(10)) }
    }

    /// Rows of a table.
    pub fn rows(self, table: &str) -> u64 {
        match table {
            "users" => self.users,
            "trades" => self.trades,
            "orders" => self.trades / 2,
            "positions" => self.users * 20.min(self.symbols),
            "portfolios" => self.users * 5,
            _ => self.trades / 15,
        }
    }

    fn user(self, draws: &mut Random) -> i64 {
        // The square makes some users busier than others.
        let (a, b) = (draws.below(self.users), draws.below(self.users));
        signed(a.min(b)) + 1
    }

    fn symbol(self, draws: &mut Random) -> String {
        let mut number = self.symbols;
        // About what Zipf's law says: half of all trades are in the first tenth.
        for _ in 0..2 {
            number = draws.below(number.max(1)) + 1;
        }
        format!("SYM{:03}", number - 1)
    }

    /// A row of a table.
    pub fn row(self, table: &str, number: u64) -> Vec<Cell> {
        let mut draws = Random::new(number + 1 + table.len() as u64 * 1_000_003);
        for _ in 0..8 {
            draws.below(2);
        }
        let id = signed(number) + 1;
        match table {
            "users" => vec![
                Cell::Integer(id),
                text(format!("user{id}")),
                text(format!("user{id}@example.com")),
                timestamp(&mut draws),
            ],
            "trades" => self.trade(id, &mut draws),
            "orders" => {
                let status = pick(&mut draws, &["open", "filled", "filled", "filled", "cancelled"]);
                vec![
                    Cell::Integer(id),
                    Cell::Integer(self.user(&mut draws)),
                    text(self.symbol(&mut draws)),
                    pick(&mut draws, &["buy", "sell"]),
                    pick(&mut draws, &["market", "limit"]),
                    status,
                    money(&mut draws, 500),
                    money(&mut draws, 100),
                    timestamp(&mut draws),
                    timestamp(&mut draws),
                ]
            }
            "positions" => {
                let (user, place) = (number / 20, number % 20);
                let symbol = (user * 7 + place * (self.symbols / 20).max(1)) % self.symbols;
                vec![
                    Cell::Integer(signed(user) + 1),
                    text(format!("SYM{symbol:03}")),
                    money(&mut draws, 1_000),
                    money(&mut draws, 500),
                    timestamp(&mut draws),
                ]
            }
            "portfolios" => vec![
                Cell::Integer(id),
                Cell::Integer(signed(number / 5) + 1),
                text(format!("portfolio {id}")),
                Cell::Integer(signed(draws.below(2))),
                money(&mut draws, 100_000),
            ],
            _ => {
                let words = usize::try_from(100 + draws.below(700)).unwrap_or(0);
                vec![
                    Cell::Integer(id),
                    text(self.symbol(&mut draws)),
                    text(format!("headline {id}")),
                    text("markets move ".repeat(words)),
                    Cell::Real(draws.below(2_000_001) as f64 / 1e6 - 1.0),
                    timestamp(&mut draws),
                ]
            }
        }
    }

    /// A trade of that id.
    pub fn trade(self, id: i64, draws: &mut Random) -> Vec<Cell> {
        vec![
            Cell::Integer(id),
            Cell::Integer(self.user(draws)),
            text(self.symbol(draws)),
            pick(draws, &["buy", "sell"]),
            money(draws, 1_000),
            money(draws, 500),
            Cell::Real(draws.below(200_001) as f64 / 100.0 - 1_000.0),
            Cell::Real(draws.below(20_001) as f64 / 1_000.0 - 10.0),
            pick(draws, &["closed", "closed", "open"]),
            timestamp(draws),
        ]
    }

    /// The parameters of a query's next run.
    pub fn parameters(self, query: &str, draws: &mut Random) -> Vec<Cell> {
        let day = |draws: &mut Random| {
            let (month, day) = (draws.below(12) + 1, draws.below(27) + 1);
            [
                text(format!("2025-{month:02}-{day:02}")),
                text(format!("2025-{month:02}-{:02}", day + 1)),
            ]
        };
        match query {
            "trade_by_id" => vec![Cell::Integer(signed(draws.below(self.trades)) + 1)],
            "user_trades_by_status" => {
                vec![Cell::Integer(self.user(draws)), pick(draws, &["closed", "open"])]
            }
            "symbol_trades_in_range" => {
                let symbol = text(self.symbol(draws));
                let [from, to] = day(draws);
                vec![symbol, from, to]
            }
            "open_orders_of_symbol" | "symbol_daily_sentiment" => vec![text(self.symbol(draws))],
            "symbol_news_by_sentiment" => {
                vec![text(self.symbol(draws)), Cell::Real(draws.below(2_000) as f64 / 1e3 - 1.0)]
            }
            "top_symbols_by_volume" | "join of 5 tables" => day(draws).to_vec(),
            "user_positions" | "active_portfolios" | "user_daily_profit" => {
                vec![Cell::Integer(self.user(draws))]
            }
            _ => Vec::new(),
        }
    }
}

/// A number as a column holds it.
#[expect(clippy::cast_possible_wrap, reason = "numbers here are small")]
pub fn signed(number: u64) -> i64 {
    number as i64
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn pick(draws: &mut Random, words: &[&str]) -> Cell {
    let at = draws.below(words.len() as u64);
    text(words[usize::try_from(at).unwrap_or(0)])
}

fn money(draws: &mut Random, most: u64) -> Cell {
    Cell::Real((draws.below(most * 100) + 1) as f64 / 100.0)
}

/// A moment of the year 2025, with microseconds.
fn timestamp(draws: &mut Random) -> Cell {
    let (month, day) = (draws.below(12) + 1, draws.below(28) + 1);
    let (hour, minute, second) = (draws.below(24), draws.below(60), draws.below(60));
    let micros = draws.below(1_000_000);
    text(format!("2025-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{micros:06}"))
}
