//! Guards: values of every type come and go in both formats, and are the same.

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};

use crate::setup::{Setup, state};

/// The bytes of a value, whatever its type.
#[derive(Debug, PartialEq)]
struct Bytes(Option<Vec<u8>>);

impl<'b> FromSql<'b> for Bytes {
    fn from_sql(
        _: &Type,
        bytes: &'b [u8],
    ) -> Result<Bytes, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Bytes(Some(bytes.to_vec())))
    }

    fn from_sql_null(_: &Type) -> Result<Bytes, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Bytes(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl ToSql for Bytes {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match &self.0 {
            Some(bytes) => {
                out.extend_from_slice(bytes);
                Ok(IsNull::No)
            }
            None => Ok(IsNull::Yes),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// Each value goes out as binary, comes back as a parameter in binary, and is the same text.
#[test]
fn values_are_the_same_in_both_formats() {
    let setup = Setup::new();
    let client = setup.client();
    let values = [
        ("boolean", "true", "t"),
        ("smallint", "-7", "-7"),
        ("integer", "2147483647", "2147483647"),
        ("bigint", "-9223372036854775808", "-9223372036854775808"),
        ("real", "1.5", "1.5"),
        ("double precision", "1e300", "1e+300"),
        ("numeric", "-12345678901234567890.123400", "-12345678901234567890.123400"),
        ("numeric", "0.00001", "0.00001"),
        ("numeric", "NaN", "NaN"),
        ("text", "caf\u{e9}", "caf\u{e9}"),
        ("varchar", "abc", "abc"),
        ("bytea", "\\x00ff10", "\\x00ff10"),
        ("date", "2024-02-29", "2024-02-29"),
        ("date", "infinity", "infinity"),
        ("time", "23:59:59.999999", "23:59:59.999999"),
        ("timestamp", "1999-12-31 23:59:59.5", "1999-12-31 23:59:59.5"),
        ("timestamptz", "2024-01-01 12:00:00+02", "2024-01-01 10:00:00+00"),
        ("interval", "1 year 2 mons -3 days 04:05:06.7", "1 year 2 mons -3 days +04:05:06.7"),
        ("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ("json", "{\"a\": [1, null]}", "{\"a\": [1, null]}"),
        ("jsonb", "{\"b\":1,\"a\":2}", "{\"a\": 2, \"b\": 1}"),
        ("integer[]", "{1,NULL,3}", "{1,NULL,3}"),
        ("text[]", "{a,\"b c\",\"\"}", "{a,\"b c\",\"\"}"),
        ("integer[]", "{{1,2},{3,4}}", "{{1,2},{3,4}}"),
        ("integer[]", "{}", "{}"),
        ("timestamptz[]", "{2024-01-01 00:00:00+00}", "{\"2024-01-01 00:00:00+00\"}"),
    ];
    setup.run(async {
        for (ty, text, shown) in values {
            let literal = text.replace('\'', "''");
            let told = client.simple_query(&format!("select '{literal}'::{ty}")).await.unwrap();
            let row = told.iter().find_map(|told| match told {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            });
            assert_eq!(row.as_deref(), Some(shown), "{ty} {text} as text");
            let sent = client.query_one(&format!("select '{literal}'::{ty}"), &[]).await.unwrap();
            let bytes: Bytes = sent.get(0);
            let back = client
                .query_one(&format!("select $1::{ty}, $1::{ty}::text"), &[&bytes])
                .await
                .unwrap_or_else(|error| panic!("{ty} {text}: {error:?}"));
            assert_eq!(back.get::<_, Bytes>(0), bytes, "{ty} {text}");
            if !matches!(ty, "boolean") {
                let told: String = back.get(1);
                assert_eq!(told, shown, "{ty} {text} back");
            }
        }
    });
}

#[test]
fn nulls_are_null_in_both_formats() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        for ty in ["integer", "text", "numeric", "timestamptz", "integer[]", "jsonb", "uuid"] {
            let row = client
                .query_one(&format!("select $1::{ty}, $1::{ty} is null"), &[&Bytes(None)])
                .await
                .unwrap();
            assert_eq!(row.get::<_, Bytes>(0), Bytes(None));
            assert!(row.get::<_, bool>(1), "{ty}");
        }
    });
}

#[test]
fn rust_values_are_what_they_are() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        let row = client
            .query_one(
                "select $1::int2, $2::int4, $3::int8, $4::float4, $5::float8, $6::text, $7::bool, \
                 $8::bytea, $9::int4[], $10::text[]",
                &[
                    &7_i16,
                    &-8_i32,
                    &9_i64,
                    &1.25_f32,
                    &-2.5_f64,
                    &"text",
                    &true,
                    &&b"\x00\xff"[..],
                    &vec![1_i32, 2],
                    &vec!["a", "b"],
                ],
            )
            .await
            .unwrap();
        assert_eq!(
            (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)),
            (7_i16, -8_i32, 9_i64, 1.25_f32, -2.5_f64)
        );
        assert_eq!((row.get::<_, &str>(5), row.get::<_, bool>(6)), ("text", true));
        assert_eq!(row.get::<_, &[u8]>(7), b"\x00\xff");
        assert_eq!(row.get::<_, Vec<i32>>(8), [1, 2]);
        assert_eq!(row.get::<_, Vec<&str>>(9), ["a", "b"]);
    });
}

