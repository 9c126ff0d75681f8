//! Guards: COPY both ways in three formats, cut into messages anywhere; its errors, its end by the
//! client, and what comes after it in the same message.

use crate::setup::{Setup, field, message};

/// Rows of a query as its only column, joined.
fn ask(setup: &Setup, text: &str) -> String {
    let client = setup.client();
    let rows = setup.run(client.simple_query(text)).unwrap();
    let rows = rows.iter().filter_map(|told| match told {
        tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("-").to_owned()),
        _ => None,
    });
    rows.collect::<Vec<_>>().join(",")
}

fn with_table() -> Setup {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(client.batch_execute("create table t (a int primary key, b text)")).unwrap();
    setup
}

#[test]
fn rows_come_in_messages() {
    let setup = with_table();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"copy t from stdin; select count(*) from t\0");
    let (kind, body) = raw.next().unwrap();
    assert_eq!((kind, &body[..]), (b'G', &[0, 0, 2, 0, 0, 0, 0][..]));
    for part in ["1\tone\n2\tt", "wo\n", "3\t\\N\n"] {
        raw.message(b'd', part.as_bytes());
    }
    raw.message(b'c', b"");
    assert_eq!(raw.until(b'Z'), "CTDCZ");
    let rows = ask(&setup, "select a || ':' || coalesce(b, '-') from t order by a");
    assert_eq!(rows, "1:one,2:two,3:-");
}

#[test]
fn errors_end_it_and_leave_nothing() {
    let setup = with_table();
    let mut raw = setup.raw_session();
    let cases: [(&[u8], &str); 3] =
        [(b"1\ta\n1\tb\n", "23505"), (b"x\ta\n", "22P02"), (b"1\n", "22P04")];
    for (rows, sqlstate) in cases {
        raw.message(b'Q', b"copy t from stdin\0");
        raw.until(b'G');
        raw.message(b'd', rows);
        raw.message(b'd', b"9\tz\n");
        raw.message(b'c', b"");
        assert_eq!(field(&raw.error(), 'C'), Some(sqlstate));
        assert_eq!(raw.until(b'Z'), "Z");
    }
    raw.message(b'Q', b"copy t from stdin\0");
    raw.until(b'G');
    raw.message(b'd', b"1\ta\n");
    raw.message(b'f', b"no more\0");
    let error = raw.error();
    assert_eq!(field(&error, 'C'), Some("57014"));
    assert!(field(&error, 'M').is_some_and(|text| text.contains("no more")));
    raw.until(b'Z');
    raw.message(b'Q', b"copy t from stdin\0");
    raw.until(b'G');
    raw.message(b'Q', b"select 1\0");
    assert_eq!(field(&raw.error(), 'C'), Some("08P01"));
    raw.until(b'Z');
    assert_eq!(ask(&setup, "select count(*) from t"), "0");
}

#[test]
fn a_series_copies_too() {
    let setup = with_table();
    let mut raw = setup.raw_session();
    raw.send(&message(b'P', b"\0copy t from stdin\0\0\0"));
    raw.send(&message(b'B', b"\0\0\0\0\0\0\0\0"));
    raw.send(&message(b'E', b"\0\0\0\0\0"));
    raw.send(&message(b'S', b""));
    raw.until(b'G');
    raw.message(b'd', b"1\ta\n");
    raw.message(b'c', b"");
    raw.send(&message(b'S', b""));
    assert_eq!(raw.until(b'Z'), "CZ");
    assert_eq!(ask(&setup, "select count(*) from t"), "1");
}

#[test]
fn rows_go_out_in_messages() {
    let setup = with_table();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"insert into t select g, 'row ' || g from generate_series(1, 20000) g\0");
    raw.until(b'Z');
    raw.message(b'Q', b"copy t to stdout (format csv); select 1\0");
    let (kind, _) = raw.next().unwrap();
    assert_eq!(kind, b'H');
    let mut lines = 0;
    loop {
        let (kind, body) = raw.next().unwrap();
        match kind {
            b'd' => lines += body.iter().filter(|byte| **byte == b'\n').count(),
            b'c' => break,
            kind => panic!("{}", char::from(kind)),
        }
    }
    assert_eq!(lines, 20_000);
    assert_eq!(raw.until(b'Z'), "CTDCZ");
}

/// What goes out in binary comes in in binary, by a driver.
#[test]
fn binary_rows_are_the_same() {
    use futures_util::{SinkExt as _, TryStreamExt as _};
    let setup = with_table();
    let client = setup.client();
    setup.run(async {
        client.batch_execute("create table u (a int primary key, b text)").await.unwrap();
        let rows = "select g, repeat('x', g % 50) from generate_series(1, 5000) g";
        client.batch_execute(&format!("insert into t {rows}")).await.unwrap();
        let out = client.copy_out("copy t to stdout (format binary)").await.unwrap();
        let chunks: Vec<bytes::Bytes> = out.try_collect().await.unwrap();
        let sink = client.copy_in("copy u from stdin (format binary)").await.unwrap();
        let mut sink = std::pin::pin!(sink);
        for chunk in chunks {
            sink.send(chunk).await.unwrap();
        }
        assert_eq!(sink.finish().await.unwrap(), 5_000);
        let same = "select count(*) from t join u using (a) where t.b = u.b";
        assert_eq!(client.query_one(same, &[]).await.unwrap().get::<_, i64>(0), 5_000);
    });
}
