//! PostgreSQL, where one is installed: a server of its own in a folder that is removed, spoken to
//! by `psql` through a socket in that folder.
//!
//! Work is done and timed inside of the server, by procedures, so that no round trip is counted:
//! what a procedure itself costs a row is in the figures of inserts and reads, and falls out of the
//! difference with and without triggers. `synchronous_commit` is off, as the others wait for no
//! disk; stored tables leave room in their pages, as its documentation advises for rows that are
//! updated often. A store is a database of this server.

use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

use bourse_benches::cluster::Cluster;

use crate::Outcome;
use crate::contender::{Contender, Made, Store};
use crate::rows::{self, ACCOUNTS, By, Digest, INDEXES, Kept, Setup, USERS, VENUE};

/// A server.
pub(crate) struct Postgres {
    cluster: Cluster,
    databases: Cell<u32>,
}

struct PostgresStore<'s> {
    server: &'s Postgres,
    database: String,
    setup: Setup,
}

impl Postgres {
    /// Starts a server. An error says why there is none, and is no failure of the run.
    pub(crate) fn start() -> Outcome<Postgres> {
        let cluster = Cluster::start(&[
            "listen_addresses=''",
            "synchronous_commit=off",
            "shared_buffers=1GB",
            "work_mem=64MB",
            "max_wal_size=4GB",
            "wal_level=minimal",
            "max_wal_senders=0",
            "effective_cache_size=16GB",
            "random_page_cost=1.1",
        ])?;
        Ok(Postgres { cluster, databases: Cell::new(0) })
    }
}

/// The table of a view, filled, and its trigger.
fn stored(name: &str, by: By, kept: Kept) -> String {
    let group = by.column();
    let kind = if by == By::Venue { "text" } else { "bigint" };
    let (columns, filled, given, changed) = match kept {
        Kept::Sums => ("", "", "", String::new()),
        Kept::Ends => (
            ", low float8, high float8, first float8, last float8, first_at bigint, last_at bigint",
            ", MIN(price), MAX(price), (array_agg(price ORDER BY at))[1],
              (array_agg(price ORDER BY at DESC))[1], MIN(at), MAX(at)",
            ", NEW.price, NEW.price, NEW.price, NEW.price, NEW.at, NEW.at",
            format!(
                ", low = LEAST({name}.low, excluded.low),
                 high = GREATEST({name}.high, excluded.high),
                 first = CASE WHEN excluded.first_at < {name}.first_at THEN excluded.first
                     ELSE {name}.first END,
                 last = CASE WHEN excluded.last_at >= {name}.last_at THEN excluded.last
                     ELSE {name}.last END,
                 first_at = LEAST({name}.first_at, excluded.first_at),
                 last_at = GREATEST({name}.last_at, excluded.last_at)"
            ),
        ),
    };
    let lookups = match kept {
        Kept::Sums => String::new(),
        Kept::Ends => format!(
            "CREATE INDEX IF NOT EXISTS {group}_price ON trades({group}, price);
             CREATE INDEX IF NOT EXISTS {group}_at ON trades({group}, at, price);"
        ),
    };
    format!(
        "CREATE TABLE {name} ({group} {kind} PRIMARY KEY, row_count bigint, total float8{columns})
             WITH (fillfactor = 50);
         INSERT INTO {name} SELECT {group}, COUNT(*), SUM(price){filled} FROM trades GROUP BY 1;
         {lookups}
         CREATE FUNCTION {name}_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO {name} VALUES (NEW.{group}, 1, NEW.price{given})
             ON CONFLICT ({group}) DO UPDATE SET row_count = {name}.row_count + 1,
                 total = {name}.total + excluded.total{changed};
             RETURN NULL;
         END $$;
         CREATE TRIGGER {name}_added AFTER INSERT ON trades
             FOR EACH ROW EXECUTE FUNCTION {name}_added();"
    )
}

