//! Parameter sets of the queries, drawn from a seed: the same sequence for every column.
//!
//! Six in ten are taken from rows that are there, drawn evenly from the table, so that busy users
//! and popular symbols come as often as they trade; three in ten are drawn evenly from all users,
//! symbols and days, most of them cold; one in ten asks for what is not there. All texts have the
//! form `YYYY-MM-DD` where a day is meant: a day's first moment sorts before its timestamps.

use super::facts::Facts;
use super::queries::Query;
use crate::legacy::Draws;

/// One parameter of a query.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Parameter {
    /// A whole number.
    Integer(i64),
    /// A floating number.
    Real(f64),
    /// Text.
    Text(String),
}

/// The parameters of one execution.
pub(crate) type ParameterSet = Vec<Parameter>;

/// How a set is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Aim {
    /// At a row that is there.
    Row,
    /// Anywhere among what is there.
    Anywhere,
    /// At what is not there.
    Nothing,
}

/// The symbol that no table holds: symbols have no lower case.
const NO_SYMBOL: &str = "nosuch";

/// The first `count` parameter sets of a query.
pub(crate) fn parameter_sets(
    query: Query,
    facts: &Facts,
    seed: u64,
    count: usize,
) -> Vec<ParameterSet> {
    (0..count as u64)
        .map(|number| {
            let mut draws = Draws::of(seed, 3_000 + query.position() as u64, number);
            let aim = match draws.below(10) {
                0..6 => Aim::Row,
                6..9 => Aim::Anywhere,
                _ => Aim::Nothing,
            };
            draw(query, facts, aim, &mut draws)
        })
        .collect()
}

fn draw(query: Query, facts: &Facts, aim: Aim, draws: &mut Draws) -> ParameterSet {
    let trade = &facts.trades[draws.position(facts.trades.len())];
    match query {
        Query::TradeById => vec![Parameter::Integer(match aim {
            Aim::Row => trade.trade_id,
            Aim::Anywhere => {
                let last = facts.last_trade_id.unsigned_abs().max(1);
                i64::try_from(1 + draws.below(last)).unwrap_or(i64::MAX)
            }
            Aim::Nothing => facts.last_trade_id.saturating_add_unsigned(1 + draws.below(1_000)),
        })],
        Query::UserTradesByStatus => {
            let status = match aim {
                Aim::Row => &trade.status,
                Aim::Anywhere | Aim::Nothing => draws.pick(&["closed", "open", "cancelled"]),
            };
            let user = user(facts, aim, trade.user_id, draws);
            vec![user, Parameter::Text(status.to_owned())]
        }
        Query::SymbolTradesInRange => {
            let days = facts.days.len() - 1;
            let day = if aim == Aim::Row { trade.day } else { draws.position(days) };
            let symbol = symbol(facts, aim, &trade.symbol, draws);
            let (from, to) = facts.day(day);
            vec![symbol, Parameter::Text(from.to_owned()), Parameter::Text(to.to_owned())]
        }
        Query::TopSymbolsByVolume => {
            let days = facts.days.len() - 1;
            let (from, to) = match aim {
                Aim::Row => facts.day(trade.day),
                Aim::Anywhere => facts.day(draws.position(days)),
                Aim::Nothing => ("1970-01-01", "1970-01-02"),
            };
            vec![Parameter::Text(from.to_owned()), Parameter::Text(to.to_owned())]
        }
        Query::PortfolioPerformance => Vec::new(),
        Query::UserPositions | Query::UserDailyProfit => {
            vec![user(facts, aim, trade.user_id, draws)]
        }
        Query::ActivePortfolios => {
            let investors = &facts.investors;
            let hot = match investors.len() {
                0 => trade.user_id,
                length => investors[draws.position(length)],
            };
            vec![user(facts, aim, hot, draws)]
        }
        Query::OpenOrdersOfSymbol => {
            let symbols = &facts.open_order_symbols;
            let hot = match symbols.len() {
                0 => &trade.symbol,
                length => &symbols[draws.position(length)],
            };
            vec![symbol(facts, aim, hot, draws)]
        }
        Query::SymbolNewsBySentiment | Query::SymbolDailySentiment => {
            news(query, facts, aim, draws)
        }
    }
}

fn news(query: Query, facts: &Facts, aim: Aim, draws: &mut Draws) -> ParameterSet {
    let item = &facts.news[draws.position(facts.news.len())];
    let mut set = vec![symbol(facts, aim, &item.symbol, draws)];
    if query == Query::SymbolNewsBySentiment {
        let above = draws.between(-1.0, 1.0);
        set.push(Parameter::Real(match aim {
            // Just below a score that is there, so that there is at least that row.
            Aim::Row => above.min(item.sentiment - 0.000_05),
            Aim::Anywhere | Aim::Nothing => above,
        }));
    }
    set
}

fn user(facts: &Facts, aim: Aim, there: i64, draws: &mut Draws) -> Parameter {
    Parameter::Integer(match aim {
        Aim::Row => there,
        Aim::Anywhere => facts.users[draws.position(facts.users.len())],
        Aim::Nothing => -1 - i64::from(draws.bits().to_le_bytes()[0]),
    })
}

fn symbol(facts: &Facts, aim: Aim, there: &str, draws: &mut Draws) -> Parameter {
    Parameter::Text(match aim {
        Aim::Row => there.to_owned(),
        Aim::Anywhere => facts.symbols[draws.position(facts.symbols.len())].clone(),
        Aim::Nothing => NO_SYMBOL.to_owned(),
    })
}
