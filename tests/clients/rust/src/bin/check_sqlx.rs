//! sqlx as an application uses it: values, errors, transactions, migrations, COPY, notifications,
//! and what its macros ask of a server when they are compiled.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use futures_util::TryStreamExt as _;
use rust_decimal::Decimal;
use sqlx::postgres::types::PgInterval;
use sqlx::postgres::{PgAdvisoryLock, PgConnectOptions, PgListener, PgPoolOptions, PgRow};
use sqlx::{
    Column as _, Connection as _, Either, Executor as _, PgPool, QueryBuilder,
    Row as _, SqlStr, TypeInfo as _,
};
use uuid::Uuid;

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome {
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection
                    .execute("SET application_name = 'check_sqlx'; SET TimeZone = 'UTC'")
                    .await?;
                Ok(())
            })
        })
        .connect_with(PgConnectOptions::new())
        .await?;
    tokio::time::timeout(Duration::from_secs(300), checks(&pool)).await??;
    pool.close().await;
    println!("sqlx: all well");
    Ok(())
}

async fn checks(pool: &PgPool) -> Outcome {
    values(pool).await?;
    arrays_and_enums(pool).await?;
    rows(pool).await?;
    many_rows(pool).await?;
    errors(pool).await?;
    transactions(pool).await?;
    isolation(pool).await?;
    changed_tables(pool).await?;
    described(pool).await?;
    migrations(pool).await?;
    copies(pool).await?;
    notifications(pool).await?;
    locks(pool).await?;
    at_once(pool).await
}

/// Every type there and back in the binary format.
async fn values(pool: &PgPool) -> Outcome {
    pool.execute(
        "CREATE TABLE v (i2 smallint, i4 integer, i8 bigint, f4 real, f8 double precision, \
         b boolean, \
         t text, c varchar(10), y bytea, u uuid, d date, h time, ts timestamp, tz timestamptz, \
         n numeric(20, 4), j jsonb, k json, v interval)",
    )
    .await?;
    let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 123_456).unwrap();
    let stamp: NaiveDateTime = date.and_time(time);
    let zoned: DateTime<Utc> = Utc.from_utc_datetime(&stamp);
    let number: Decimal = "-12345678.9012".parse()?;
    let json = serde_json::json!({"a": [1, null, "x"], "b": {"c": 1.5}});
    let id = Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0);
    let interval = PgInterval { months: 14, days: -3, microseconds: 3_600_000_001 };
    let done = sqlx::query(
        "INSERT INTO v VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         $16, \
         $17, $18)",
    )
    .bind(i16::MIN)
    .bind(i32::MAX)
    .bind(i64::MIN)
    .bind(1.5_f32)
    .bind(-0.1_f64)
    .bind(true)
    .bind("it's \u{e4} \u{1f600}")
    .bind("varchar")
    .bind(vec![0_u8, 255, 7])
    .bind(id)
    .bind(date)
    .bind(time)
    .bind(stamp)
    .bind(zoned)
    .bind(number)
    .bind(&json)
    .bind(sqlx::types::Json(&json))
    .bind(interval.clone())
    .execute(pool)
    .await?;
    assert_eq!(done.rows_affected(), 1);
    let row = sqlx::query("SELECT * FROM v").fetch_one(pool).await?;
    assert_eq!(row.get::<i16, _>("i2"), i16::MIN);
    assert_eq!(row.get::<i32, _>(1), i32::MAX);
    assert_eq!(row.get::<i64, _>("i8"), i64::MIN);
    assert_eq!(row.get::<f32, _>("f4"), 1.5);
    assert_eq!(row.get::<f64, _>("f8"), -0.1);
    assert!(row.get::<bool, _>("b"));
    assert_eq!(row.get::<String, _>("t"), "it's \u{e4} \u{1f600}");
    assert_eq!(row.get::<&str, _>("c"), "varchar");
    assert_eq!(row.get::<Vec<u8>, _>("y"), [0, 255, 7]);
    assert_eq!(row.get::<Uuid, _>("u"), id);
    assert_eq!(row.get::<NaiveDate, _>("d"), date);
    assert_eq!(row.get::<NaiveTime, _>("h"), time);
    assert_eq!(row.get::<NaiveDateTime, _>("ts"), stamp);
    assert_eq!(row.get::<DateTime<Utc>, _>("tz"), zoned);
    assert_eq!(row.get::<Decimal, _>("n"), number);
    assert_eq!(row.get::<serde_json::Value, _>("j"), json);
    assert_eq!(row.get::<serde_json::Value, _>("k"), json);
    assert_eq!(row.get::<PgInterval, _>("v"), interval);
    let types: Vec<&str> = row.columns().iter().map(|column| column.type_info().name()).collect();
    let wanted = [
        "INT2",
        "INT4",
        "INT8",
        "FLOAT4",
        "FLOAT8",
        "BOOL",
        "TEXT",
        "VARCHAR",
        "BYTEA",
        "UUID",
        "DATE",
        "TIME",
        "TIMESTAMP",
        "TIMESTAMPTZ",
        "NUMERIC",
        "JSONB",
        "JSON",
        "INTERVAL",
    ];
    assert_eq!(types, wanted);

    sqlx::query("INSERT INTO v (i4, t) VALUES ($1, $2)")
        .bind(None::<i32>)
        .bind(None::<String>)
        .execute(pool)
        .await?;
    let nothing: (Option<i32>, Option<String>, Option<Decimal>) =
        sqlx::query_as("SELECT i4, t, n FROM v WHERE i2 IS NULL").fetch_one(pool).await?;
    assert_eq!(nothing, (None, None, None));
    // A wrong type is found by the driver, which knows the server's.
    let wrong =
        sqlx::query_scalar::<_, i32>("SELECT i8 FROM v WHERE i8 IS NOT NULL").fetch_one(pool).await;
    assert!(matches!(wrong, Err(sqlx::Error::ColumnDecode { .. })), "{wrong:?}");
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, sqlx::Type)]
#[sqlx(type_name = "side", rename_all = "lowercase")]
enum Side {
    Buy,
    Sell,
}

