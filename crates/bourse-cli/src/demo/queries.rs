//! The queries of the legacy platform, by name.

/// One of the queries that every column answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Query {
    /// One trade by its key.
    TradeById,
    /// A user's last 50 trades of a status.
    UserTradesByStatus,
    /// The trades of a symbol on a day.
    SymbolTradesInRange,
    /// The last 100 open orders of a symbol.
    OpenOrdersOfSymbol,
    /// The last 20 news of a symbol above a sentiment.
    SymbolNewsBySentiment,
    /// What a user holds.
    UserPositions,
    /// A user's active portfolios with what the user holds.
    ActivePortfolios,
    /// A user's profit by day.
    UserDailyProfit,
    /// A symbol's mean sentiment by day.
    SymbolDailySentiment,
    /// The ten symbols with the largest volume on a day.
    TopSymbolsByVolume,
    /// The profit of every user by day: all of the plan's view.
    PortfolioPerformance,
}

/// All queries, in the order of the report.
pub(crate) const QUERIES: [Query; 11] = [
    Query::TradeById,
    Query::UserTradesByStatus,
    Query::SymbolTradesInRange,
    Query::OpenOrdersOfSymbol,
    Query::SymbolNewsBySentiment,
    Query::UserPositions,
    Query::ActivePortfolios,
    Query::UserDailyProfit,
    Query::SymbolDailySentiment,
    Query::TopSymbolsByVolume,
    Query::PortfolioPerformance,
];

impl Query {
    /// The query's name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Query::TradeById => "trade_by_id",
            Query::UserTradesByStatus => "user_trades_by_status",
            Query::SymbolTradesInRange => "symbol_trades_in_range",
            Query::OpenOrdersOfSymbol => "open_orders_of_symbol",
            Query::SymbolNewsBySentiment => "symbol_news_by_sentiment",
            Query::UserPositions => "user_positions",
            Query::ActivePortfolios => "active_portfolios",
            Query::UserDailyProfit => "user_daily_profit",
            Query::SymbolDailySentiment => "symbol_daily_sentiment",
            Query::TopSymbolsByVolume => "top_symbols_by_volume",
            Query::PortfolioPerformance => "portfolio_performance",
        }
    }

    /// The query's position in [`QUERIES`].
    pub(crate) fn position(self) -> usize {
        QUERIES.iter().position(|query| *query == self).unwrap_or(0)
    }

    /// The query as the platform asks it.
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Query::TradeById => {
                "SELECT trade_id, user_id, symbol, side, quantity, price, profit_loss, \
                 return_pct, status, timestamp FROM trades WHERE trade_id = ?1"
            }
            Query::UserTradesByStatus => {
                "SELECT trade_id, user_id, symbol, side, quantity, price, profit_loss, \
                 return_pct, status, timestamp FROM trades WHERE user_id = ?1 AND status = ?2 \
                 ORDER BY timestamp DESC, trade_id DESC LIMIT 50"
            }
            Query::SymbolTradesInRange => {
                "SELECT trade_id, user_id, symbol, side, quantity, price, profit_loss, \
                 return_pct, status, timestamp FROM trades WHERE symbol = ?1 \
                 AND timestamp >= ?2 AND timestamp < ?3 ORDER BY timestamp, trade_id"
            }
            Query::OpenOrdersOfSymbol => {
                "SELECT order_id, user_id, symbol, side, type, status, price, quantity, \
                 created_at, updated_at FROM orders WHERE symbol = ?1 AND status = 'open' \
                 ORDER BY created_at DESC, order_id DESC LIMIT 100"
            }
            Query::SymbolNewsBySentiment => {
                "SELECT news_id, symbol, headline, body, sentiment_score, published_at \
                 FROM news_items WHERE symbol = ?1 AND sentiment_score > ?2 \
                 ORDER BY published_at DESC, news_id DESC LIMIT 20"
            }
            Query::UserPositions => {
                "SELECT user_id, symbol, quantity, avg_price, updated_at FROM positions \
                 WHERE user_id = ?1 ORDER BY symbol"
            }
            Query::ActivePortfolios => {
                "SELECT p.portfolio_id, p.name, p.cash, s.symbol, s.quantity, s.avg_price \
                 FROM portfolios p JOIN positions s ON s.user_id = p.user_id \
                 WHERE p.user_id = ?1 AND p.is_active = 1 ORDER BY p.portfolio_id, s.symbol"
            }
            Query::UserDailyProfit => {
                "SELECT user_id, DATE(timestamp) AS day, SUM(profit_loss) AS daily_pnl, \
                 COUNT(trade_id) AS trade_count, AVG(return_pct) AS avg_return FROM trades \
                 WHERE user_id = ?1 GROUP BY user_id, DATE(timestamp) ORDER BY day"
            }
            Query::SymbolDailySentiment => {
                "SELECT symbol, DATE(published_at) AS day, AVG(sentiment_score) \
                 AS avg_sentiment, COUNT(*) AS news_count FROM news_items WHERE symbol = ?1 \
                 GROUP BY symbol, DATE(published_at) ORDER BY day"
            }
            Query::TopSymbolsByVolume => {
                "SELECT symbol, SUM(quantity) AS volume FROM trades WHERE timestamp >= ?1 \
                 AND timestamp < ?2 GROUP BY symbol ORDER BY volume DESC, symbol LIMIT 10"
            }
            Query::PortfolioPerformance => {
                "SELECT user_id, DATE(timestamp) AS day, SUM(profit_loss) AS daily_pnl, \
                 COUNT(trade_id) AS trade_count, AVG(return_pct) AS avg_return FROM trades \
                 GROUP BY user_id, DATE(timestamp) ORDER BY user_id, day"
            }
        }
    }

    /// The columns that hold sums and averages of REAL: those that SQLite adds up in the order in
    /// which its plan meets the rows, with rounding.
    pub(crate) fn rounded_columns(self) -> &'static [usize] {
        match self {
            Query::UserDailyProfit | Query::PortfolioPerformance => &[2, 4],
            Query::SymbolDailySentiment => &[2],
            Query::TopSymbolsByVolume => &[1],
            _ => &[],
        }
    }

    /// The column that tells how many rows went into a sum, where the query has one.
    pub(crate) fn count_column(self) -> Option<usize> {
        match self {
            Query::UserDailyProfit | Query::SymbolDailySentiment | Query::PortfolioPerformance => {
                Some(3)
            }
            _ => None,
        }
    }

    /// Whether a view answers it.
    pub(crate) fn has_view(self) -> bool {
        !self.rounded_columns().is_empty()
    }

    /// How many sets of parameters it is asked with at most: what reads a whole table has none, and
    /// takes seconds.
    pub(crate) fn sets_max(self) -> usize {
        match self {
            Query::PortfolioPerformance => 5,
            _ => usize::MAX,
        }
    }
}
