//! The types of PostgreSQL that values are drawn of, and constants of them.

use bourse_storage::sync::sim::Random;

/// What type an expression or a column has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Int2,
    Int4,
    Int8,
    Numeric,
    Float4,
    Float8,
    Text,
    Varchar,
    Bytea,
    Boolean,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Ints,
    Texts,
    Mood,
}

const INT2_TEXTS: &[&str] = &["0", "1", "-1", "2", "3", "7", "100", "32767", "-32768"];
const INT4_TEXTS: &[&str] =
    &["0", "1", "-1", "2", "3", "5", "7", "10", "13", "2147483647", "-2147483648"];
const INT8_TEXTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "12",
    "1000",
    "2147483648",
    "9223372036854775807",
    "-9223372036854775808",
];
const NUMERIC_TEXTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "1.5",
    "2.25",
    "-0.5",
    "0.001",
    "10.00",
    "123456.789",
    "1e10",
    "NaN",
    "-2.5",
    "99999999",
];
const FLOAT4_TEXTS: &[&str] =
    &["0", "1", "-1", "1.5", "0.1", "-2.5", "3.25", "1e10", "1e-5", "16777217", "NaN", "Infinity"];
const FLOAT8_TEXTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "1.5",
    "0.1",
    "-2.5",
    "3.25",
    "1e15",
    "1e-5",
    "123456.789",
    "NaN",
    "-Infinity",
    "1e300",
];
const TEXT_TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "ab",
    "abc",
    "Abc ",
    " a",
    "1",
    "1.5",
    "12abc",
    "-7",
    "it''s",
    "%",
    "a_c",
    "\u{e9}\u{df}",
    "a,b,c",
    "NULL",
    "foo bar baz",
    "aaa",
];
const VARCHAR_TEXTS: &[&str] = &["", "a", "b", "AB", "abc", "x y", "12", "\u{e9}", "%a_"];
const BYTEA_TEXTS: &[&str] = &["", "\\x00", "\\x61", "\\x616263", "\\xff00", "abc"];
const BOOLEAN_TEXTS: &[&str] = &["true", "false", "t", "no"];
const DATE_TEXTS: &[&str] = &[
    "2024-02-29",
    "2023-12-31",
    "1970-01-01",
    "2000-01-01",
    "1999-12-31",
    "2024-07-04",
    "0044-03-15 BC",
    "infinity",
    "9999-12-31",
    "2021-01-03",
];
const TIME_TEXTS: &[&str] =
    &["00:00:00", "12:34:56", "23:59:59.999999", "08:30", "24:00:00", "17:05:09.5"];
const TIMESTAMP_TEXTS: &[&str] = &[
    "2024-02-29 12:34:56",
    "2023-12-31 23:59:59.999",
    "1970-01-01 00:00:00",
    "2000-01-01 08:30:00.123456",
    "1969-07-20 20:17:40",
    "infinity",
    "-infinity",
    "2024-03-31 02:30:00",
    "0001-01-01 00:00:00 BC",
    "2024-11-03 01:30:00",
];
const TIMESTAMPTZ_TEXTS: &[&str] = &[
    "2024-02-29 12:34:56+00",
    "2023-12-31 23:59:59.999-05",
    "1970-01-01 00:00:00+05:30",
    "2024-03-10 02:30:00 America/New_York",
    "infinity",
    "2024-10-27 01:30:00 Europe/Berlin",
    "1900-01-01 00:00:00+00",
    "2024-06-15 18:00:00Z",
];
const INTERVAL_TEXTS: &[&str] = &[
    "1 day",
    "-1 day",
    "1 month",
    "1 year 2 mons",
    "02:30:00",
    "-00:00:01.5",
    "3 days 04:05:06",
    "00:00:00",
    "1 mon -1 day",
    "100 hours",
    "P1Y2M3DT4H5M6S",
    "1.5 days",
    "-2 years",
];
const UUID_TEXTS: &[&str] = &[
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "00000000-0000-0000-0000-000000000000",
    "A0EEBC999C0B4EF8BB6D6BB9BD380A12",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
];
const JSON_TEXTS: &[&str] = &[
    "{\"a\": 1, \"b\": [1, 2, {\"c\": null}]}",
    "[1, \"two\", true, null, 2.5]",
    "{}",
    "[]",
    "null",
    "\"text\"",
    "42",
    "true",
    "{\"b\":\"x\",\"a\":{\"a\":\"y\"}}",
    "[[1,2],[3]]",
    "{\"a\": \"\\u00e9\", \"c\": -1.5e2}",
    "[3, 1, 2]",
];
const INTS_TEXTS: &[&str] =
    &["{}", "{1}", "{1,2,3}", "{3,NULL,1}", "{{1,2},{3,4}}", "{7,7}", "[2:3]={5,6}"];
const TEXTS_TEXTS: &[&str] = &["{}", "{a}", "{a,b,c}", "{\"x y\",NULL,\"\"}", "{b,a,b}", "{NULL}"];
const MOOD_TEXTS: &[&str] = &["sad", "ok", "happy"];

