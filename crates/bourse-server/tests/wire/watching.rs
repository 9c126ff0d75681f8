//! Guards: what sessions do can be asked by SQL, is true, and is kept from those whom it does not
//! concern; sessions end each other's statements only where they may; types that users have made
//! have numbers of their own.

use std::time::Duration;

use bourse_sql::role::{self, Access, Role, Verifier};
use tokio_postgres::types::{Kind, Type};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::setup::{Setup, state};

/// Rows of a query as texts.
async fn rows(client: &Client, text: &str) -> Vec<Vec<String>> {
    let messages =
        client.simple_query(text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let cell = |row: &tokio_postgres::SimpleQueryRow, at| row.get(at).unwrap_or("-").to_owned();
    rows.map(|row| (0..row.len()).map(|at| cell(row, at)).collect()).collect()
}

/// Asks until there is an answer.
async fn awaited(client: &Client, text: &str) -> Vec<Vec<String>> {
    loop {
        let found = rows(client, text).await;
        if !found.is_empty() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn pid(client: &Client) -> i32 {
    client.query_one("select pg_backend_pid()", &[]).await.unwrap().get(0)
}

const ACTIVITY: &str = "select application_name, client_addr, client_port > 0, state,
    wait_event_type, wait_event, query, xact_start is not null,
    backend_start <= query_start and query_start <= state_change, backend_type, datname
    from pg_stat_activity where pid = ";

#[test]
fn sessions_are_seen_with_what_they_do_and_wait_for() {
    let setup = Setup::new();
    let holds = setup.client_with("application_name=holder");
    let (waits, asks) = (setup.client(), setup.client());
    setup.run(async {
        asks.batch_execute(
            "create table t (a int primary key, b int); insert into t values (1, 0)",
        )
        .await
        .unwrap();
        let (holder, waiter) = (pid(&holds).await, pid(&waits).await);
        holds.batch_execute("begin").await.unwrap();
        holds.batch_execute("update t set b = 1 where a = 1").await.unwrap();
        let rests = "and state = 'idle in transaction' and xact_start < now()";
        let idle = awaited(&asks, &format!("{ACTIVITY} {holder} {rests}")).await;
        let text = "update t set b = 1 where a = 1";
        let wanted = [
            "holder",
            "127.0.0.1",
            "t",
            "idle in transaction",
            "Client",
            "ClientRead",
            text,
            "t",
            "t",
            "client backend",
            "bourse",
        ];
        assert_eq!(idle, [wanted]);
        // A statement by itself is no transaction with locks of its own, and waits all the same.
        let blocked = tokio::spawn(async move {
            let changed = waits.execute("update t set b = 2 where a = 1", &[]).await;
            (waits, changed)
        });
        let locks = "select pid, mode, pg_blocking_pids(pid)::text, relation::regclass::text
            from pg_locks where not granted and locktype = 'tuple'";
        let found = awaited(&asks, locks).await;
        let blocker = format!("{{{holder}}}");
        assert_eq!(found, [[&*waiter.to_string(), "ExclusiveLock", &*blocker, "t"]]);
        let wait =
            "select state, wait_event_type, wait_event, query from pg_stat_activity where pid =";
        let wanted = ["active", "Lock", "tuple", "update t set b = 2 where a = 1"];
        assert_eq!(rows(&asks, &format!("{wait} {waiter}")).await, [wanted]);
        let cancel = format!("select pg_cancel_backend({waiter})");
        assert_eq!(rows(&asks, &cancel).await, [["t"]]);
        let (waits, changed) = blocked.await.unwrap();
        assert_eq!(state(&changed.unwrap_err()), "57014");
        // Advisory locks, too.
        holds.batch_execute("rollback; select pg_advisory_lock(7)").await.unwrap();
        let blocked =
            tokio::spawn(async move { waits.query("select pg_advisory_lock(7)", &[]).await });
        let found = awaited(
            &asks,
            "select pid, objid, pg_blocking_pids(pid)::text
            from pg_locks where not granted",
        );
        assert_eq!(found.await, [[&*waiter.to_string(), "7", &*blocker]]);
        let end = format!("select pg_terminate_backend({holder}, 5000)");
        assert_eq!(rows(&asks, &end).await, [["t"]]);
        blocked.await.unwrap().unwrap();
        assert!(holds.simple_query("select 1").await.is_err());
        let left = format!("select count(*) from pg_stat_activity where pid = {holder}");
        assert_eq!(rows(&asks, &left).await, [["0"]]);
        assert_eq!(rows(&asks, "select pg_cancel_backend(12345)").await, [["f"]]);
        let database = "select numbackends between 1 and 2, sessions, xact_commit > 0
            from pg_stat_database";
        assert_eq!(rows(&asks, database).await[0], ["t", "3", "t"]);
        let counted = "select relname, n_live_tup, seq_scan, n_tup_ins from pg_stat_user_tables";
        assert_eq!(rows(&asks, counted).await, [["t", "1", "-", "-"]]);
    });
}

#[test]
fn statements_are_counted_by_what_they_are() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        client
            .batch_execute("create table t (a int primary key); select pg_stat_statements_reset()")
            .await
            .unwrap();
        for number in 1..=3 {
            client.batch_execute(&format!("insert into t values ({number})")).await.unwrap();
        }
        client.query("select a from t where a > $1", &[&0]).await.unwrap();
        let seen = "select query, calls, rows, total_exec_time >= max_exec_time
            and max_exec_time >= mean_exec_time and mean_exec_time >= min_exec_time
            and min_exec_time > 0, queryid is not null
            from pg_stat_statements where query like '%into t%' or query like '%a > %' order by 1";
        let insert = ["insert into t values ($1)", "3", "3", "t", "t"];
        let select = ["select a from t where a > $1", "1", "3", "t", "t"];
        assert_eq!(rows(&client, seen).await, [insert, select]);
        client.batch_execute("select pg_stat_statements_reset()").await.unwrap();
        assert!(rows(&client, seen).await.is_empty());
    });
}

