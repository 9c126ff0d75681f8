//! Guards: which messages answer which, in what order and in how many writes; what an error does to
//! a series; transactions' letters; portals; what drivers are told at the start.

use tokio_postgres::SimpleQueryMessage;

use crate::setup::{Setup, field, fields, message, state};

#[test]
fn drivers_are_told_what_they_expect() {
    let setup = Setup::new();
    let mut raw = setup.raw();
    let name = [("application_name", "me"), ("options", "-c DateStyle=ISO,DMY")];
    raw.begin(&[&[("user", "bourse"), ("database", "bourse")][..], &name].concat());
    let mut told = Vec::new();
    let key = loop {
        let (kind, body) = raw.next().unwrap();
        match kind {
            b'S' => told.push(String::from_utf8(body).unwrap()),
            b'K' => break body,
            _ => assert_eq!(kind, b'R'),
        }
    };
    assert_eq!(key.len(), 8);
    assert_eq!(raw.until(b'Z'), "Z");
    raw.message(b'Q', b"select pg_backend_pid()\0");
    let process = u32::from_be_bytes(key[..4].try_into().unwrap()).to_string();
    let row = loop {
        let (kind, body) = raw.next().unwrap();
        if kind == b'D' {
            break body;
        }
    };
    assert_eq!(row[6..], *process.as_bytes(), "what clients cancel by");
    raw.until(b'Z');
    let value = |name: &str| {
        let all = told.iter().filter_map(|pair| pair.split_once('\0'));
        let of_name =
            all.filter(|(of, _)| *of == name).map(|(_, value)| value.trim_end_matches('\0'));
        of_name.collect::<Vec<_>>().join(",").to_owned()
    };
    assert!(value("server_version").starts_with("15."), "{told:?}");
    assert_eq!(value("client_encoding"), "UTF8");
    assert_eq!(value("standard_conforming_strings"), "on");
    assert_eq!(value("integer_datetimes"), "on");
    assert_eq!(value("application_name"), "me");
    assert_eq!(value("DateStyle"), "ISO, DMY");
    assert_eq!(value("TimeZone"), "UTC");
}

#[test]
fn a_query_of_several_statements_is_one_transaction() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        client
            .batch_execute("create table t (a int primary key); insert into t values (1)")
            .await
            .unwrap();
        let refused =
            client.batch_execute("insert into t values (2); insert into t values (1)").await;
        assert_eq!(state(&refused.unwrap_err()), "23505");
        let rows = client.query("select a from t", &[]).await.unwrap();
        assert_eq!(rows.len(), 1);
        let told = client
            .simple_query("select a from t; insert into t values (3);; select 5 as b")
            .await
            .unwrap();
        let rows: Vec<&str> = told
            .iter()
            .filter_map(|told| match told {
                SimpleQueryMessage::Row(row) => row.get(0),
                _ => None,
            })
            .collect();
        assert_eq!(rows, ["1", "5"]);
    });
}

#[test]
fn empty_queries_are_answered() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"\0");
    assert_eq!(raw.until(b'Z'), "IZ");
    raw.message(b'Q', b" -- nothing\0");
    assert_eq!(raw.until(b'Z'), "IZ");
    raw.send(&message(b'P', b"\0\0\0\0"));
    raw.send(&message(b'B', b"\0\0\0\0\0\0\0\0"));
    raw.send(&message(b'D', b"P\0"));
    raw.send(&message(b'E', b"\0\0\0\0\0"));
    raw.send(&message(b'S', b""));
    assert_eq!(raw.until(b'Z'), "12nIZ");
}