impl Kind {
    pub(super) const ALL: [Kind; 21] = [
        Kind::Int2,
        Kind::Int4,
        Kind::Int8,
        Kind::Numeric,
        Kind::Float4,
        Kind::Float8,
        Kind::Text,
        Kind::Varchar,
        Kind::Bytea,
        Kind::Boolean,
        Kind::Date,
        Kind::Time,
        Kind::Timestamp,
        Kind::TimestampTz,
        Kind::Interval,
        Kind::Uuid,
        Kind::Json,
        Kind::Jsonb,
        Kind::Ints,
        Kind::Texts,
        Kind::Mood,
    ];

    /// What a column is declared as.
    pub(super) fn declared(self) -> &'static str {
        match self {
            Kind::Int2 => "smallint",
            Kind::Int4 => "integer",
            Kind::Int8 => "bigint",
            Kind::Numeric => "numeric(12,3)",
            Kind::Float4 => "real",
            Kind::Float8 => "double precision",
            Kind::Text => "text",
            Kind::Varchar => "varchar(12)",
            Kind::Bytea => "bytea",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::Timestamp => "timestamp",
            Kind::TimestampTz => "timestamptz",
            Kind::Interval => "interval",
            Kind::Uuid => "uuid",
            Kind::Json => "json",
            Kind::Jsonb => "jsonb",
            Kind::Ints => "integer[]",
            Kind::Texts => "text[]",
            Kind::Mood => "mood",
        }
    }

    /// The type without a modifier, as a cast names it.
    pub(super) fn cast(self) -> &'static str {
        match self {
            Kind::Numeric => "numeric",
            Kind::Varchar => "varchar",
            other => other.declared(),
        }
    }

    /// Whether values have an order and are equal or not.
    pub(super) fn is_ordered(self) -> bool {
        self != Kind::Json
    }

    /// Whether equal values may be written in several ways.
    pub(super) fn has_spellings(self) -> bool {
        matches!(self, Kind::Numeric | Kind::Float4 | Kind::Float8 | Kind::Interval | Kind::Jsonb)
    }

    pub(super) fn is_float(self) -> bool {
        matches!(self, Kind::Float4 | Kind::Float8)
    }

    /// Constants as they are written in quotes.
    fn texts(self) -> &'static [&'static str] {
        match self {
            Kind::Int2 => INT2_TEXTS,
            Kind::Int4 => INT4_TEXTS,
            Kind::Int8 => INT8_TEXTS,
            Kind::Numeric => NUMERIC_TEXTS,
            Kind::Float4 => FLOAT4_TEXTS,
            Kind::Float8 => FLOAT8_TEXTS,
            Kind::Text => TEXT_TEXTS,
            Kind::Varchar => VARCHAR_TEXTS,
            Kind::Bytea => BYTEA_TEXTS,
            Kind::Boolean => BOOLEAN_TEXTS,
            Kind::Date => DATE_TEXTS,
            Kind::Time => TIME_TEXTS,
            Kind::Timestamp => TIMESTAMP_TEXTS,
            Kind::TimestampTz => TIMESTAMPTZ_TEXTS,
            Kind::Interval => INTERVAL_TEXTS,
            Kind::Uuid => UUID_TEXTS,
            Kind::Json | Kind::Jsonb => JSON_TEXTS,
            Kind::Ints => INTS_TEXTS,
            Kind::Texts => TEXTS_TEXTS,
            Kind::Mood => MOOD_TEXTS,
        }
    }

    /// A constant as a row of a table has it: without a cast.
    pub(super) fn quoted(self, random: &mut Random) -> String {
        // Columns keep no infinite times, and timestamps of the years 1678 to 2261 only.
        let is_kept = |text: &&&str| !text.ends_with("infinity") && !text.ends_with("BC");
        let texts: Vec<&&str> = self.texts().iter().filter(is_kept).collect();
        let text = *texts[random.index(texts.len())];
        match self {
            Kind::Numeric if matches!(text, "1e10" | "NaN") => "12.345".to_owned(),
            Kind::Int2 | Kind::Int4 | Kind::Int8 => text.to_owned(),
            _ => format!("'{text}'"),
        }
    }

    /// A constant of the type, edges often.
    pub(super) fn literal(self, random: &mut Random) -> String {
        let texts = self.texts();
        let text = texts[random.index(texts.len())];
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Kind::Int4 if is_number => text.to_owned(),
            Kind::Int4 if text != "-2147483648" => format!("({text})"),
            Kind::Numeric if text.contains('.') && random.one_in(2) => format!("({text})"),
            Kind::Boolean if text.len() > 3 => text.to_owned(),
            Kind::Text if random.one_in(2) => format!("'{text}'"),
            Kind::Bytea if text.is_empty() || text.starts_with('\\') || random.one_in(2) => {
                format!("'{text}'::bytea")
            }
            Kind::Ints if random.one_in(3) => {
                format!("ARRAY[{}, {}]", random.below(5), random.below(9))
            }
            Kind::Texts if random.one_in(3) => "ARRAY['b', 'a']".to_owned(),
            Kind::Date | Kind::Time | Kind::Timestamp | Kind::TimestampTz | Kind::Interval
                if random.one_in(2) =>
            {
                format!("{} '{text}'", self.cast())
            }
            _ => format!("'{text}'::{}", self.cast()),
        }
    }
}
