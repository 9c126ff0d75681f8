//! tokio-postgres as an application uses it: values, pipelines, portals, COPY in both formats,
//! notifications, cancelling, types that it looks up.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use futures_util::{SinkExt as _, StreamExt as _, TryStreamExt as _, future, pin_mut, stream};
use rust_decimal::Decimal;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_postgres::binary_copy::{BinaryCopyInWriter, BinaryCopyOutStream};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{Kind, ToSql, Type};
use tokio_postgres::{AsyncMessage, Client, Config, IsolationLevel, NoTls, SimpleQueryMessage};
use uuid::Uuid;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome {
    tokio::time::timeout(Duration::from_secs(300), checks()).await??;
    println!("tokio-postgres: all well");
    Ok(())
}

fn config() -> Outcome<Config> {
    let variable = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let mut config = Config::new();
    config
        .host(variable("PGHOST")?)
        .port(variable("PGPORT")?.parse()?)
        .user(variable("PGUSER")?)
        .dbname(variable("PGDATABASE")?)
        .application_name("check_tokio_postgres");
    if let Ok(password) = variable("PGPASSWORD") {
        config.password(password);
    }
    Ok(config)
}

/// A client, and what the server tells beside results.
async fn connect() -> Outcome<(Client, UnboundedReceiver<AsyncMessage>)> {
    let (client, mut connection) = config()?.connect(NoTls).await?;
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let messages = stream::poll_fn(move |context| connection.poll_message(context));
        pin_mut!(messages);
        while let Some(Ok(message)) = messages.next().await {
            if tell.send(message).is_err() {
                break;
            }
        }
    });
    Ok((client, told))
}

async fn checks() -> Outcome {
    let (mut client, mut told) = connect().await?;
    client.batch_execute("SET TimeZone = 'UTC'").await?;
    values(&client).await?;
    statements(&client).await?;
    types(&client).await?;
    errors(&client).await?;
    pipelines(&client).await?;
    transactions(&mut client).await?;
    portals(&mut client).await?;
    copies(&mut client).await?;
    messages(&client, &mut told).await?;
    cancelled(&client).await
}

async fn values(client: &Client) -> Outcome {
    client
        .batch_execute(
            "CREATE TABLE v (id integer PRIMARY KEY, a smallint, b bigint, c real, \
             d double precision, \
             e text, f bytea, g boolean, h date, i timestamp, j timestamptz, k uuid, l jsonb, \
             m numeric(12, 3), n bigint[], o text[])",
        )
        .await?;
    let day = NaiveDate::from_ymd_opt(1969, 12, 31).unwrap();
    let stamp: NaiveDateTime = day.and_hms_micro_opt(1, 2, 3, 4).unwrap();
    let zoned: DateTime<Utc> = stamp.and_utc();
    let number: Decimal = "99999.125".parse()?;
    let (id, json) = (Uuid::from_u128(7), serde_json::json!([{"a": null}]));
    let (longs, texts) = (vec![Some(1_i64), None], vec!["a", "b,c", "NULL"]);
    let parameters: [&(dyn ToSql + Sync); 16] = [
        &1_i32,
        &-1_i16,
        &i64::MAX,
        &0.5_f32,
        &f64::MIN_POSITIVE,
        &"\u{1f600}",
        &&b"\0\x01"[..],
        &true,
        &day,
        &stamp,
        &zoned,
        &id,
        &json,
        &number,
        &longs,
        &texts,
    ];
    let insert = "INSERT INTO v VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
                  $14, $15, $16)";
    assert_eq!(client.execute(insert, &parameters).await?, 1);
    let row = client.query_one("SELECT * FROM v", &[]).await?;
    assert_eq!(
        (row.get::<_, i32>(0), row.get::<_, i16>("a"), row.get::<_, i64>("b")),
        (1, -1, i64::MAX)
    );
    assert_eq!((row.get::<_, f32>("c"), row.get::<_, f64>("d")), (0.5, f64::MIN_POSITIVE));
    assert_eq!((row.get::<_, &str>("e"), row.get::<_, &[u8]>("f")), ("\u{1f600}", &b"\0\x01"[..]));
    assert_eq!((row.get::<_, bool>("g"), row.get::<_, NaiveDate>("h")), (true, day));
    assert_eq!(
        (row.get::<_, NaiveDateTime>("i"), row.get::<_, DateTime<Utc>>("j")),
        (stamp, zoned)
    );
    assert_eq!((row.get::<_, Uuid>("k"), row.get::<_, serde_json::Value>("l")), (id, json));
    assert_eq!(row.get::<_, Decimal>("m"), number);
    assert_eq!(row.get::<_, Vec<Option<i64>>>("n"), longs);
    assert_eq!(row.get::<_, Vec<String>>("o"), texts);
    // A NULL where the program has no place for one is an error of the driver's, not a zero.
    let null = client.query_one("SELECT NULL::integer", &[]).await?;
    assert!(null.try_get::<_, i32>(0).is_err());
    assert_eq!(null.get::<_, Option<i32>>(0), None);
    Ok(())
}