async fn arrays_and_enums(pool: &PgPool) -> Outcome {
    pool.execute("CREATE TYPE side AS ENUM ('buy', 'sell')").await?;
    pool.execute(
        "CREATE TABLE orders (id bigint PRIMARY KEY, side side NOT NULL, tags text[], \
         parts bigint[])",
    )
    .await?;
    sqlx::query("INSERT INTO orders VALUES ($1, $2, $3, $4)")
        .bind(1_i64)
        .bind(Side::Sell)
        .bind(vec![Some("a, b".to_owned()), None, Some("\"q\"".to_owned())])
        .bind(vec![1_i64, -2, 3])
        .execute(pool)
        .await?;
    let (side, tags, parts): (Side, Vec<Option<String>>, Vec<i64>) =
        sqlx::query_as("SELECT side, tags, parts FROM orders").fetch_one(pool).await?;
    assert_eq!(side, Side::Sell);
    assert_eq!(tags, [Some("a, b".to_owned()), None, Some("\"q\"".to_owned())]);
    assert_eq!(parts, [1, -2, 3]);
    let found: Vec<i64> =
        sqlx::query_scalar("SELECT id FROM orders WHERE side = $1 AND id = ANY($2)")
            .bind(Side::Sell)
            .bind(&[1_i64, 5][..])
            .fetch_all(pool)
            .await?;
    assert_eq!(found, [1]);
    let none: Option<i64> = sqlx::query_scalar("SELECT id FROM orders WHERE side = $1")
        .bind(Side::Buy)
        .fetch_optional(pool)
        .await?;
    assert_eq!(none, None);
    Ok(())
}

#[derive(PartialEq, Debug, sqlx::FromRow)]
struct Account {
    id: i64,
    #[sqlx(rename = "holder")]
    name: String,
    balance: Decimal,
    note: Option<String>,
}

async fn rows(pool: &PgPool) -> Outcome {
    pool.execute(
        "CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
         holder text NOT NULL \
         UNIQUE, balance numeric(12, 2) NOT NULL CHECK (balance >= 0), note text)",
    )
    .await?;
    let id: i64 =
        sqlx::query_scalar("INSERT INTO accounts (holder, balance) VALUES ($1, $2) RETURNING id")
            .bind("ann")
            .bind(Decimal::new(10_050, 2))
            .fetch_one(pool)
            .await?;
    let account: Account =
        sqlx::query_as("SELECT * FROM accounts WHERE id = $1").bind(id).fetch_one(pool).await?;
    let wanted = Account { id, name: "ann".into(), balance: Decimal::new(10_050, 2), note: None };
    assert_eq!(account, wanted);
    let none: Option<Account> = sqlx::query_as("SELECT * FROM accounts WHERE id = $1")
        .bind(-1_i64)
        .fetch_optional(pool)
        .await?;
    assert!(none.is_none());
    let missing = sqlx::query("SELECT 1 WHERE false").fetch_one(pool).await;
    assert!(matches!(missing, Err(sqlx::Error::RowNotFound)));
    let done = sqlx::query(
        "INSERT INTO accounts (holder, balance) VALUES ('ann', 1) \
         ON CONFLICT (holder) DO UPDATE SET balance = accounts.balance + excluded.balance",
    )
    .execute(pool)
    .await?;
    assert_eq!(done.rows_affected(), 1);
    let upper = sqlx::query("SELECT holder, balance FROM accounts")
        .map(|row: PgRow| (row.get::<String, _>(0).to_uppercase(), row.get::<Decimal, _>(1)))
        .fetch_all(pool)
        .await?;
    assert_eq!(upper, [("ANN".to_owned(), Decimal::new(10_150, 2))]);
    Ok(())
}

