//! The rows of the six large tables.

use super::calendar::{DAY_US, YEAR_US};
use super::draws::Draws;
use super::market::{SYMBOLS, round, tick};
use super::schema::LargeTable;
use super::{Cell, Legacy, PORTFOLIOS_PER_USER, POSITIONS_PER_USER, prose};

const HOUR_US: u64 = DAY_US / 24;
const FIRST_NAMES: [&str; 16] = [
    "ada", "boris", "chen", "dora", "emil", "farah", "george", "hanna", "ivan", "jana", "kofi",
    "lena", "milan", "nadia", "oscar", "petra",
];
const PURSES: [&str; 8] =
    ["Growth", "Income", "Retirement", "Swing", "Momentum", "Hedge", "Crypto", "Savings"];

impl Legacy {
    /// Appends the cells of row `row` of a large table (I1).
    pub(crate) fn append_row(&self, table: LargeTable, row: u64, cells: &mut Vec<Cell>) {
        let mut draws = Draws::of(self.seed, table.number(), row);
        let before = cells.len();
        match table {
            LargeTable::Users => self.append_user(row, &mut draws, cells),
            LargeTable::Trades => self.append_trade(row, &mut draws, cells),
            LargeTable::Orders => self.append_order(row, &mut draws, cells),
            LargeTable::Positions => self.append_position(row, &mut draws, cells),
            LargeTable::Portfolios => self.append_portfolio(row, &mut draws, cells),
            LargeTable::NewsItems => self.append_news_item(row, &mut draws, cells),
        }
        debug_assert_eq!(cells.len() - before, table.columns());
    }

    fn append_user(&self, row: u64, draws: &mut Draws, cells: &mut Vec<Cell>) {
        let name = format!("{}_{:05}", draws.pick(&FIRST_NAMES), row + 1);
        let email = format!("{name}@example.com");
        cells.push(Cell::Integer(self.user_id(row)));
        cells.push(Cell::Text(name.into()));
        cells.push(Cell::Text(email.into()));
        cells.push(self.moment(draws.below(YEAR_US)));
    }

    fn append_trade(&self, row: u64, draws: &mut Draws, cells: &mut Vec<Cell>) {
        let moment_us = spread(row, self.trades, draws);
        let symbol = self.popular_symbols.draw(draws);
        let price = tick(self.market.price(symbol, moment_us) * (1.0 + 0.002 * draws.noise()));
        let quantity = quantity(draws);
        let closed = draws.percent(70);
        let earned = if closed { round(2.0 * draws.noise() + 0.05, 10_000.0) } else { 0.0 };
        cells.push(number(row + 1));
        cells.push(self.busy_user(draws));
        cells.push(self.symbol(symbol));
        cells.push(side(draws));
        cells.push(Cell::Real(quantity));
        cells.push(Cell::Real(price));
        cells.push(Cell::Real(round(quantity * price * earned / 100.0, 100.0)));
        cells.push(Cell::Real(earned));
        cells.push(Cell::Text(if closed { "closed" } else { "open" }.into()));
        cells.push(self.moment(moment_us));
    }

    fn append_order(&self, row: u64, draws: &mut Draws, cells: &mut Vec<Cell>) {
        let moment_us = spread(row, self.orders, draws);
        let symbol = self.popular_symbols.draw(draws);
        let price = tick(self.market.price(symbol, moment_us) * (1.0 + 0.01 * draws.noise()));
        let status = match draws.below(100) {
            0..15 => "open",
            15..75 => "filled",
            75..95 => "cancelled",
            _ => "rejected",
        };
        let later_us = if status == "open" { 0 } else { draws.below(3 * DAY_US) };
        cells.push(number(row + 1));
        cells.push(self.busy_user(draws));
        cells.push(self.symbol(symbol));
        cells.push(side(draws));
        cells.push(Cell::Text(draws.pick(&["market", "limit", "stop", "stop_limit"]).into()));
        cells.push(Cell::Text(status.into()));
        cells.push(Cell::Real(price));
        cells.push(Cell::Real(quantity(draws)));
        cells.push(self.moment(moment_us));
        cells.push(self.moment(moment_us + later_us));
    }