#[test]
fn a_series_stops_at_its_first_error() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    let mut series = Vec::new();
    series.extend(message(b'P', b"\0select 1/0\0\0\0"));
    series.extend(message(b'B', b"\0\0\0\0\0\0\0\0"));
    series.extend(message(b'E', b"\0\0\0\0\0"));
    series.extend(message(b'P', b"x\0select 2\0\0\0"));
    series.extend(message(b'Q', b"select 3\0"));
    series.extend(message(b'S', b""));
    series.extend(message(b'P', b"\0select 4\0\0\0"));
    series.extend(message(b'S', b""));
    raw.send(&series);
    assert_eq!(raw.until(b'Z').trim_start_matches(['1', '2']), "EZ");
    assert_eq!(raw.until(b'Z'), "1Z");
}

#[test]
fn a_series_is_answered_at_its_sync() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.send(&message(b'P', b"\0select 1\0\0\0"));
    raw.0.set_read_timeout(Some(std::time::Duration::from_millis(300))).unwrap();
    assert_eq!(raw.next(), None, "nothing is sent before Sync or Flush");
    raw.0.set_read_timeout(Some(crate::setup::PATIENCE)).unwrap();
    raw.send(&message(b'H', b""));
    assert_eq!(raw.until(b'1'), "1");
    raw.send(&message(b'S', b""));
    assert_eq!(raw.until(b'Z'), "Z");
}

#[test]
fn the_letter_tells_the_transaction() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    for (text, letter) in [
        ("begin", b'T'),
        ("select 1", b'T'),
        ("nonsense", b'E'),
        ("select 1", b'E'),
        ("rollback", b'I'),
        ("begin; select 1; commit", b'I'),
    ] {
        raw.message(b'Q', format!("{text}\0").as_bytes());
        let body = loop {
            let (kind, body) = raw.next().unwrap();
            if kind == b'Z' {
                break body;
            }
        };
        assert_eq!(body, [letter], "{text}");
    }
}

#[test]
fn a_series_is_one_transaction() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(client.batch_execute("create table t (a int primary key)")).unwrap();
    let mut raw = setup.raw_session();
    let mut series = Vec::new();
    for value in ["1", "2", "1"] {
        let text = format!("\0insert into t values ({value})\0\0\0");
        series.extend(message(b'P', text.as_bytes()));
        series.extend(message(b'B', b"\0\0\0\0\0\0\0\0"));
        series.extend(message(b'E', b"\0\0\0\0\0"));
    }
    series.extend(message(b'S', b""));
    raw.send(&series);
    assert!(raw.until(b'Z').ends_with("EZ"));
    let rows = setup.run(client.query("select * from t", &[])).unwrap();
    assert_eq!(rows.len(), 0, "nothing of a series holds that has failed");
}

#[test]
fn portals_give_rows_in_portions() {
    let setup = Setup::new();
    let mut client = setup.client();
    setup.run(async {
        let transaction = client.transaction().await.unwrap();
        let statement = transaction.prepare("select g from generate_series(1, 5) g").await.unwrap();
        let portal = transaction.bind(&statement, &[]).await.unwrap();
        let mut portions = Vec::new();
        loop {
            let rows = transaction.query_portal(&portal, 2).await.unwrap();
            portions.push(rows.iter().map(|row| row.get::<_, i32>(0)).collect::<Vec<_>>());
            if rows.len() < 2 {
                break;
            }
        }
        assert_eq!(portions, [vec![1, 2], vec![3, 4], vec![5]]);
        transaction.commit().await.unwrap();
    });
    let mut raw = setup.raw_session();
    raw.send(&message(b'P', b"s\0select 1\0\0\0"));
    raw.send(&message(b'B', b"p\0s\0\0\0\0\0\0\0"));
    raw.send(&message(b'S', b""));
    assert_eq!(raw.until(b'Z'), "12Z");
    raw.send(&message(b'E', b"p\0\0\0\0\0"));
    raw.send(&message(b'S', b""));
    let error = raw.error();
    assert_eq!(field(&error, 'C'), Some("34000"), "a portal ends with its transaction");
}

