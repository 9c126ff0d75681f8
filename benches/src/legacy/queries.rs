//! What is asked: the queries of the legacy platform as it writes them, and two more.

/// A query.
pub struct Query {
    /// Its name.
    pub name: &'static str,
    /// As SQLite reads it; [`Query::postgres`] makes PostgreSQL's of it.
    pub text: &'static str,
    /// What Bourse aims at.
    pub goal: &'static str,
    /// Whether the embedded API has a plan of it written by hand.
    pub is_embedded: bool,
    /// By how much it is run less often than one that reads a row.
    pub weight: u64,
}

impl Query {
    /// The text in PostgreSQL's dialect: other names of parameters, and the day of a text.
    pub fn postgres(&self) -> String {
        let text = self.text.replace('?', "$");
        let text = text.replace("DATE(timestamp)", "substr(timestamp, 1, 10)");
        text.replace("DATE(published_at)", "substr(published_at, 1, 10)")
    }
}

const EMBEDDED: &str = "1.5x of the embedded API, ahead of SQLite";
const THRICE: &str = "3x ahead of SQLite";

const fn query(name: &'static str, weight: u64, text: &'static str) -> Query {
    Query { name, text, goal: EMBEDDED, is_embedded: true, weight }
}

/// All of them.
pub const QUERIES: [Query; 12] = [
    query(
        "trade_by_id",
        1,
        "SELECT trade_id, user_id, symbol, side, quantity, price, profit_loss, return_pct, status, \
         timestamp FROM trades WHERE trade_id = ?1",
    ),
    query(
        "user_trades_by_status",
        10,
        "SELECT trade_id, user_id, symbol, side, quantity, price, profit_loss, return_pct, status, \
         timestamp FROM trades WHERE user_id = ?1 AND status = ?2 \
         ORDER BY timestamp DESC, trade_id DESC LIMIT 50",
    ),
    query(
        "symbol_trades_in_range",
        5,
        "SELECT trade_id, user_id, symbol, side, quantity, price, profit_loss, return_pct, status, \
         timestamp FROM trades WHERE symbol = ?1 AND timestamp >= ?2 AND timestamp < ?3 \
         ORDER BY timestamp, trade_id",
    ),
    query(
        "open_orders_of_symbol",
        10,
        "SELECT order_id, user_id, symbol, side, type, status, price, quantity, created_at, \
         updated_at FROM orders WHERE symbol = ?1 AND status = 'open' \
         ORDER BY created_at DESC, order_id DESC LIMIT 100",
    ),
    query(
        "symbol_news_by_sentiment",
        10,
        "SELECT news_id, symbol, headline, body, sentiment_score, published_at FROM news_items \
         WHERE symbol = ?1 AND sentiment_score > ?2 ORDER BY published_at DESC, news_id DESC \
         LIMIT 20",
    ),
    query(
        "user_positions",
        3,
        "SELECT user_id, symbol, quantity, avg_price, updated_at FROM positions \
         WHERE user_id = ?1 ORDER BY symbol",
    ),
    query(
        "active_portfolios",
        10,
        "SELECT p.portfolio_id, p.name, p.cash, s.symbol, s.quantity, s.avg_price \
         FROM portfolios p JOIN positions s ON s.user_id = p.user_id \
         WHERE p.user_id = ?1 AND p.is_active = 1 ORDER BY p.portfolio_id, s.symbol",
    ),
    query(
        "user_daily_profit",
        20,
        "SELECT user_id, DATE(timestamp) AS day, SUM(profit_loss) AS daily_pnl, \
         COUNT(trade_id) AS trade_count, AVG(return_pct) AS avg_return FROM trades \
         WHERE user_id = ?1 GROUP BY user_id, DATE(timestamp) ORDER BY day",
    ),
    query(
        "symbol_daily_sentiment",
        20,
        "SELECT symbol, DATE(published_at) AS day, AVG(sentiment_score) AS avg_sentiment, \
         COUNT(*) AS news_count FROM news_items WHERE symbol = ?1 \
         GROUP BY symbol, DATE(published_at) ORDER BY day",
    ),
    query(
        "top_symbols_by_volume",
        100,
        "SELECT symbol, SUM(quantity) AS volume FROM trades WHERE timestamp >= ?1 \
         AND timestamp < ?2 GROUP BY symbol ORDER BY volume DESC, symbol LIMIT 10",
    ),
    Query {
        name: "join of 5 tables",
        goal: THRICE,
        is_embedded: false,
        weight: 200,
        text: "SELECT u.username, COUNT(*) AS trades, SUM(t.quantity * t.price) AS volume, \
               MAX(p.cash) AS cash FROM trades t JOIN users u ON u.user_id = t.user_id \
               JOIN portfolios p ON p.user_id = u.user_id \
               JOIN positions s ON s.user_id = t.user_id \
               JOIN orders o ON o.user_id = t.user_id AND o.symbol = s.symbol \
               WHERE t.timestamp >= ?1 AND t.timestamp < ?2 AND p.is_active = 1 \
               GROUP BY u.username ORDER BY u.username",
    },
    Query {
        name: "group-by of 100,000 rows",
        goal: THRICE,
        is_embedded: false,
        weight: 2_000,
        text: "SELECT user_id, status, COUNT(*) AS trades, SUM(quantity) AS volume, \
               AVG(price) AS mean FROM trades WHERE trade_id <= 100000 \
               GROUP BY user_id, status ORDER BY user_id, status",
    },
];