async fn statements(client: &Client) -> Outcome {
    let select =
        client.prepare("SELECT e, b + $1 AS more FROM v WHERE id = $2 AND e <> $3").await?;
    assert_eq!(select.params(), [Type::INT8, Type::INT4, Type::TEXT]);
    let columns: Vec<(&str, &Type)> =
        select.columns().iter().map(|c| (c.name(), c.type_())).collect();
    assert_eq!(columns, [("e", &Type::TEXT), ("more", &Type::INT8)]);
    for _ in 0..3 {
        let row = client.query_one(&select, &[&-1_i64, &1_i32, &"x"]).await?;
        assert_eq!(row.get::<_, i64>("more"), i64::MAX - 1);
    }
    let typed = client.prepare_typed("SELECT $1", &[Type::INT8]).await?;
    assert_eq!(client.query_one(&typed, &[&5_i64]).await?.get::<_, i64>(0), 5);
    assert!(client.query_opt("SELECT 1 WHERE false", &[]).await?.is_none());
    assert!(client.query_one("SELECT 1 WHERE false", &[]).await.is_err());
    assert!(client.query_one("VALUES (1), (2)", &[]).await.is_err());
    // Rows of a statement whose types are given with it.
    let rows = client.query_typed("SELECT $1 || 'x'", &[(&"a", Type::TEXT)]).await?;
    assert_eq!(rows[0].get::<_, &str>(0), "ax");
    let simple =
        client.simple_query("SELECT 1 AS a, NULL; UPDATE v SET a = 2; SELECT 'z' AS b").await?;
    let mut cells = Vec::new();
    for message in &simple {
        match message {
            SimpleQueryMessage::Row(row) => cells.push(row.get(0).unwrap_or("NULL").to_owned()),
            SimpleQueryMessage::CommandComplete(count) => cells.push(format!("{count} done")),
            _ => {}
        }
    }
    assert_eq!(cells, ["1", "1 done", "1 done", "z", "1 done"]);
    // What a driver drops is closed on the server: names do not gather.
    drop((select, typed));
    for n in 0..50 {
        drop(client.prepare(&format!("SELECT {n}")).await?);
    }
    let left = client.query_one("SELECT count(*) FROM pg_prepared_statements", &[]).await?;
    assert!(left.get::<_, i64>(0) < 10, "{left:?}");
    Ok(())
}

/// Types that the driver knows by asking the catalog.
async fn types(client: &Client) -> Outcome {
    client
        .batch_execute(
            "CREATE TYPE mood AS ENUM ('low', 'high'); \
             CREATE DOMAIN small AS integer CHECK (VALUE < 10)",
        )
        .await?;
    client.batch_execute("CREATE TABLE moods (m mood, ms mood[], s small)").await?;
    let insert = client.prepare("INSERT INTO moods VALUES ($1, $2, $3)").await?;
    let (mood, moods) = (&insert.params()[0], &insert.params()[1]);
    assert_eq!(mood.name(), "mood");
    assert_eq!(*mood.kind(), Kind::Enum(vec!["low".to_owned(), "high".to_owned()]));
    let Kind::Array(element) = moods.kind() else {
        return Err(format!("{moods:?} is no array").into());
    };
    assert_eq!(element, mood);
    client.batch_execute("INSERT INTO moods VALUES ('high', '{low,high}', 9)").await?;
    let refused =
        client.batch_execute("INSERT INTO moods VALUES ('high', '{}', 10)").await.unwrap_err();
    assert_eq!(refused.code(), Some(&SqlState::CHECK_VIOLATION));
    let refused = client.batch_execute("INSERT INTO moods (m) VALUES ('none')").await.unwrap_err();
    assert_eq!(refused.code(), Some(&SqlState::INVALID_TEXT_REPRESENTATION));
    let row = client.query_one("SELECT m::text, ms::text[], s FROM moods", &[]).await?;
    assert_eq!(row.get::<_, &str>(0), "high");
    assert_eq!(row.get::<_, Vec<String>>(1), ["low", "high"]);
    Ok(())
}

