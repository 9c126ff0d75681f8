//! Guards: sessions that wait stall nobody; cancelling, timeouts, limits and the end of the server
//! do what they promise; sessions are cheap.

use std::time::Duration;

use bourse_storage::sync;
use tokio_postgres::SimpleQueryMessage;

use crate::http::get;
use crate::setup::{PATIENCE, Setup, field, fields, message, state};

#[test]
fn a_session_that_waits_for_a_row_stalls_nobody() {
    let setup = Setup::with(|options| options.run_permits = 1);
    let (mut first, mut second, third) = (setup.client(), setup.client(), setup.client());
    setup.run(async {
        third
            .batch_execute("create table t (a int primary key, b int); insert into t values (1, 0)")
            .await
            .unwrap();
        let holds = first.transaction().await.unwrap();
        holds.execute("update t set b = b + 1 where a = 1", &[]).await.unwrap();
        let waits = tokio::spawn(async move {
            let transaction = second.transaction().await.unwrap();
            transaction.execute("update t set b = b + 10 where a = 1", &[]).await.unwrap();
            transaction.commit().await.unwrap();
        });
        for number in 0..50 {
            let row = third.query_one("select $1::int4 + b from t", &[&number]).await.unwrap();
            assert_eq!(row.get::<_, i32>(0), number);
        }
        assert!(!waits.is_finished());
        holds.commit().await.unwrap();
        waits.await.unwrap();
        let row = third.query_one("select b from t", &[]).await.unwrap();
        assert_eq!(row.get::<_, i32>(0), 11);
    });
}

#[test]
fn durable_commits_of_many_sessions_share_one_permit() {
    let setup = Setup::with(|options| options.run_permits = 1);
    let client = setup.client();
    setup.run(client.batch_execute("create table t (a int primary key)")).unwrap();
    let clients: Vec<_> = (0..16).map(|_| setup.client()).collect();
    setup.run(async {
        let each = clients.into_iter().enumerate().map(|(number, client)| {
            tokio::spawn(async move {
                for step in 0..20 {
                    let key = i32::try_from(number * 100 + step).unwrap();
                    client.execute("insert into t values ($1)", &[&key]).await.unwrap();
                }
            })
        });
        for done in each.collect::<Vec<_>>() {
            done.await.unwrap();
        }
        let row = client.query_one("select count(*) from t", &[]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 320);
    });
}

pub(crate) const ENDLESS: &str =
    "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b";

#[test]
fn a_statement_is_cancelled() {
    let setup = Setup::new();
    let client = setup.client();
    let cancel = client.cancel_token();
    setup.run(async {
        let runs = client.simple_query(ENDLESS);
        let cancels = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            cancel.cancel_query(tokio_postgres::NoTls).await.unwrap();
        };
        let (result, ()) = tokio::join!(runs, cancels);
        assert_eq!(state(&result.unwrap_err()), "57014");
        // Cancelling what does nothing is forgotten.
        cancel.cancel_query(tokio_postgres::NoTls).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(client.query_one("select 1", &[]).await.unwrap().get::<_, i32>(0), 1);
    });
}

#[test]
fn a_wait_for_a_row_is_cancelled() {
    let setup = Setup::with(|options| options.run_permits = 1);
    let (mut first, second) = (setup.client(), setup.client());
    let cancel = second.cancel_token();
    setup.run(async {
        first
            .batch_execute("create table t (a int primary key, b int); insert into t values (1, 0)")
            .await
            .unwrap();
        let holds = first.transaction().await.unwrap();
        holds.execute("update t set b = 1", &[]).await.unwrap();
        second.batch_execute("begin").await.unwrap();
        let waits = second.execute("update t set b = 2", &[]);
        let cancels = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            cancel.cancel_query(tokio_postgres::NoTls).await.unwrap();
        };
        let (result, ()) = tokio::join!(waits, cancels);
        assert_eq!(state(&result.unwrap_err()), "57014");
        holds.commit().await.unwrap();
    });
}