#[test]
fn names_that_are_there_or_not_are_told() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    let cases: [(&[u8], u8, &str); 5] = [
        (b"none\0", b'E', "34000"),
        (b"Snone\0", b'D', "26000"),
        (b"Pnone\0", b'D', "34000"),
        (b"\0none\0\0\0\0\0\0\0", b'B', "26000"),
        (b"s\0select 1\0\0\0", b'P', "42P05"),
    ];
    raw.send(&message(b'P', b"s\0select 1\0\0\0"));
    raw.send(&message(b'S', b""));
    raw.until(b'Z');
    for (body, kind, sqlstate) in cases {
        let body = if kind == b'E' { [body, &[0; 4]].concat() } else { body.to_vec() };
        raw.send(&message(kind, &body));
        raw.send(&message(b'S', b""));
        assert_eq!(field(&raw.error(), 'C'), Some(sqlstate), "{}", char::from(kind));
        raw.until(b'Z');
    }
    // Closing what is not there is no error.
    raw.send(&message(b'C', b"Sother\0"));
    raw.send(&message(b'S', b""));
    assert_eq!(raw.until(b'Z'), "3Z");
}

#[test]
fn errors_have_their_fields() {
    let setup = Setup::new();
    let client = setup.client();
    setup
        .run(client.batch_execute(
            "create table parent (id int primary key);
         create table child (id int primary key, parent int not null references parent,
                             name text constraint name_is_short check (length(name) < 5),
                             code int unique)",
        ))
        .unwrap();
    setup
        .run(client.batch_execute(
            "insert into parent values (1); insert into child values (1, 1, 'a', 7)",
        ))
        .unwrap();
    let mut raw = setup.raw_session();
    let mut fail = |text: &str| {
        raw.message(b'Q', format!("{text}\0").as_bytes());
        let error = raw.error();
        raw.until(b'Z');
        error
    };
    let unique = fail("insert into child values (1, 1, 'a', 8)");
    assert_eq!(field(&unique, 'S'), Some("ERROR"));
    assert_eq!(field(&unique, 'V'), Some("ERROR"));
    assert_eq!(field(&unique, 'C'), Some("23505"));
    assert_eq!(field(&unique, 's'), Some("public"));
    assert_eq!(field(&unique, 't'), Some("child"));
    assert!(field(&unique, 'n').is_some(), "{unique:?}");
    assert!(field(&unique, 'D').is_some_and(|detail| detail.contains("already exists")));
    let missing = fail("insert into child values (2, null, 'a', 9)");
    assert_eq!((field(&missing, 'C'), field(&missing, 'c')), (Some("23502"), Some("parent")));
    let foreign = fail("insert into child values (2, 9, 'a', 9)");
    assert_eq!(field(&foreign, 'C'), Some("23503"));
    let check = fail("insert into child values (2, 1, 'abcdefgh', 9)");
    assert_eq!((field(&check, 'C'), field(&check, 'n')), (Some("23514"), Some("name_is_short")));
    let syntax = fail("select * frum child");
    assert_eq!((field(&syntax, 'C'), field(&syntax, 'P').is_some()), (Some("42601"), true));
    let column = fail("select nothing from child");
    assert_eq!((field(&column, 'C'), field(&column, 'P')), (Some("42703"), Some("8")));
}

#[test]
fn notices_come_before_the_tag() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"drop table if exists nothing\0");
    let (kind, body) = raw.next().unwrap();
    assert_eq!(kind, b'N');
    assert_eq!(field(&fields(&body), 'S'), Some("NOTICE"));
    assert_eq!(raw.until(b'Z'), "CZ");
}

#[test]
fn changed_settings_are_told() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"set timezone = 'Europe/Berlin'\0");
    let mut seen = Vec::new();
    loop {
        let (kind, body) = raw.next().unwrap();
        if kind == b'S' {
            seen.push(String::from_utf8_lossy(&body).into_owned());
        }
        if kind == b'Z' {
            break;
        }
    }
    assert_eq!(seen, ["TimeZone\0Europe/Berlin\0"]);
    raw.message(b'Q', b"select 1\0");
    assert!(!raw.until(b'Z').contains('S'));
}

