//! A store that is asked in SQL, and the statements that are counted: prepared once, as a service
//! would, but for `sql_prepare_again`, which is what a text costs that was prepared before.
//!
//! Connections stay on their thread, so the store is a variable of it and no part of the desk.

use std::cell::{OnceCell, RefCell};
use std::hint::black_box;
use std::path::Path;

use bourse::{Error, Options, Result};
use bourse_sql::connection::{Connection, Statement};
use bourse_sql::error::SqlError;

use super::desk::{Desk, missing};

const CUSTOMERS: u64 = 200;
const PRODUCTS: u64 = 50;
const CITIES: u64 = 20;
const COUNTRIES: u64 = 5;
/// Sales that are there from the beginning.
const SALES: u64 = 10_000;

const DEFINITIONS: &str = "
    CREATE TABLE countries (country_id bigint PRIMARY KEY, name text NOT NULL);
    CREATE TABLE cities (
        city_id bigint PRIMARY KEY, country_id bigint NOT NULL, name text NOT NULL);
    CREATE TABLE customers (
        customer_id bigint PRIMARY KEY, city_id bigint NOT NULL, name text NOT NULL);
    CREATE TABLE products (
        product_id bigint PRIMARY KEY, name text NOT NULL, price double precision NOT NULL);
    CREATE TABLE sales (
        sale_id bigint PRIMARY KEY, customer_id bigint NOT NULL, product_id bigint NOT NULL,
        quantity bigint NOT NULL, amount double precision NOT NULL, status text NOT NULL,
        sold_at timestamp NOT NULL);
    CREATE INDEX sales_by_customer ON sales (customer_id, sold_at);";

const SELECT: &str = "SELECT * FROM sales WHERE sale_id = $1";
const RANGE: &str = "SELECT sale_id, product_id, amount, sold_at FROM sales \
                     WHERE customer_id = $1 ORDER BY sold_at DESC LIMIT 50";
const INSERT: &str = "INSERT INTO sales VALUES ($1, $2, $3, $4, $5, $6, '2026-03-02 09:30:00')";
const UPDATE: &str = "UPDATE sales SET quantity = quantity + 1 WHERE sale_id = $1";
const DELETE: &str = "DELETE FROM sales WHERE sale_id = $1";
const JOIN: &str = "SELECT co.name, count(*), sum(s.amount), max(p.price) FROM sales s \
                    JOIN customers c ON c.customer_id = s.customer_id \
                    JOIN cities ci ON ci.city_id = c.city_id \
                    JOIN countries co ON co.country_id = ci.country_id \
                    JOIN products p ON p.product_id = s.product_id GROUP BY co.name";
const GROUP: &str = "SELECT customer_id, count(*), sum(amount), avg(quantity) FROM sales \
                     GROUP BY customer_id";
const GROUP_TEXT: &str = "SELECT status, count(*), sum(amount) FROM sales GROUP BY status";
const SORT: &str = "SELECT sale_id, amount FROM sales ORDER BY amount DESC, sale_id";

/// The statements of the store, in the order of [`Number`].
const TEXTS: [&str; 9] = [SELECT, RANGE, INSERT, UPDATE, DELETE, JOIN, GROUP, GROUP_TEXT, SORT];

/// Which statement.
#[derive(Clone, Copy)]
enum Number {
    Select,
    Range,
    Insert,
    Update,
    Delete,
    Join,
    Group,
    GroupText,
    Sort,
}

thread_local! {
    static MARKET: OnceCell<Market> = const { OnceCell::new() };
}

/// The store. It lives as long as the process: prepared statements borrow its connection.
struct Market {
    connection: &'static Connection,
    statements: Vec<RefCell<Statement<'static>>>,
}

fn told<T>(result: std::result::Result<T, SqlError>) -> Result<T> {
    result.map_err(|error| Error::invalid(error.to_string()))
}

#[expect(clippy::cast_possible_wrap, reason = "numbers here are small")]
fn signed(number: u64) -> i64 {
    number as i64
}