/// A statement by itself waits for a row as long as the session's settings say, and no longer.
#[test]
fn waits_outside_of_transactions_end_by_the_timeouts() {
    let setup = Setup::new();
    let (holds, waits) = (setup.client(), setup.client());
    setup.run(async {
        holds
            .batch_execute("create table t (a int primary key, b int); insert into t values (1, 0)")
            .await
            .unwrap();
        holds.batch_execute("begin; update t set b = 1 where a = 1").await.unwrap();
        for (setting, sqlstate) in [("lock_timeout", "55P03"), ("statement_timeout", "57014")] {
            let set = format!("set {setting} = '100ms'");
            waits.batch_execute(&set).await.unwrap();
            let changed = waits.execute("update t set b = 2 where a = 1", &[]).await;
            assert_eq!(state(&changed.unwrap_err()), sqlstate, "{setting}");
            waits.batch_execute(&format!("reset {setting}")).await.unwrap();
        }
        holds.batch_execute("commit").await.unwrap();
        assert_eq!(waits.execute("update t set b = 2 where a = 1", &[]).await.unwrap(), 1);
    });
}

/// Rights as in PostgreSQL: own sessions, or an admin; others' statements are hidden.
#[test]
fn sessions_of_others_are_for_admins() {
    let setup = Setup::prepared(
        |_| {},
        |store| {
            for (name, access) in
                [("ann", Access::Admin), ("bob", Access::Read), ("eve", Access::Read)]
            {
                let mut role = Role::new(name, access);
                role.verifier = Some(Verifier::of_password("secret").unwrap());
                role::create(store, &role).unwrap();
            }
        },
    );
    let address = setup.address();
    let client = |user: &str| {
        let (host, port) = (address.ip(), address.port());
        let config = format!("host={host} port={port} user={user} password=secret dbname=bourse");
        setup.try_client(&config).unwrap()
    };
    let (ann, bob, other, eve) = (client("ann"), client("bob"), client("bob"), client("eve"));
    setup.run(async {
        let bobs = pid(&bob).await;
        rows(&bob, "select 'private'").await;
        let seen = format!("select usename, query, state from pg_stat_activity where pid = {bobs}");
        let hidden = ["bob", "<insufficient privilege>", "-"];
        assert_eq!(rows(&eve, &seen).await, [hidden]);
        assert_eq!(rows(&other, &seen).await, [["bob", "select 'private'", "idle"]]);
        assert_eq!(rows(&ann, &seen).await, [["bob", "select 'private'", "idle"]]);
        assert_eq!(
            rows(&eve, "select distinct query from pg_stat_statements").await,
            [[hidden[1]]]
        );
        for refused in [
            format!("select pg_cancel_backend({bobs})"),
            format!("select pg_terminate_backend({bobs})"),
            "select pg_stat_statements_reset()".to_owned(),
        ] {
            assert_eq!(state(&eve.simple_query(&refused).await.unwrap_err()), "42501", "{refused}");
        }
        let cancel = format!("select pg_cancel_backend({bobs})");
        assert_eq!(rows(&other, &cancel).await, [["t"]]);
        let end = format!("select pg_terminate_backend({bobs}, 5000)");
        assert_eq!(rows(&ann, &end).await, [["t"]]);
        let roles = "select rolname, rolsuper from pg_roles order by 1";
        assert_eq!(rows(&eve, roles).await, [["ann", "t"], ["bob", "f"], ["eve", "f"]]);
    });
}