    /// Two users share forty positions, so that a user holds 1 to 39 symbols and every row still
    /// knows from its number alone whose it is (I1).
    fn append_position(&self, row: u64, draws: &mut Draws, cells: &mut Vec<Cell>) {
        let place = self.scatter(row, self.rows_of(LargeTable::Positions));
        let pair = place / (2 * POSITIONS_PER_USER);
        let within = place % (2 * POSITIONS_PER_USER);
        let mut shared = Draws::of(self.seed, LargeTable::Positions.number() + 100, pair);
        let alone = 2 * pair + 1 >= self.users;
        let first_holds =
            if alone { POSITIONS_PER_USER } else { 1 + shared.below(2 * POSITIONS_PER_USER - 1) };
        let (rank, held) = if within < first_holds {
            (2 * pair, within)
        } else {
            (2 * pair + 1, within - first_holds)
        };
        // 7 k has no factor in common with 500, so a user never holds a symbol twice (I2).
        let first = shared.below(SYMBOLS as u64) + 250 * (rank % 2);
        let symbol = usize::try_from((first + 7 * held) % SYMBOLS as u64).unwrap_or(0);
        let moment_us = draws.below(YEAR_US);
        let price = self.market.price(symbol, moment_us);
        cells.push(Cell::Integer(self.user_id(rank)));
        cells.push(self.symbol(symbol));
        cells.push(Cell::Real(quantity(draws)));
        cells.push(Cell::Real(tick(price)));
        cells.push(self.moment(moment_us));
    }

    fn append_portfolio(&self, row: u64, draws: &mut Draws, cells: &mut Vec<Cell>) {
        let place = self.scatter(row, self.rows_of(LargeTable::Portfolios));
        let name = format!("{} {}", draws.pick(&PURSES), 1 + place % PORTFOLIOS_PER_USER);
        cells.push(number(row + 1));
        cells.push(Cell::Integer(self.user_id(place / PORTFOLIOS_PER_USER)));
        cells.push(Cell::Text(name.into()));
        cells.push(Cell::Integer(i64::from(draws.percent(60))));
        cells.push(Cell::Real(round(draws.between(0.0, 250_000.0), 100.0)));
    }

    fn append_news_item(&self, row: u64, draws: &mut Draws, cells: &mut Vec<Cell>) {
        let moment_us = spread(row, self.news_items, draws);
        let symbol = self.popular_symbols.draw(draws);
        let name = self.market.name(symbol);
        cells.push(number(row + 1));
        cells.push(self.symbol(symbol));
        cells.push(Cell::Text(prose::headline(name, draws).into()));
        cells.push(Cell::Text(prose::body(name, draws).into()));
        cells.push(Cell::Real(round((0.4 * draws.noise()).clamp(-1.0, 1.0), 10_000.0)));
        cells.push(self.moment(moment_us));
    }

    /// A user by how busy users are.
    pub(super) fn busy_user(&self, draws: &mut Draws) -> Cell {
        Cell::Integer(self.user_id(self.busy_users.draw(draws) as u64))
    }

    /// A symbol's name.
    pub(super) fn symbol(&self, symbol: usize) -> Cell {
        Cell::Text(self.market.name(symbol).to_owned().into())
    }

    /// A time as the platform writes it.
    pub(super) fn moment(&self, moment_us: u64) -> Cell {
        Cell::Text(self.calendar.timestamp(moment_us).into())
    }
}

/// A number as a cell.
pub(super) fn number(value: u64) -> Cell {
    Cell::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn side(draws: &mut Draws) -> Cell {
    Cell::Text(draws.pick(&["buy", "sell"]).into())
}

/// Mostly whole lots; sometimes a fraction, as where crypto currencies trade.
fn quantity(draws: &mut Draws) -> f64 {
    if draws.percent(70) {
        (1 + draws.below(500)) as f64
    } else {
        round(draws.between(0.0001, 50.0), 10_000.0).max(0.0001)
    }
}

/// Rows come in by time: row `row` of `rows` lies at its share of the year, give or take an hour.
fn spread(row: u64, rows: u64, draws: &mut Draws) -> u64 {
    let even = u128::from(row) * u128::from(YEAR_US) / u128::from(rows);
    (u64::try_from(even).unwrap_or(0) + draws.below(HOUR_US)).min(YEAR_US - 1)
}