async fn many_rows(pool: &PgPool) -> Outcome {
    pool.execute("CREATE TABLE numbers (n integer PRIMARY KEY, square bigint NOT NULL)").await?;
    let mut insert = QueryBuilder::new("INSERT INTO numbers (n, square) ");
    insert.push_values(0..5_000_i32, |mut row, n| {
        row.push_bind(n).push_bind(i64::from(n) * i64::from(n));
    });
    assert_eq!(insert.build().execute(pool).await?.rows_affected(), 5_000);
    let (n, squares): (Vec<i32>, Vec<i64>) =
        (5_000..6_000).map(|n| (n, i64::from(n) * i64::from(n))).unzip();
    sqlx::query("INSERT INTO numbers SELECT * FROM UNNEST($1::integer[], $2::bigint[])")
        .bind(n)
        .bind(squares)
        .execute(pool)
        .await?;
    let mut stream =
        sqlx::query_as::<_, (i32, i64)>("SELECT n, square FROM numbers ORDER BY n").fetch(pool);
    let mut count = 0;
    while let Some((n, square)) = stream.try_next().await? {
        assert_eq!((n, square), (count, i64::from(count) * i64::from(count)));
        count += 1;
    }
    assert_eq!(count, 6_000);
    drop(stream);
    // A stream that is given up leaves a connection that works.
    let mut connection = pool.acquire().await?;
    {
        let mut stream = sqlx::query("SELECT n FROM numbers").fetch(&mut *connection);
        assert!(stream.try_next().await?.is_some());
    }
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM numbers").fetch_one(&mut *connection).await?;
    assert_eq!(left, 6_000);
    // Several statements in one message, with results and counts between each other.
    let mut results =
        connection.fetch_many("UPDATE numbers SET square = 0 WHERE n < 3; SELECT 7 AS a; SELECT 8");
    let mut seen = Vec::new();
    while let Some(step) = results.try_next().await? {
        seen.push(match step {
            Either::Left(done) => -i64::try_from(done.rows_affected())?,
            Either::Right(row) => i64::from(row.get::<i32, _>(0)),
        });
    }
    assert_eq!(seen, [-3, 7, -1, 8, -1]);
    Ok(())
}

fn code(error: &sqlx::Error) -> String {
    error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned()
}

async fn errors(pool: &PgPool) -> Outcome {
    pool.execute(
        "CREATE TABLE entries (id integer PRIMARY KEY, \
         account bigint NOT NULL REFERENCES accounts)",
    )
    .await?;
    let duplicate =
        sqlx::query("INSERT INTO accounts (holder, balance) VALUES ('ann', 1)").execute(pool).await;
    let duplicate = duplicate.unwrap_err().into_database_error().unwrap();
    assert!(duplicate.is_unique_violation());
    assert_eq!(duplicate.constraint(), Some("accounts_holder_key"));
    assert_eq!(duplicate.table(), Some("accounts"));
    let orphan = sqlx::query("INSERT INTO entries VALUES (1, 999)").execute(pool).await;
    let orphan = orphan.unwrap_err().into_database_error().unwrap();
    assert!(orphan.is_foreign_key_violation(), "{orphan:?}");
    let negative = sqlx::query("UPDATE accounts SET balance = -1").execute(pool).await;
    assert!(negative.unwrap_err().into_database_error().unwrap().is_check_violation());
    let missing =
        sqlx::query("INSERT INTO accounts (balance) VALUES (1)").execute(pool).await.unwrap_err();
    assert_eq!(code(&missing), "23502");
    let unknown = sqlx::query("SELECT nothing FROM accounts").execute(pool).await.unwrap_err();
    assert_eq!(code(&unknown), "42703");
    let syntax = sqlx::query("SELEC 1").execute(pool).await.unwrap_err();
    let syntax = syntax.into_database_error().unwrap();
    let syntax = syntax.downcast_ref::<sqlx::postgres::PgDatabaseError>();
    assert_eq!(syntax.code(), "42601");
    assert!(matches!(syntax.position(), Some(sqlx::postgres::PgErrorPosition::Original(1))));
    // The connection is good after each of them.
    assert_eq!(sqlx::query_scalar::<_, i32>("SELECT 1").fetch_one(pool).await?, 1);
    Ok(())
}

