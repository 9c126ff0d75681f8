//! The platform's views, and the queries that they answer.
//!
//! | VIEW | OF | BY | WHAT |
//! |---|---|---|---|
//! | `mv_portfolio_performance` | trades | user, day | the plan's: profit, trades, mean return |
//! | `mv_news_sentiment` | news_items | symbol, day | the plan's: mean sentiment, news |
//! | `candles` | trades | symbol, day | open, high, low, close, volume, VWAP |
//! | `top_movers` | trades | day, symbol | volume, and first and last price; each day by volume |
//! | `user_exposure` | positions | user | positions, their cost, their size without sign |
//!
//! A user's live profit takes what the positions cost from `user_exposure`, what they are worth
//! from the positions and the last prices of `candles`, joined when it is read.

use bourse::expression::{Function, call, column};
use bourse::view::{AggregateFunction, Groups};
use bourse::{Cut, Database, Order, Range, Value, View, ViewDefinition};
use bourse_storage::{Error, Result};

use super::super::engine::Engine;
use super::super::parameters::Parameter;
use super::super::queries::Query;
use super::super::rows::Rows;
use super::{BourseEngine, columns, push, value};

/// The plan's `mv_portfolio_performance`.
pub(crate) const PORTFOLIO_PERFORMANCE: &str = "mv_portfolio_performance";
/// The plan's `mv_news_sentiment`.
pub(crate) const NEWS_SENTIMENT: &str = "mv_news_sentiment";
/// A symbol's candles.
pub(crate) const CANDLES: &str = "candles";
/// A day's symbols, to be ranked.
pub(crate) const TOP_MOVERS: &str = "top_movers";
/// What a user has at stake.
pub(crate) const USER_EXPOSURE: &str = "user_exposure";

type Definition = bourse::view::ViewBuilder;
type Price = AggregateFunction<String>;

fn first_price() -> Price {
    AggregateFunction::First { value: column("price"), order: column("timestamp") }
}

fn last_price() -> Price {
    AggregateFunction::Last { value: column("price"), order: column("timestamp") }
}

/// The views, in the order in which they are made.
pub(crate) fn definitions() -> [Definition; 5] {
    let of = ViewDefinition::builder;
    let amount = || column("price").times(column("quantity"));
    let cost = || column("quantity").times(column("avg_price"));
    [
        of(PORTFOLIO_PERFORMANCE, "trades")
            .group("user_id", column("user_id"))
            .group("date", column("timestamp").date())
            .aggregate("daily_pnl", AggregateFunction::Sum(column("profit_loss")))
            .aggregate("trade_count", AggregateFunction::Count(column("trade_id")))
            .aggregate("avg_return", AggregateFunction::Average(column("return_pct"))),
        of(NEWS_SENTIMENT, "news_items")
            .group("symbol", column("symbol"))
            .group("date", column("published_at").date())
            .aggregate("avg_sentiment", AggregateFunction::Average(column("sentiment_score")))
            .aggregate("news_count", AggregateFunction::CountRows),
        of(CANDLES, "trades")
            .group("symbol", column("symbol"))
            .group("day", column("timestamp").date())
            .aggregate("open", first_price())
            .aggregate("high", AggregateFunction::Maximum(column("price")))
            .aggregate("low", AggregateFunction::Minimum(column("price")))
            .aggregate("close", last_price())
            .aggregate("volume", AggregateFunction::Sum(column("quantity")))
            .aggregate(
                "vwap",
                AggregateFunction::Ratio { numerator: amount(), denominator: column("quantity") },
            ),
        of(TOP_MOVERS, "trades")
            .group("day", column("timestamp").date())
            .group("symbol", column("symbol"))
            .aggregate("volume", AggregateFunction::Sum(column("quantity")))
            .aggregate("open", first_price())
            .aggregate("close", last_price())
            .owned()
            .index_within("top_movers_by_volume", ["day"], "volume", Order::Descending),
        of(USER_EXPOSURE, "positions")
            .group("user_id", column("user_id"))
            .aggregate("positions", AggregateFunction::CountRows)
            .aggregate("cost", AggregateFunction::Sum(cost()))
            .aggregate("exposure", AggregateFunction::Sum(call(Function::Abs, [cost()]))),
    ]
}

/// Makes the views of a store that has none.
pub(crate) fn create_all(database: &Database) -> Result<()> {
    definitions().iter().try_for_each(|view| database.create_view(view).map(drop))
}

/// Bourse as an engine that reads views: of the same store as the column "bourse_best".
pub(crate) struct BourseViewEngine {
    database: Database,
    portfolio_performance: View,
    news_sentiment: View,
    top_movers: View,
}

impl BourseViewEngine {
    /// An engine over the views of an engine's store.
    pub(crate) fn over(engine: &BourseEngine) -> Result<BourseViewEngine> {
        let database = engine.tables.database.clone();
        Ok(BourseViewEngine {
            portfolio_performance: database.view(PORTFOLIO_PERFORMANCE)?,
            news_sentiment: database.view(NEWS_SENTIMENT)?,
            top_movers: database.view(TOP_MOVERS)?,
            database,
        })
    }
}

impl Engine for BourseViewEngine {
    fn name(&self) -> &'static str {
        "bourse_view"
    }

    fn answers(&self, query: Query) -> bool {
        query.has_view()
    }

    fn run(&mut self, query: Query, parameters: &[Parameter], rows: &mut Rows) -> Result<()> {
        rows.begin(columns(query));
        let values: Vec<Value> = parameters.iter().map(value).collect();
        let cut = self.database.cut();
        let ascending = |view, range: &Range| cut.groups(view, range, Order::Ascending);
        match (query, &values[..]) {
            (Query::UserDailyProfit, [user]) => {
                let of_user = Range::prefix([user.clone()]);
                push_groups(ascending(&self.portfolio_performance, &of_user)?, rows)
            }
            (Query::PortfolioPerformance, []) => {
                push_groups(ascending(&self.portfolio_performance, &Range::all())?, rows)
            }
            (Query::SymbolDailySentiment, [symbol]) => {
                let of_symbol = Range::prefix([symbol.clone()]);
                push_groups(ascending(&self.news_sentiment, &of_symbol)?, rows)
            }
            // The demo asks for single days, whose first moment is their name.
            (Query::TopSymbolsByVolume, [day, _]) => {
                let of_day = Range::prefix([day.clone()]);
                let view = &self.top_movers;
                for group in cut.top_groups(view, &of_day, "volume", Order::Descending, 10)? {
                    push(rows, group.get("symbol")?.as_value())?;
                    push(rows, group.get("volume")?.as_value())?;
                }
                Ok(())
            }
            _ => Err(Error::invalid(format!("no view answers {}", query.name()))),
        }
    }
}

/// Appends groups with all of their columns.
fn push_groups(groups: Groups<'_, Cut>, rows: &mut Rows) -> Result<()> {
    for group in groups {
        group?.values().iter().try_for_each(|value| push(rows, value.as_value()))?;
    }
    Ok(())
}