#[test]
fn wrong_cancel_keys_do_nothing() {
    let setup = Setup::new();
    let client = setup.client();
    let entry = setup.server().sessions().all().pop().unwrap();
    let address = setup.address();
    setup.run(async {
        let runs = client.query_one("select count(*) from generate_series(1, 3000000)", &[]);
        let guesses = tokio::task::spawn_blocking(move || {
            for guess in 0..200_u32 {
                let mut raw = crate::setup::Raw::connect(address);
                let mut body = 16_u32.to_be_bytes().to_vec();
                body.extend_from_slice(&80_877_102_u32.to_be_bytes());
                body.extend_from_slice(&entry.process.to_be_bytes());
                body.extend_from_slice(&guess.to_be_bytes());
                raw.send(&body);
                assert!(raw.is_closed());
            }
        });
        let (row, guessed) = tokio::join!(runs, guesses);
        guessed.unwrap();
        assert_eq!(row.unwrap().get::<_, i64>(0), 3_000_000);
    });
}

#[test]
fn statements_and_idle_sessions_time_out() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        client.batch_execute("set statement_timeout = '100ms'").await.unwrap();
        assert_eq!(state(&client.simple_query(ENDLESS).await.unwrap_err()), "57014");
    });
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"set idle_in_transaction_session_timeout = 150\0");
    raw.until(b'Z');
    raw.message(b'Q', b"begin\0");
    raw.until(b'Z');
    let error = raw.error();
    assert_eq!((field(&error, 'S'), field(&error, 'C')), (Some("FATAL"), Some("25P03")));
    assert!(raw.is_closed());
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"set idle_session_timeout = 150\0");
    raw.until(b'Z');
    assert_eq!(field(&raw.error(), 'C'), Some("57P05"));
}

#[test]
fn more_sessions_than_allowed_are_refused() {
    let setup = Setup::with(|options| options.max_connections = 3);
    let clients: Vec<_> = (0..3).map(|_| setup.client()).collect();
    let mut raw = setup.raw();
    raw.begin(&[("user", "bourse")]);
    let error = raw.error();
    assert_eq!((field(&error, 'S'), field(&error, 'C')), (Some("FATAL"), Some("53300")));
    assert!(field(&error, 'H').is_some_and(|hint| hint.contains("max_connections")));
    drop(clients);
    let deadline = sync::monotonic() + PATIENCE;
    while setup.try_client(&setup.config("")).is_err() {
        assert!(sync::monotonic() < deadline);
    }
}

#[test]
fn other_databases_and_users_are_refused() {
    let setup = Setup::new();
    for (user, database, sqlstate) in [("bourse", "other", "3D000"), ("eve", "bourse", "28000")] {
        let mut raw = setup.raw();
        raw.begin(&[("user", user), ("database", database)]);
        let error = raw.error();
        assert_eq!(field(&error, 'C'), Some(sqlstate));
        assert!(field(&error, 'H').is_some());
    }
}

#[test]
fn sessions_are_terminated() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    let entry = setup.server().sessions().all().pop().unwrap();
    entry.terminate();
    let error = raw.error();
    assert_eq!((field(&error, 'S'), field(&error, 'C')), (Some("FATAL"), Some("57P01")));
    let deadline = sync::monotonic() + PATIENCE;
    while setup.server().sessions().count() > 0 {
        assert!(sync::monotonic() < deadline);
    }
}

#[test]
fn who_was_ended_runs_nothing_more() {
    let setup = Setup::new();
    for _ in 0..50 {
        let mut raw = setup.raw_session();
        let entry = setup.server().sessions().all().pop().unwrap();
        // Its task may find the statement before it finds that it is to end.
        entry.terminate();
        raw.message(b'Q', b"SELECT 1\0");
        let error = match raw.next() {
            Some((b'E', body)) => fields(&body),
            other => panic!("{other:?}"),
        };
        assert_eq!(field(&error, 'C'), Some("57P01"));
        assert!(raw.is_closed());
        drop(raw);
        let deadline = sync::monotonic() + PATIENCE;
        while setup.server().sessions().count() > 0 {
            assert!(sync::monotonic() < deadline);
        }
    }
}