async fn errors(client: &Client) -> Outcome {
    let duplicate = client.execute("INSERT INTO v (id) VALUES (1)", &[]).await.unwrap_err();
    let told = duplicate.as_db_error().ok_or("no error of the server")?;
    assert_eq!(told.code(), &SqlState::UNIQUE_VIOLATION);
    assert_eq!(
        (told.severity(), told.table(), told.constraint()),
        ("ERROR", Some("v"), Some("v_pkey"))
    );
    // Bourse names the columns, and PostgreSQL their values, too.
    assert!(told.detail().is_some_and(|detail| detail.starts_with("Key (id)")));
    let unknown = client.query("SELECT 1 FROM nowhere", &[]).await.unwrap_err();
    let told = unknown.as_db_error().ok_or("no error of the server")?;
    assert_eq!(told.code(), &SqlState::UNDEFINED_TABLE);
    assert_eq!(told.position(), Some(&tokio_postgres::error::ErrorPosition::Original(15)));
    // The driver refuses a value of another type before it is sent.
    assert!(client.query("SELECT $1::integer", &[&"text"]).await.is_err());
    assert_eq!(client.query_one("SELECT 1", &[]).await?.get::<_, i32>(0), 1);
    Ok(())
}

/// Requests that are sent before the former ones are answered.
async fn pipelines(client: &Client) -> Outcome {
    let select = client.prepare("SELECT $1::integer * 2").await?;
    let numbers: Vec<i32> = (0..500).collect();
    let answers = future::try_join_all(numbers.iter().map(|n| {
        let select = select.clone();
        async move { client.query_one(&select, &[n]).await.map(|row| row.get::<_, i32>(0)) }
    }));
    assert_eq!(answers.await?, numbers.iter().map(|n| n * 2).collect::<Vec<i32>>());
    // One that fails takes nothing with it.
    let (good, bad, after) = future::join3(
        client.query_one("SELECT 1", &[]),
        client.query_one("SELECT 1 / 0", &[]),
        client.query_one("SELECT 2", &[]),
    )
    .await;
    assert_eq!((good?.get::<_, i32>(0), after?.get::<_, i32>(0)), (1, 2));
    assert_eq!(bad.unwrap_err().code(), Some(&SqlState::DIVISION_BY_ZERO));
    Ok(())
}

async fn transactions(client: &mut Client) -> Outcome {
    client
        .batch_execute("CREATE TABLE accounts (id integer PRIMARY KEY, balance integer NOT NULL)")
        .await?;
    client.batch_execute("INSERT INTO accounts VALUES (1, 100)").await?;
    let balance = "SELECT balance FROM accounts WHERE id = 1";
    let dropped = client.transaction().await?;
    dropped.execute("UPDATE accounts SET balance = 0", &[]).await?;
    drop(dropped);
    assert_eq!(client.query_one(balance, &[]).await?.get::<_, i32>(0), 100);
    let mut outer = client.transaction().await?;
    outer.execute("UPDATE accounts SET balance = balance + 1", &[]).await?;
    let inner = outer.transaction().await?;
    inner.execute("UPDATE accounts SET balance = balance + 10", &[]).await?;
    inner.rollback().await?;
    let inner = outer.savepoint("named").await?;
    assert!(inner.execute("INSERT INTO accounts VALUES (1, 1)", &[]).await.is_err());
    drop(inner);
    outer.commit().await?;
    assert_eq!(client.query_one(balance, &[]).await?.get::<_, i32>(0), 101);

    let (other, _told) = connect().await?;
    let snapshot =
        client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await?;
    assert_eq!(snapshot.query_one(balance, &[]).await?.get::<_, i32>(0), 101);
    other.execute("UPDATE accounts SET balance = 7", &[]).await?;
    assert_eq!(snapshot.query_one(balance, &[]).await?.get::<_, i32>(0), 101);
    let late = snapshot.execute("UPDATE accounts SET balance = 8", &[]).await.unwrap_err();
    assert_eq!(late.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE));
    snapshot.rollback().await?;
    let reader = client
        .build_transaction()
        .isolation_level(IsolationLevel::Serializable)
        .read_only(true)
        .deferrable(true)
        .start()
        .await?;
    let refused = reader.execute("UPDATE accounts SET balance = 8", &[]).await.unwrap_err();
    assert_eq!(refused.code(), Some(&SqlState::READ_ONLY_SQL_TRANSACTION));
    Ok(())
}

/// Rows that come in portions.
async fn portals(client: &mut Client) -> Outcome {
    let transaction = client.transaction().await?;
    let portal =
        transaction.bind("SELECT n FROM generate_series(1, $1::integer) n", &[&10_i32]).await?;
    let mut portions = Vec::new();
    loop {
        let rows = transaction.query_portal(&portal, 4).await?;
        if rows.is_empty() {
            break;
        }
        portions.push(rows.iter().map(|row| row.get::<_, i32>(0)).collect::<Vec<i32>>());
    }
    assert_eq!(portions, [vec![1, 2, 3, 4], vec![5, 6, 7, 8], vec![9, 10]]);
    transaction.commit().await?;
    let many =
        client.query_raw("SELECT n FROM generate_series(1, $1::integer) n", [100_000_i32]).await?;
    let sum =
        many.try_fold(0_i64, |sum, row| future::ok(sum + i64::from(row.get::<_, i32>(0)))).await?;
    assert_eq!(sum, 100_000 * 100_001 / 2);
    Ok(())
}