impl Market {
    /// Makes the store in an empty folder and fills it.
    fn open(folder: &Path, options: Options) -> Result<Market> {
        let connection: &'static Connection =
            Box::leak(Box::new(told(Connection::open(folder, options))?));
        told(connection.execute_batch(DEFINITIONS))?;
        let fill = |table: &str, count: u64, row: &dyn Fn(u64) -> String| {
            for from in (0..count).step_by(500) {
                let rows: Vec<String> = (from..count.min(from + 500)).map(row).collect();
                let text = format!("INSERT INTO {table} VALUES {}", rows.join(", "));
                told(connection.execute(&text, ()))?;
            }
            Ok::<(), Error>(())
        };
        fill("countries", COUNTRIES, &|n| format!("({n}, 'country {n}')"))?;
        fill("cities", CITIES, &|n| format!("({n}, {}, 'city {n}')", n % COUNTRIES))?;
        fill("customers", CUSTOMERS, &|n| format!("({n}, {}, 'customer {n}')", n % CITIES))?;
        fill("products", PRODUCTS, &|n| format!("({n}, 'product {n}', {n}.25)"))?;
        fill("sales", SALES, &|n| {
            let (customer, product) = (n % CUSTOMERS, n * 7 % PRODUCTS);
            let status = ["open", "paid", "sent", "closed"][usize::try_from(n % 4).unwrap_or(0)];
            let (quantity, amount) = (n % 10 + 1, n * 4_099 % SALES);
            let (hour, minute) = (n / 600 % 24, n / 10 % 60);
            format!(
                "({n}, {customer}, {product}, {quantity}, {amount}.5, '{status}', \
                 '2026-03-01 {hour:02}:{minute:02}:00')"
            )
        })?;
        let prepare = |text: &&str| told(connection.prepare(text)).map(RefCell::new);
        let statements = TEXTS.iter().map(prepare).collect::<Result<_>>()?;
        Ok(Market { connection, statements })
    }

    fn statement(&self, number: Number) -> std::cell::RefMut<'_, Statement<'static>> {
        self.statements[number as usize].borrow_mut()
    }

    /// Reads all rows of a statement without parameters; there must be so many.
    fn read_all(&self, number: Number, wanted: u64) -> Result<()> {
        let mut rows = 0;
        told(self.statement(number).query_each((), |row| {
            black_box(row);
            rows += 1;
            Ok(())
        }))?;
        if rows == wanted { Ok(()) } else { Err(missing("row")) }
    }
}

/// Makes the store of this thread.
pub(crate) fn open(folder: &Path, options: Options) -> Result<()> {
    let market = Market::open(folder, options)?;
    MARKET.with(|place| place.set(market).map_err(|_| Error::invalid("the store is made once")))
}

/// Runs a statement of this thread's store.
fn with<T>(body: impl FnOnce(&Market) -> Result<T>) -> Result<T> {
    MARKET.with(|place| body(place.get().ok_or_else(|| missing("store"))?))
}

pub(crate) fn sql_select_row(_desk: &Desk, number: u64) -> Result<()> {
    with(|market| {
        let id = signed(number * 4_099 % SALES);
        let mut statement = market.statement(Number::Select);
        black_box(told(statement.query_row((id,), |row| row.get::<f64>(4)))?);
        Ok(())
    })
}

pub(crate) fn sql_select_50(_desk: &Desk, number: u64) -> Result<()> {
    with(|market| {
        let mut rows = 0;
        let mut statement = market.statement(Number::Range);
        told(statement.query_each((signed(number % CUSTOMERS),), |row| {
            black_box(row);
            rows += 1;
            Ok(())
        }))?;
        if rows == 50 { Ok(()) } else { Err(missing("sale")) }
    })
}

pub(crate) fn sql_insert(_desk: &Desk, number: u64) -> Result<()> {
    with(|market| {
        let (id, customer) = (signed(SALES + number), signed(number % CUSTOMERS));
        let row = (id, customer, signed(number % PRODUCTS), 3, 12.5, "open");
        let count = told(market.statement(Number::Insert).execute(row))?;
        if count == 1 { Ok(()) } else { Err(missing("sale")) }
    })
}

pub(crate) fn sql_update(_desk: &Desk, number: u64) -> Result<()> {
    with(|market| {
        let id = signed(number * 4_099 % SALES);
        let count = told(market.statement(Number::Update).execute((id,)))?;
        if count == 1 { Ok(()) } else { Err(missing("sale")) }
    })
}

/// Deletes what `sql_insert` has inserted.
pub(crate) fn sql_delete(_desk: &Desk, number: u64) -> Result<()> {
    with(|market| {
        let id = signed(SALES + number);
        let count = told(market.statement(Number::Delete).execute((id,)))?;
        if count == 1 { Ok(()) } else { Err(missing("sale")) }
    })
}

/// Ten thousand sales with what they refer to.
pub(crate) fn sql_join_5(_desk: &Desk, _number: u64) -> Result<()> {
    with(|market| market.read_all(Number::Join, COUNTRIES))
}

pub(crate) fn sql_group_by(_desk: &Desk, _number: u64) -> Result<()> {
    with(|market| market.read_all(Number::Group, CUSTOMERS))
}

pub(crate) fn sql_group_by_text(_desk: &Desk, _number: u64) -> Result<()> {
    with(|market| market.read_all(Number::GroupText, 4))
}

pub(crate) fn sql_sort(_desk: &Desk, _number: u64) -> Result<()> {
    with(|market| market.read_all(Number::Sort, SALES))
}

pub(crate) fn sql_prepare_again(_desk: &Desk, _number: u64) -> Result<()> {
    with(|market| {
        black_box(told(market.connection.prepare(RANGE))?);
        Ok(())
    })
}