#[test]
fn a_client_that_is_gone_ends_its_statement() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.message(b'Q', format!("{ENDLESS}\0").as_bytes());
    sync::sleep(Duration::from_millis(200));
    drop(raw);
    let deadline = sync::monotonic() + PATIENCE;
    while setup.server().sessions().count() > 0 {
        assert!(sync::monotonic() < deadline, "the statement goes on");
        sync::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_server_stops_when_statements_have_run() {
    let mut setup = Setup::new();
    let (client, mut idle) = (setup.client(), setup.raw_session());
    let server = setup.server.take().unwrap();
    let runs = setup.clients.spawn(async move {
        client.simple_query("select count(*) from generate_series(1, 500000)").await
    });
    sync::sleep(Duration::from_millis(100));
    server.stop().unwrap();
    assert_eq!(field(&idle.error(), 'C'), Some("57P01"));
    let told = setup.run(runs).unwrap().unwrap();
    let is_counted = |told: &SimpleQueryMessage| {
        matches!(told, SimpleQueryMessage::Row(row)
        if row.get(0) == Some("500000"))
    };
    assert!(told.iter().any(is_counted));
}

#[test]
fn the_server_cancels_what_does_not_end() {
    let mut setup = Setup::with(|options| options.stop_timeout_ms = 200);
    let client = setup.client();
    let server = setup.server.take().unwrap();
    let runs = setup.clients.spawn(async move { client.simple_query(ENDLESS).await.map(drop) });
    sync::sleep(Duration::from_millis(100));
    let began = sync::monotonic();
    server.stop().unwrap();
    assert!((sync::monotonic() - began) < PATIENCE);
    assert!(setup.run(runs).unwrap().is_err());
}

/// Bytes of memory that the process has.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

/// The limit of the goals is 64 KiB. The clients of this test are in the same process, so they are
/// plain sockets, which take next to nothing outside of the kernel.
#[test]
fn a_thousand_idle_sessions_are_cheap() {
    let setup = Setup::new();
    let warm: Vec<_> = (0..50).map(|_| setup.raw_session()).collect();
    let before = resident();
    let mut sessions: Vec<_> = (0..1_000).map(|_| setup.raw_session()).collect();
    for session in &mut sessions {
        session.message(b'Q', b"select 1\0");
    }
    for session in &mut sessions {
        session.until(b'Z');
    }
    let each = resident().saturating_sub(before) / 1_000;
    eprintln!("{each} bytes an idle session");
    assert!(each <= 64 << 10, "{each} bytes an idle session");
    assert_eq!(setup.server().sessions().count(), 1_050);
    drop(warm);
}

#[test]
fn a_slow_reader_costs_bounded_memory_and_is_given_up() {
    let setup = Setup::with(|options| options.write_timeout_ms = 500);
    let mut raw = setup.raw_session();
    let before = resident();
    // About 400 MB, of which nothing is read.
    raw.message(b'Q', b"select repeat('x', 4000) from generate_series(1, 100000)\0");
    let deadline = sync::monotonic() + PATIENCE;
    let mut most = 0;
    while setup.server().sessions().count() > 0 {
        most = most.max(resident().saturating_sub(before));
        assert!(sync::monotonic() < deadline, "the session goes on");
        sync::sleep(Duration::from_millis(10));
    }
    assert!(most < 64 << 20, "{most} bytes for a slow reader");
}

#[test]
fn too_many_waiting_statements_are_refused() {
    let setup = Setup::with(|options| options.max_queued = 0);
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"select 1\0");
    assert_eq!(field(&raw.error(), 'C'), Some("53300"));
    assert_eq!(raw.until(b'Z'), "Z");
    raw.send(&message(b'P', b"\0select 1\0\0\0"));
    raw.send(&message(b'B', b"\0\0\0\0\0\0\0\0"));
    raw.send(&message(b'E', b"\0\0\0\0\0"));
    raw.send(&message(b'S', b""));
    assert_eq!(field(&raw.error(), 'C'), Some("53300"));
    assert_eq!(raw.until(b'Z'), "Z");
}