#[test]
fn the_dialect_is_an_option_or_a_setting() {
    let setup = Setup::new();
    let sqlite = setup.client_with("options='-c dialect=sqlite'");
    let postgres = setup.client();
    setup.run(async {
        let rows = sqlite.simple_query("select 1 + '2', typeof('x')").await.unwrap();
        assert!(rows.iter().any(|told| matches!(told, SimpleQueryMessage::Row(row)
            if row.get(0) == Some("3") && row.get(1) == Some("text"))));
        let refused = postgres.simple_query("select typeof('x')").await.unwrap_err();
        assert_eq!(state(&refused), "42883");
    });
    let refused = setup.try_client(&setup.config("options='-c dialect=oracle'"));
    assert_eq!(state(&refused.unwrap_err()), "22023");
    let refused = setup.try_client(&setup.config("options='-c no_such_setting=1'"));
    assert!(refused.is_err());
}

#[test]
fn pipelined_queries_are_answered_in_order() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        let statement = client.prepare("select $1::int8 * 2").await.unwrap();
        let queries = (0..200_i64).map(|number| {
            let (client, statement) = (&client, &statement);
            async move { client.query_one(statement, &[&number]).await.unwrap().get::<_, i64>(0) }
        });
        // All are sent before the first answer is looked at; an answer is whose turn it is.
        let answers = futures_util::future::join_all(queries).await;
        assert_eq!(answers, (0..200).map(|number| number * 2).collect::<Vec<i64>>());
    });
}

#[test]
fn statements_are_forgotten_by_deallocate() {
    let setup = Setup::new();
    let mut raw = setup.raw_session();
    raw.message(b'P', b"mine\0select 1\0\0\0");
    raw.message(b'S', b"");
    assert_eq!(raw.until(b'Z'), "1Z");
    raw.message(b'Q', b"deallocate mine\0");
    assert_eq!(raw.until(b'Z'), "CZ");
    raw.message(b'Q', b"deallocate all\0");
    assert_eq!(raw.until(b'Z'), "CZ");
    raw.message(b'Q', b"deallocate mine\0");
    assert_eq!(field(&raw.error(), 'C'), Some("26000"));
}

#[test]
fn definitions_stand_beside_other_statements() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        client
            .batch_execute(
                "create table a (x int); insert into a values (1); create table b (y int); \
                 insert into b select x from a",
            )
            .await
            .unwrap();
        let rows = client.query("select y from b", &[]).await.unwrap();
        assert_eq!(rows.len(), 1);
    });
}

/// The statements of a message are one transaction, definitions too; what can be in none is refused
/// there.
#[test]
fn definitions_of_a_message_are_one_transaction() {
    let setup = Setup::new();
    let (client, other) = (setup.client(), setup.client());
    setup.run(async {
        let code = |result: Result<(), tokio_postgres::Error>| {
            result.map_or_else(|error| error.code().unwrap().code().to_owned(), |()| String::new())
        };
        let failed = client
            .batch_execute(
                "create table a (id serial primary key, x int); insert into a (x) values (1); \
                 create index on a (x); create table b (y int); select 1 / 0",
            )
            .await;
        assert_eq!(code(failed), "22012");
        assert_eq!(code(other.batch_execute("select 1 from a").await), "42P01");
        assert_eq!(code(other.batch_execute("select nextval('a_id_seq')").await), "42P01");

        let made = "create table a (id serial primary key, x int); insert into a (x) values (7); \
                    alter table a add column z int default 3; insert into a (x) values (8)";
        client.batch_execute(made).await.unwrap();
        let rows = other.query("select id, x, z from a order by id", &[]).await.unwrap();
        let rows: Vec<(i32, i32, i32)> =
            rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        assert_eq!(rows, [(1, 7, 3), (2, 8, 3)]);

        for alone in ["create index concurrently by_x on a (x)", "vacuum"] {
            let refused = format!("insert into a (x) values (9); {alone}");
            assert_eq!(code(client.batch_execute(&refused).await), "25001", "{alone}");
            client.batch_execute(alone).await.unwrap();
        }
        // What could not be taken back is committed by itself.
        let altered = "insert into a (x) values (9); alter table a alter column x type bigint; \
                       select 1 / 0";
        assert_eq!(code(client.batch_execute(altered).await), "22012");
        let count: i64 = other.query_one("select count(*) from a", &[]).await.unwrap().get(0);
        assert_eq!(count, 3);
    });
}