async fn balance(pool: &PgPool) -> Result<Decimal, sqlx::Error> {
    sqlx::query_scalar("SELECT balance FROM accounts WHERE holder = 'ann'").fetch_one(pool).await
}

async fn transactions(pool: &PgPool) -> Outcome {
    let add = "UPDATE accounts SET balance = balance + 1 WHERE holder = 'ann'";
    let before = balance(pool).await?;
    let mut dropped = pool.begin().await?;
    dropped.execute(add).await?;
    drop(dropped);
    assert_eq!(balance(pool).await?, before);
    let mut outer = pool.begin().await?;
    outer.execute(add).await?;
    {
        let mut inner = outer.begin().await?;
        inner.execute(add).await?;
        inner.rollback().await?;
    }
    {
        let mut inner = outer.begin().await?;
        let failed = inner.execute("SELECT 1 / 0").await.unwrap_err();
        assert_eq!(code(&failed), "22012");
        let refused = inner.execute(add).await.unwrap_err();
        assert_eq!(code(&refused), "25P02");
    }
    {
        let mut inner = outer.begin().await?;
        inner.execute(add).await?;
        inner.commit().await?;
    }
    assert_eq!(balance(pool).await?, before);
    outer.commit().await?;
    assert_eq!(balance(pool).await?, before + Decimal::TWO);
    Ok(())
}

async fn isolation(pool: &PgPool) -> Outcome {
    let mut first = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
    let seen: Decimal = sqlx::query_scalar("SELECT balance FROM accounts WHERE holder = 'ann'")
        .fetch_one(&mut *first)
        .await?;
    pool.execute("UPDATE accounts SET balance = balance + 5 WHERE holder = 'ann'").await?;
    let again: Decimal = sqlx::query_scalar("SELECT balance FROM accounts WHERE holder = 'ann'")
        .fetch_one(&mut *first)
        .await?;
    assert_eq!(seen, again);
    let late =
        first.execute("UPDATE accounts SET balance = 0 WHERE holder = 'ann'").await.unwrap_err();
    assert_eq!(code(&late), "40001");
    first.rollback().await?;
    let mut reader = pool.begin_with("BEGIN READ ONLY").await?;
    let refused = reader.execute("DELETE FROM entries").await.unwrap_err();
    assert_eq!(code(&refused), "25006");
    Ok(())
}

/// Statements that a connection has prepared, over a table that changes.
async fn changed_tables(pool: &PgPool) -> Outcome {
    let mut connection = pool.acquire().await?;
    connection
        .execute("CREATE TABLE changing (a integer); INSERT INTO changing VALUES (1)")
        .await?;
    let all = "SELECT * FROM changing";
    assert_eq!(sqlx::query(all).fetch_one(&mut *connection).await?.len(), 1);
    connection.execute("ALTER TABLE changing ADD COLUMN b text DEFAULT 'x'").await?;
    let stale = sqlx::query(all).fetch_one(&mut *connection).await.unwrap_err();
    assert_eq!(code(&stale), "0A000");
    connection.clear_cached_statements().await?;
    let row = sqlx::query(all).fetch_one(&mut *connection).await?;
    assert_eq!((row.get::<i32, _>("a"), row.get::<&str, _>("b")), (1, "x"));
    // Prepared statements that name their columns go on.
    let named = "SELECT a FROM changing";
    assert_eq!(sqlx::query_scalar::<_, i32>(named).fetch_one(&mut *connection).await?, 1);
    connection.execute("ALTER TABLE changing ADD COLUMN c integer").await?;
    assert_eq!(sqlx::query_scalar::<_, i32>(named).fetch_one(&mut *connection).await?, 1);
    Ok(())
}