#[test]
fn what_sessions_do_is_seen() {
    let setup = Setup::with(|options| options.http = Some("127.0.0.1:0".parse().unwrap()));
    let client = setup.client_with("application_name=tester");
    setup.run(async {
        client.batch_execute("begin").await.unwrap();
        client.query("select 41 + $1::int4", &[&1]).await.unwrap();
    });
    let activity = setup.server().sessions().all().pop().unwrap().activity();
    assert_eq!(activity.doing.name(), "idle in transaction");
    assert_eq!(activity.text, "select 41 + $1::int4");
    assert_eq!(activity.application, "tester");
    let all = setup.server().statements().all();
    assert!(all.iter().any(|one| one.text == "select $2 + $1::int4" && one.calls == 1), "{all:?}");
    let address = setup.server().http_address().unwrap();
    let metrics = get(address, "/metrics");
    for name in [
        "db_query_duration_seconds_bucket",
        "db_pool_active_connections",
        "cache_hits_total",
        "slow_queries_total",
        "bourse_commits_total",
        "bourse_commits_per_flush",
        "bourse_log_flush_seconds_max",
        "bourse_log_bytes_since_checkpoint",
        "bourse_cache_budget_bytes",
        "bourse_cache_resident_bytes",
        "bourse_shard_rows{shard=\"0\"}",
        "bourse_shard_queued{shard=\"0\"}",
        "bourse_row_locks",
        "bourse_oldest_held_cut_age_seconds",
    ] {
        assert!(metrics.contains(name), "{name} in {metrics}");
    }
    assert!(metrics.contains("db_sessions{state=\"idle in transaction\"} 1"), "{metrics}");
    assert!(get(address, "/live").ends_with("live\n"));
    assert!(get(address, "/ready").ends_with("ready\n"));
    assert!(get(address, "/version").contains("\"name\":\"bourse\""));
    assert!(get(address, "/nothing").starts_with("HTTP/1.1 404"));
}

#[test]
fn idle_sessions_are_told() {
    let setup = Setup::new();
    let client = setup.client();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"listen trades\0");
    raw.until(b'Z');
    setup.run(client.batch_execute("notify trades, 'first'")).unwrap();
    let (kind, body) = raw.next().unwrap();
    assert_eq!((kind, &body[4..]), (b'A', &b"trades\0first\0"[..]));
    raw.message(b'Q', b"begin\0");
    raw.until(b'Z');
    setup.run(client.batch_execute("notify trades, 'second'")).unwrap();
    raw.message(b'Q', b"select 1\0");
    assert_eq!(raw.until(b'Z'), "TDCZ");
    raw.message(b'Q', b"commit; notify trades, 'own'\0");
    let told = raw.until(b'Z');
    assert_eq!(told.matches('A').count(), 2, "{told}");
    raw.message(b'Q', b"unlisten *\0");
    raw.until(b'Z');
    setup.run(client.batch_execute("notify trades")).unwrap();
    raw.message(b'Q', b"select 1\0");
    assert_eq!(raw.until(b'Z'), "TDCZ");
}

#[test]
fn sessions_have_temporary_tables_of_their_own() {
    let setup = Setup::new();
    let (one, other) = (setup.client(), setup.client());
    setup.run(async {
        for (client, number) in [(&one, 1), (&other, 2)] {
            client.batch_execute("create temp table t (a int)").await.unwrap();
            client.execute("insert into t values ($1)", &[&number]).await.unwrap();
        }
        for (client, number) in [(&one, 1), (&other, 2)] {
            let row = client.query_one("select a from t", &[]).await.unwrap();
            assert_eq!(row.get::<_, i32>(0), number);
        }
    });
}