async fn copies(client: &mut Client) -> Outcome {
    client
        .batch_execute("CREATE TABLE copied (id bigint PRIMARY KEY, name text, at timestamptz)")
        .await?;
    let sink = client.copy_in("COPY copied FROM STDIN").await?;
    pin_mut!(sink);
    for n in 0..10_000 {
        sink.send(Bytes::from(format!("{n}\tname {n}\t\\N\n"))).await?;
    }
    assert_eq!(sink.finish().await?, 10_000);
    // One that is dropped before its end leaves nothing.
    {
        let sink = client.copy_in("COPY copied FROM STDIN").await?;
        pin_mut!(sink);
        sink.send(Bytes::from("10000\tx\t\\N\n")).await?;
    }
    let at: DateTime<Utc> = "2024-02-29T12:00:00Z".parse()?;
    let transaction = client.transaction().await?;
    let sink = transaction.copy_in("COPY copied FROM STDIN BINARY").await?;
    let writer = BinaryCopyInWriter::new(sink, &[Type::INT8, Type::TEXT, Type::TIMESTAMPTZ]);
    pin_mut!(writer);
    for n in 10_000_i64..12_000 {
        writer.as_mut().write(&[&n, &Some("binary"), &at]).await?;
    }
    assert_eq!(writer.finish().await?, 2_000);
    transaction.commit().await?;
    let out = client
        .copy_out("COPY (SELECT * FROM copied WHERE id >= 9999 ORDER BY id) TO STDOUT BINARY")
        .await?;
    let rows = BinaryCopyOutStream::new(out, &[Type::INT8, Type::TEXT, Type::TIMESTAMPTZ]);
    let rows: Vec<_> = rows.try_collect().await?;
    assert_eq!(rows.len(), 2_001);
    assert_eq!(rows[0].try_get::<Option<DateTime<Utc>>>(2)?, None);
    assert_eq!((rows[1].try_get::<i64>(0)?, rows[1].try_get::<DateTime<Utc>>(2)?), (10_000, at));
    let sink = client.copy_in::<_, Bytes>("COPY copied FROM STDIN").await?;
    pin_mut!(sink);
    sink.send(Bytes::from("20000\ta\t\\N\n20001\tb\tyesterday at noon\n")).await?;
    let failed = sink.finish().await.unwrap_err();
    let told = failed.as_db_error().ok_or("no error of the server")?;
    assert_eq!(told.code(), &SqlState::INVALID_DATETIME_FORMAT);
    assert_eq!(told.where_(), Some("COPY copied, line 2, column at: \"yesterday at noon\""));
    let count = client.query_one("SELECT count(*) FROM copied", &[]).await?;
    assert_eq!(count.get::<_, i64>(0), 12_000);
    Ok(())
}

async fn messages(client: &Client, told: &mut UnboundedReceiver<AsyncMessage>) -> Outcome {
    while told.try_recv().is_ok() {}
    client.batch_execute("DROP TABLE IF EXISTS nowhere").await?;
    let Some(AsyncMessage::Notice(notice)) = told.recv().await else {
        return Err("no notice".into());
    };
    assert_eq!(notice.message(), "table \"nowhere\" does not exist, skipping");
    let (other, _told) = connect().await?;
    client.batch_execute("LISTEN news").await?;
    other.execute("SELECT pg_notify('news', $1)", &[&"it rains"]).await?;
    let next = tokio::time::timeout(Duration::from_secs(10), told.recv()).await?;
    let Some(AsyncMessage::Notification(news)) = next else { return Err("no notification".into()) };
    assert_eq!((news.channel(), news.payload()), ("news", "it rains"));
    Ok(())
}

async fn cancelled(client: &Client) -> Outcome {
    let token = client.cancel_token();
    let slow = client.batch_execute("SELECT count(*) FROM generate_series(1, 1000000000)");
    let cancel = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        token.cancel_query(NoTls).await
    };
    let (slow, cancel) = future::join(slow, cancel).await;
    cancel?;
    assert_eq!(slow.unwrap_err().code(), Some(&SqlState::QUERY_CANCELED));
    assert_eq!(client.query_one("SELECT 1", &[]).await?.get::<_, i32>(0), 1);
    let (other, _told) = connect().await?;
    let process: i32 = other.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
    let ended: bool =
        client.query_one("SELECT pg_terminate_backend($1)", &[&process]).await?.get(0);
    assert!(ended);
    let gone = other.batch_execute("SELECT 1").await.unwrap_err();
    assert!(gone.is_closed() || gone.code() == Some(&SqlState::ADMIN_SHUTDOWN), "{gone:?}");
    Ok(())
}