/// What `query!` asks when it is compiled: types of parameters and columns, and what may be NULL.
async fn described(pool: &PgPool) -> Outcome {
    let mut connection = pool.acquire().await?;
    let text = "SELECT id, holder, note, balance + $1 AS more FROM accounts WHERE holder = $2";
    let described = (&mut *connection).describe(SqlStr::from_static(text)).await?;
    let columns: Vec<(&str, &str)> = described
        .columns()
        .iter()
        .map(|column| (column.name(), column.type_info().name()))
        .collect();
    assert_eq!(
        columns,
        [("id", "INT8"), ("holder", "TEXT"), ("note", "TEXT"), ("more", "NUMERIC")]
    );
    let nullable: Vec<Option<bool>> = (0..4).map(|at| described.nullable(at)).collect();
    assert_eq!(nullable, [Some(false), Some(false), Some(true), None]);
    let Some(Either::Left(parameters)) = described.parameters() else {
        return Err("no parameters".into());
    };
    let parameters: Vec<&str> = parameters.iter().map(|ty| ty.name()).collect();
    assert_eq!(parameters, ["NUMERIC", "TEXT"]);
    Ok(())
}

/// Runs migrations by a connection of their own: sqlx keeps the lock under which it migrates when
/// it fails, and back in the pool such a connection would hold up whoever migrates next.
async fn run_alone(
    folder: &std::path::Path,
    pool: &PgPool,
) -> Result<(), sqlx::migrate::MigrateError> {
    let mut connection = pool.acquire().await?.detach();
    let result = sqlx::migrate::Migrator::new(folder).await?.run(&mut connection).await;
    connection.close().await?;
    result
}