#[test]
fn parameters_that_are_none_are_refused() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        let statement = client.prepare("select $1::int4").await.unwrap();
        let short = Bytes(Some(vec![0, 1]));
        let refused = client.query(&statement, &[&short]).await.unwrap_err();
        assert!(matches!(state(&refused).as_str(), "08P01" | "22P03"), "{refused:?}");
        let statement = client.prepare("select $1::text").await.unwrap();
        let refused =
            client.query(&statement, &[&Bytes(Some(vec![0xff, 0xfe]))]).await.unwrap_err();
        assert_eq!(state(&refused), "22021");
        // The session goes on.
        assert_eq!(client.query_one("select 1", &[]).await.unwrap().get::<_, i32>(0), 1);
    });
}

#[test]
fn columns_are_described() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        client
            .batch_execute("create table t (a int, b numeric(10,2), c varchar(5), d timestamptz)")
            .await
            .unwrap();
        let statement =
            client.prepare("select a, b, c, d, $1::int8 from t where b > $2").await.unwrap();
        let types: Vec<&Type> = statement.columns().iter().map(|column| column.type_()).collect();
        assert_eq!(
            types,
            [&Type::INT4, &Type::NUMERIC, &Type::VARCHAR, &Type::TIMESTAMPTZ, &Type::INT8]
        );
        assert_eq!(statement.params(), [Type::INT8, Type::NUMERIC]);
        let insert = client.prepare("insert into t (a) values ($1)").await.unwrap();
        assert!(insert.columns().is_empty());
        assert_eq!(insert.params(), [Type::INT4]);
    });
}

#[test]
fn many_rows_are_the_same_in_both_protocols() {
    let setup = Setup::new();
    let client = setup.client();
    setup.run(async {
        let text = "select g, repeat('x', g % 100) from generate_series(1, 50000) g";
        let rows = client.query(text, &[]).await.unwrap();
        assert_eq!(rows.len(), 50_000);
        for (number, row) in rows.iter().enumerate() {
            assert_eq!(row.get::<_, i32>(0), i32::try_from(number).unwrap() + 1);
            assert_eq!(row.get::<_, &str>(1).len(), (number + 1) % 100);
        }
        let told = client.simple_query(text).await.unwrap();
        let count =
            told.iter().filter(|told| matches!(told, tokio_postgres::SimpleQueryMessage::Row(_)));
        assert_eq!(count.count(), 50_000);
    });
}