/// Statements of messages and of PREPARE have one list of names.
#[test]
fn prepared_statements_are_listed_and_shared() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        client.batch_execute("prepare one (int) as select $1 + 1").await.unwrap();
        let _kept = client.prepare("select $1::text").await.unwrap();
        let listed = "select statement, parameter_types::text, from_sql from pg_prepared_statements
            where statement not like '%pg_prepared%' order by from_sql";
        let message = ["select $1::text", "{text}", "f"];
        let found = rows(&client, listed).await;
        assert_eq!(found, [message, ["prepare one (int) as select $1 + 1", "{integer}", "t"]]);
        let name =
            rows(&client, "select name from pg_prepared_statements where not from_sql").await;
        let run = format!("execute {} ('x')", name[0][0]);
        assert_eq!(rows(&client, &run).await, [["x"]]);
    });
    // Who names an EXECUTE of itself runs it once, and not for ever.
    let mut raw = setup.raw_session();
    raw.message(b'P', b"a\0prepare b as select 1\0\0\0");
    raw.message(b'S', b"");
    raw.until(b'Z');
    raw.message(b'Q', b"execute a\0");
    assert!(raw.error().contains(&('C', "0A000".to_owned())));
    raw.until(b'Z');
}

/// The number in RowDescription is the one in `pg_type`, so that drivers find the type.
#[test]
fn enumerated_types_have_numbers_of_their_own() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        client
            .batch_execute(
                "create schema market; create type market.side as enum ('buy', 'sell');
                create table orders (id int primary key, side market.side, both market.side[]);
                insert into orders values (1, 'sell', '{buy,sell}')",
            )
            .await
            .unwrap();
        let statement =
            client.prepare("select side, both from orders where side = $1").await.unwrap();
        let ty = statement.columns()[0].type_();
        let labels = Kind::Enum(vec!["buy".to_owned(), "sell".to_owned()]);
        assert_eq!((ty.name(), ty.schema(), ty.kind()), ("side", "market", &labels));
        let array = statement.columns()[1].type_();
        assert_eq!((array.name(), array.kind()), ("_side", &Kind::Array(ty.clone())));
        assert_eq!(statement.params()[0], *ty);
        let number =
            rows(&client, "select oid, typarray from pg_type where typname = 'side'").await;
        assert_eq!(number, [[ty.oid().to_string(), array.oid().to_string()]]);
        let row = client.query_one(&statement, &[&Label("sell".to_owned())]).await.unwrap();
        assert_eq!(row.get::<_, Label>(0), Label("sell".to_owned()));
        let both = row.get::<_, Vec<Label>>(1);
        assert_eq!(both, [Label("buy".to_owned()), Label("sell".to_owned())]);
        // A client may say the type of a parameter, and its values.
        let typed = client.prepare_typed("select $1", std::slice::from_ref(ty)).await.unwrap();
        assert_eq!(typed.columns()[0].type_(), ty);
        let refused = client.query(&typed, &[&Label("hold".to_owned())]).await.unwrap_err();
        assert_eq!(state(&refused), "22P02");
    });
}

/// A label of any enumerated type.
#[derive(PartialEq, Eq, Debug)]
struct Label(String);

type Failure = Box<dyn std::error::Error + Sync + Send>;

impl tokio_postgres::types::ToSql for Label {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<tokio_postgres::types::IsNull, Failure> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(tokio_postgres::types::IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Enum(_))
    }

    tokio_postgres::types::to_sql_checked!();
}

impl<'a> tokio_postgres::types::FromSql<'a> for Label {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Label, Failure> {
        Ok(Label(std::str::from_utf8(raw)?.to_owned()))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Enum(_))
    }
}