/// Which relation and column a result's column is read from, as PostgreSQL 15 says it.
#[test]
fn columns_tell_where_they_come_from() {
    let setup = Setup::new();
    let client = setup.client();
    let queries: [(&str, &[(&str, i16)]); 21] = [
        ("select b, a || 'x', id as renamed, 1 from t", &[("t", 3), ("", 0), ("t", 1), ("", 0)]),
        ("select x.b, y.b from t x left join s.t y on x.id = y.b", &[("t", 3), ("s.t", 1)]),
        ("select * from v", &[("v", 1), ("v", 2)]),
        ("select q.renamed from (select id as renamed from t) q", &[("t", 1)]),
        ("with c as (select a from t) select a from c", &[("t", 2)]),
        (
            "with recursive c as (select id from t union all select id + 1 from c where id < 5)
            select id from c",
            &[("", 0)],
        ),
        ("select b from t group by b", &[("t", 3)]),
        ("select distinct a from t", &[("t", 2)]),
        ("select max(b) from t", &[("", 0)]),
        ("select b from t union select b from s.t", &[("", 0)]),
        ("insert into t values (1, 'x', 2) returning id, b + 1", &[("t", 1), ("", 0)]),
        ("update t set b = 3 returning t.b", &[("t", 3)]),
        ("delete from t returning a", &[("t", 2)]),
        ("select relname from pg_class limit 1", &[("pg_class", 2)]),
        ("select * from t full join s.t u using (b)", &[("", 0), ("t", 1), ("t", 2)]),
        ("select b from t join s.t u using (b)", &[("t", 3)]),
        ("select (select a from t)", &[("", 0)]),
        ("select id::bigint, (id) from t", &[("", 0), ("t", 1)]),
        ("select a from t for update", &[("t", 2)]),
        ("select a, row_number() over (order by b) from t order by a", &[("t", 2), ("", 0)]),
        ("select x.i from t, lateral (select t.id as i) x", &[("t", 1)]),
    ];
    let made = "create table t (id int primary key, a text, b int not null); create schema s; \
                create table s.t (b int); create view v as select b, id from t";
    let numbers = setup.run(async {
        client.batch_execute(made).await.unwrap();
        let mut numbers = std::collections::HashMap::from([(String::new(), 0)]);
        let named = "select oid, oid::regclass::text from pg_class";
        for row in client.query(named, &[]).await.unwrap() {
            numbers.insert(row.get::<_, String>(1), row.get::<_, u32>(0));
        }
        for (text, wanted) in queries {
            let told = client.prepare(text).await.unwrap();
            let told = told.columns().iter().map(|column| {
                (column.table_oid().unwrap_or_default(), column.column_id().unwrap_or_default())
            });
            let wanted: Vec<_> =
                wanted.iter().map(|(name, number)| (numbers[*name], *number)).collect();
            assert_eq!(told.collect::<Vec<_>>(), wanted, "{text}");
        }
        numbers
    });
    // And so by the simple protocol.
    let mut raw = setup.raw_session();
    raw.message(b'Q', b"select b from t\0");
    let (kind, body) = raw.next().unwrap();
    assert_eq!((kind, &body[2..4]), (b'T', &b"b\0"[..]));
    assert_eq!(body[4..8], numbers["t"].to_be_bytes());
    assert_eq!(body[8..10], 3_i16.to_be_bytes());
}
