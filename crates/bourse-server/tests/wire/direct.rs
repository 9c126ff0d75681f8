//! Guards: a client that asks again at once is served by a thread that has its socket, and finds
//! everything as it was: long answers, long messages, COPY, notifications, limits of time, its end
//! and that of others.

use std::io::Write as _;
use std::time::Duration;

use bourse_storage::sync;

use crate::http::get;
use crate::sessions::ENDLESS;
use crate::setup::{PATIENCE, Raw, Setup, field, message};

fn setup() -> Setup {
    Setup::with(|options| options.http = Some(([127, 0, 0, 1], 0).into()))
}

/// How often threads have taken a socket.
fn turns(setup: &Setup) -> u64 {
    let metrics = get(setup.server().http_address().unwrap(), "/metrics");
    let line = metrics.lines().find_map(|line| line.strip_prefix("db_direct_turns_total "));
    line.unwrap().parse().unwrap()
}

fn ask(raw: &mut Raw, text: &str) -> String {
    raw.message(b'Q', format!("{text}\0").as_bytes());
    raw.until(b'Z')
}

/// Asks so quickly that a thread takes the socket, then does `what`. Where the machine was too busy
/// for that, again.
fn quickly<T>(setup: &Setup, raw: &mut Raw, mut what: impl FnMut(&mut Raw) -> T) -> T {
    for _ in 0..200 {
        let before = turns(setup);
        for _ in 0..20 {
            assert_eq!(ask(raw, "select 1"), "TDCZ");
        }
        let done = what(raw);
        if turns(setup) > before {
            return done;
        }
    }
    panic!("no thread has taken the socket");
}

fn sessions_are_gone(setup: &Setup) {
    let deadline = sync::monotonic() + PATIENCE;
    while setup.server().sessions().count() > 0 {
        assert!(sync::monotonic() < deadline, "a session is left");
        sync::sleep(Duration::from_millis(10));
    }
}

#[test]
fn long_answers_long_messages_and_series_are_whole() {
    let setup = setup();
    let mut raw = setup.raw_session();
    ask(&mut raw, "create table t (a int primary key, b text)");
    let rows = quickly(&setup, &mut raw, |raw| {
        ask(raw, "select generate_series(1, 30000), 'a text of some length for each row'")
    });
    assert_eq!(rows.len(), 30_003);
    let long = "x".repeat(300_000);
    let told = quickly(&setup, &mut raw, |raw| {
        ask(raw, "delete from t");
        ask(raw, &format!("insert into t values (1, '{long}')"))
    });
    assert_eq!(told, "CZ");
    assert_eq!(ask(&mut raw, "select 1 from t where length(b) = 300000"), "TDCZ");
    // Many messages in one write, cut anywhere.
    let series = message(b'Q', b"select 2\0").repeat(500);
    let told = quickly(&setup, &mut raw, |raw| {
        for part in series.chunks(1_999) {
            raw.send(part);
        }
        (0..500).map(|_| raw.until(b'Z')).collect::<String>()
    });
    assert_eq!(told, "TDCZ".repeat(500));
}

#[test]
fn rows_are_copied_in_and_out() {
    let setup = setup();
    let mut raw = setup.raw_session();
    ask(&mut raw, "create table t (a int primary key, b text)");
    quickly(&setup, &mut raw, |raw| {
        ask(raw, "truncate t");
        raw.message(b'Q', b"copy t from stdin\0");
        assert_eq!(raw.until(b'G'), "G");
        for number in 0..5_000 {
            raw.message(b'd', format!("{number}\tthe row of that number\n").as_bytes());
        }
        raw.message(b'c', b"");
        assert_eq!(raw.until(b'Z'), "CZ");
    });
    let copied = quickly(&setup, &mut raw, |raw| ask(raw, "copy t to stdout"));
    assert_eq!(copied.chars().filter(|kind| *kind == 'd').count(), 5_000);
}

#[test]
fn what_is_no_message_is_told() {
    let setup = setup();
    let mut raw = setup.raw_session();
    let error = quickly(&setup, &mut raw, |raw| {
        if raw.0.write_all(b"\x00nonsense").is_err() {
            return Vec::new();
        }
        let error = raw.error();
        assert!(raw.is_closed());
        *raw = setup.raw_session();
        error
    });
    assert_eq!(field(&error, 'C'), Some("08P01"));
}

#[test]
fn notifications_and_ends_come_through() {
    let setup = setup();
    let client = setup.client();
    let mut raw = setup.raw_session();
    ask(&mut raw, "listen trades");
    quickly(&setup, &mut raw, |raw| {
        setup.run(client.batch_execute("notify trades, 'told'")).unwrap();
        let (kind, body) = raw.next().unwrap();
        assert_eq!((kind, &body[4..]), (b'A', &b"trades\0told\0"[..]));
    });
    let mut limited = setup.raw_session();
    ask(&mut limited, "set idle_in_transaction_session_timeout = '50ms'");
    let error = quickly(&setup, &mut limited, |limited| {
        ask(limited, "begin");
        let error = limited.error();
        *limited = setup.raw_session();
        ask(limited, "set idle_in_transaction_session_timeout = '50ms'");
        error
    });
    assert_eq!(field(&error, 'C'), Some("25P03"));
    let error = quickly(&setup, &mut raw, |raw| {
        setup.server().sessions().all().iter().for_each(|entry| entry.terminate());
        let error = raw.error();
        *raw = setup.raw_session();
        error
    });
    assert_eq!(field(&error, 'C'), Some("57P01"));
}

#[test]
fn a_client_that_is_gone_ends_its_statement() {
    let setup = setup();
    let mut raw = setup.raw_session();
    quickly(&setup, &mut raw, |raw| {
        raw.message(b'Q', format!("{ENDLESS}\0").as_bytes());
        sync::sleep(Duration::from_millis(100));
        *raw = setup.raw_session();
        // The other one must not be there when it is asked whether the socket was taken.
        let deadline = sync::monotonic() + PATIENCE;
        while setup.server().sessions().count() > 1 {
            assert!(sync::monotonic() < deadline, "the statement goes on");
            sync::sleep(Duration::from_millis(10));
        }
    });
    quickly(&setup, &mut raw, |_| {});
    drop(raw);
    sessions_are_gone(&setup);
}

#[test]
fn many_quick_clients_are_all_served() {
    let setup = setup();
    let clients: Vec<_> = (0..24).map(|_| setup.raw_session()).collect();
    let threads: Vec<_> = clients
        .into_iter()
        .map(|mut raw| {
            sync::spawn("client", move || {
                for _ in 0..300 {
                    assert_eq!(ask(&mut raw, "select 1"), "TDCZ");
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    sessions_are_gone(&setup);
}