/// The procedures that insert and read, each telling how many milliseconds it took.
fn procedures(by: By) -> String {
    let row = rows::row_in_sql();
    let key = match by {
        By::Venue => format!("'{VENUE}'"),
        By::Account => format!("n * 7919 % {ACCOUNTS}"),
        By::User => format!("n * 7919 % {USERS}"),
    };
    let group = by.column();
    format!(
        "CREATE PROCEDURE fill(start bigint, rows bigint, per bigint, INOUT ms float8)
         LANGUAGE plpgsql AS $$
         DECLARE began timestamptz := clock_timestamp();
         BEGIN
             FOR n IN start .. start + rows - 1 LOOP
                 INSERT INTO trades VALUES ({row});
                 IF (n - start + 1) % per = 0 THEN COMMIT; END IF;
             END LOOP;
             ms := EXTRACT(epoch FROM clock_timestamp() - began) * 1000;
         END $$;
         CREATE PROCEDURE read_groups(count bigint, INOUT ms float8) LANGUAGE plpgsql AS $$
         DECLARE began timestamptz := clock_timestamp(); found record; seen float8 := 0;
         BEGIN
             FOR n IN 0 .. count - 1 LOOP
                 SELECT {group}, row_count, total, total / row_count AS mean INTO found
                     FROM kept0 WHERE {group} = {key};
                 seen := seen + COALESCE(found.mean, 0);
             END LOOP;
             IF seen = 0 THEN RAISE 'no group was found'; END IF;
             ms := EXTRACT(epoch FROM clock_timestamp() - began) * 1000;
         END $$;"
    )
}

impl Contender for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn is_in_process(&self) -> bool {
        false
    }

    fn make(&self, _folder: &Path, setup: Setup, rows: u64) -> Outcome<Box<dyn Store + '_>> {
        let database = format!("bench{}", self.databases.get());
        self.databases.set(self.databases.get() + 1);
        self.cluster.query("postgres", &format!("CREATE DATABASE {database}"))?;
        let row = rows::row_in_sql();
        let mut sql = format!(
            "CREATE TABLE trades (trade_id bigint PRIMARY KEY, user_id bigint NOT NULL,
                 account bigint NOT NULL, symbol text NOT NULL, venue text NOT NULL,
                 price float8 NOT NULL, quantity float8 NOT NULL, at bigint NOT NULL);
             INSERT INTO trades SELECT {row} FROM generate_series(0::bigint, {rows} - 1) AS n;"
        );
        if setup.indexed {
            for (name, [first, second]) in INDEXES {
                sql += &format!("CREATE INDEX {name} ON trades({first}, {second});");
            }
        }
        for (name, by) in setup.names() {
            sql += &stored(&name, by, setup.kept);
        }
        sql += &procedures(setup.by_of(0));
        self.cluster.query(&database, &sql)?;
        self.cluster.query(&database, "VACUUM ANALYZE")?;
        Ok(Box::new(PostgresStore { server: self, database, setup }))
    }
}

impl PostgresStore<'_> {
    fn timed(&self, call: &str) -> Outcome<Duration> {
        let answer = self.server.cluster.query(&self.database, call)?;
        Ok(Duration::from_secs_f64(answer.parse::<f64>()? / 1e3))
    }
}

impl Store for PostgresStore<'_> {
    fn insert(&mut self, from: u64, count: u64, a_transaction: u64) -> Outcome<Duration> {
        self.timed(&format!("CALL fill({from}, {count}, {a_transaction}, 0)"))
    }

    fn read_groups(&mut self, count: u64) -> Outcome<Duration> {
        self.timed(&format!("CALL read_groups({count}, 0)"))
    }

    fn digest(&mut self, view: &str) -> Outcome<Digest> {
        let sql = format!("SELECT SUM(row_count) || ' ' || SUM(total)::float8 FROM {view}");
        let answer = self.server.cluster.query(&self.database, &sql)?;
        let (count, total) = answer.split_once(' ').ok_or("no digest")?;
        Ok(Digest::of(count.parse()?, total.parse()?))
    }

    /// The first time it is made; then it is refreshed, which is what is measured.
    fn make_view(&mut self) -> Outcome<Made> {
        assert_eq!(self.setup.views, 0, "a store of rows alone");
        let make = "CREATE MATERIALIZED VIEW IF NOT EXISTS performance AS
            SELECT user_id, at / 86400 AS day, SUM(price) AS total, COUNT(*) AS row_count,
                AVG(quantity) AS mean
            FROM trades GROUP BY user_id, at / 86400 WITH NO DATA";
        self.server
            .cluster
            .query(&self.database, &format!("SET client_min_messages = error; {make}"))?;
        let refresh = "CREATE OR REPLACE PROCEDURE refreshed(INOUT ms float8)
            LANGUAGE plpgsql AS $$
            DECLARE began timestamptz := clock_timestamp();
            BEGIN
                REFRESH MATERIALIZED VIEW performance;
                ms := EXTRACT(epoch FROM clock_timestamp() - began) * 1000;
            END $$";
        self.server.cluster.query(&self.database, refresh)?;
        Ok(Made { took: self.timed("CALL refreshed(0)")?, longest_wait: None })
    }
}