/// Migrations of files, as `sqlx migrate run` does them.
async fn migrations(pool: &PgPool) -> Outcome {
    use sqlx::migrate::Migrator;
    let folder = std::env::temp_dir().join(format!("check_sqlx_{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text);
    write("1_books.up.sql", "CREATE TABLE books (id serial PRIMARY KEY, title text NOT NULL);")?;
    write("1_books.down.sql", "DROP TABLE books;")?;
    write(
        "2_year.up.sql",
        "ALTER TABLE books ADD COLUMN year integer;\nCREATE INDEX books_year ON books (year);\n\
         INSERT INTO books (title, year) VALUES ('one', 1999);",
    )?;
    write("2_year.down.sql", "ALTER TABLE books DROP COLUMN year;")?;
    let migrator = Migrator::new(&*folder).await?;
    migrator.run(pool).await?;
    migrator.run(pool).await?;
    let applied: Vec<(i64, String, bool)> =
        sqlx::query_as("SELECT version, description, success FROM _sqlx_migrations ORDER BY 1")
            .fetch_all(pool)
            .await?;
    assert_eq!(applied, [(1, "books".to_owned(), true), (2, "year".to_owned(), true)]);
    let book: (i32, i32) = sqlx::query_as("SELECT id, year FROM books").fetch_one(pool).await?;
    assert_eq!(book, (1, 1999));
    // One that fails leaves nothing of itself.
    write("3_broken.up.sql", "CREATE TABLE half (a integer);\nSELECT 1 / 0;")?;
    write("3_broken.down.sql", "DROP TABLE half;")?;
    assert!(run_alone(&folder, pool).await.is_err());
    let half: Option<String> =
        sqlx::query_scalar("SELECT to_regclass('half')::text").fetch_one(pool).await?;
    assert_eq!(half, None);
    // One that was changed afterwards is refused.
    std::fs::remove_file(folder.join("3_broken.up.sql"))?;
    std::fs::remove_file(folder.join("3_broken.down.sql"))?;
    write("1_books.up.sql", "CREATE TABLE books (id bigserial PRIMARY KEY);")?;
    let changed = run_alone(&folder, pool).await;
    assert!(matches!(changed, Err(sqlx::migrate::MigrateError::VersionMismatch(1))), "{changed:?}");
    migrator.undo(pool, 0).await?;
    let books: Option<String> =
        sqlx::query_scalar("SELECT to_regclass('books')::text").fetch_one(pool).await?;
    assert_eq!(books, None);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

async fn copies(pool: &PgPool) -> Outcome {
    pool.execute("CREATE TABLE copied (id integer PRIMARY KEY, name text)").await?;
    let mut connection = pool.acquire().await?;
    let mut copy = connection.copy_in_raw("COPY copied FROM STDIN WITH (FORMAT csv)").await?;
    for n in 0..20_000 {
        copy.send(format!("{n},\"name, {n}\"\n").as_bytes()).await?;
    }
    assert_eq!(copy.finish().await?, 20_000);
    let mut copy = connection.copy_in_raw("COPY copied FROM STDIN").await?;
    copy.send("20000\tx\n".as_bytes()).await?;
    copy.abort("no more of it").await?;
    let mut copy = connection.copy_in_raw("COPY copied FROM STDIN").await?;
    copy.send("20000\tx\n5\tagain\n".as_bytes()).await?;
    let duplicate = copy.finish().await.unwrap_err();
    assert_eq!(code(&duplicate), "23505");
    let context = duplicate.into_database_error().unwrap();
    let context =
        context.downcast_ref::<sqlx::postgres::PgDatabaseError>().r#where().map(ToOwned::to_owned);
    assert_eq!(context.as_deref(), Some("COPY copied, line 2"));
    let mut out = connection
        .copy_out_raw("COPY (SELECT * FROM copied ORDER BY id LIMIT 2) TO STDOUT")
        .await?;
    let mut text = Vec::new();
    while let Some(chunk) = out.try_next().await? {
        text.extend_from_slice(&chunk);
    }
    drop(out);
    assert_eq!(String::from_utf8(text)?, "0\tname, 0\n1\tname, 1\n");
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM copied").fetch_one(&mut *connection).await?;
    assert_eq!(count, 20_000);
    Ok(())
}

async fn notifications(pool: &PgPool) -> Outcome {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen_all(["first", "second"]).await?;
    let mut transaction = pool.begin().await?;
    sqlx::query("SELECT pg_notify($1, $2)")
        .bind("second")
        .bind("in a transaction")
        .execute(&mut *transaction)
        .await?;
    pool.execute("NOTIFY first, 'at once'").await?;
    let told = tokio::time::timeout(Duration::from_secs(10), listener.recv()).await??;
    assert_eq!((told.channel(), told.payload()), ("first", "at once"));
    transaction.commit().await?;
    let told = tokio::time::timeout(Duration::from_secs(10), listener.recv()).await??;
    assert_eq!((told.channel(), told.payload()), ("second", "in a transaction"));
    listener.unlisten("first").await?;
    pool.execute("NOTIFY first").await?;
    let nothing = tokio::time::timeout(Duration::from_millis(200), listener.recv()).await;
    assert!(nothing.is_err());
    Ok(())
}

async fn locks(pool: &PgPool) -> Outcome {
    let lock = PgAdvisoryLock::new("check_sqlx");
    let guard = lock.acquire(pool.acquire().await?).await?;
    let other = lock.try_acquire(pool.acquire().await?).await?;
    assert!(matches!(other, Either::Right(_)));
    guard.release_now().await?;
    let Either::Left(guard) = lock.try_acquire(pool.acquire().await?).await? else {
        return Err("the lock is not free".into());
    };
    guard.release_now().await?;
    Ok(())
}

/// More tasks than connections, each with transactions of its own: no raise is lost.
async fn at_once(pool: &PgPool) -> Outcome {
    pool.execute("CREATE TABLE counters (id integer PRIMARY KEY, n bigint NOT NULL)").await?;
    pool.execute("INSERT INTO counters SELECT n, 0 FROM generate_series(0, 3) n").await?;
    let mut tasks = Vec::new();
    for task in 0..24_i32 {
        let pool = pool.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..20 {
                let mut transaction = pool.begin().await?;
                let n: i64 = sqlx::query_scalar("SELECT n FROM counters WHERE id = $1 FOR UPDATE")
                    .bind(task % 4)
                    .fetch_one(&mut *transaction)
                    .await?;
                sqlx::query("UPDATE counters SET n = $2 WHERE id = $1")
                    .bind(task % 4)
                    .bind(n + 1)
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
            }
            Ok::<_, sqlx::Error>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    let counted: Vec<i64> =
        sqlx::query_scalar("SELECT n FROM counters ORDER BY id").fetch_all(pool).await?;
    assert_eq!(counted, [120; 4]);
    // A statement that is given up is no harm to the next one of its connection.
    let mut connection = pool.acquire().await?;
    let slow = sqlx::query("SELECT pg_sleep(5)").execute(&mut *connection);
    assert!(tokio::time::timeout(Duration::from_millis(100), slow).await.is_err());
    drop(connection);
    connection = pool.acquire().await?;
    connection.ping().await?;
    Ok(())
}
