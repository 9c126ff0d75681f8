//! Aggregates and functions of windows.

use super::kind::Kind;
use super::kind::Kind::{
    Boolean, Date, Float4, Float8, Int2, Int4, Int8, Interval, Ints, Json, Jsonb, Mood, Numeric,
    Text, Texts, Time, Timestamp, TimestampTz, Uuid, Varchar,
};
use super::templates::Template;
use super::writer::Composer;

/// Those whose result does not hang on the order of their rows.
const AGGREGATES: &[Template] = &[
    ("count(*)", &[], Int8),
    ("count($1)", &[Text], Int8),
    ("count(DISTINCT $1)", &[Int4], Int8),
    ("count(DISTINCT $1)", &[Text], Int8),
    ("sum($1)", &[Int2], Int8),
    ("sum($1)", &[Int4], Int8),
    ("sum($1)", &[Int8], Numeric),
    ("sum($1)", &[Numeric], Numeric),
    ("sum($1)", &[Float8], Float8),
    ("sum($1)", &[Float4], Float4),
    ("sum($1)", &[Interval], Interval),
    ("sum(DISTINCT $1)", &[Int4], Int8),
    ("avg($1)", &[Int4], Numeric),
    ("avg($1)", &[Int8], Numeric),
    ("avg($1)", &[Numeric], Numeric),
    ("avg($1)", &[Float8], Float8),
    ("avg($1)", &[Interval], Interval),
    ("min($1)", &[Int4], Int4),
    ("max($1)", &[Numeric], Numeric),
    ("min($1)", &[Text], Text),
    ("max($1)", &[Text], Text),
    ("max($1)", &[Varchar], Text),
    ("min($1)", &[Date], Date),
    ("max($1)", &[Timestamp], Timestamp),
    ("min($1)", &[TimestampTz], TimestampTz),
    ("max($1)", &[Time], Time),
    ("min($1)", &[Ints], Ints),
    ("max($1)", &[Mood], Mood),
    ("min($1)", &[Float4], Float4),
    ("max($1)", &[Float8], Float8),
    ("bool_and($1)", &[Boolean], Boolean),
    ("bool_or($1)", &[Boolean], Boolean),
    ("every($1)", &[Boolean], Boolean),
    ("bit_and($1)", &[Int4], Int4),
    ("bit_or($1)", &[Int8], Int8),
    ("bit_xor($1)", &[Int4], Int4),
    ("string_agg($1, ',' ORDER BY $1)", &[Text], Text),
    ("string_agg(DISTINCT $1, $2 ORDER BY $1, $2)", &[Text, Text], Text),
    ("array_agg($1 ORDER BY $1)", &[Int4], Ints),
    ("array_agg($1 ORDER BY $1 DESC NULLS LAST)", &[Text], Texts),
    ("array_agg(DISTINCT $1)", &[Text], Texts),
    ("json_agg($1 ORDER BY $1)", &[Int4], Json),
    ("jsonb_agg($1 ORDER BY $1)", &[Text], Jsonb),
    ("jsonb_agg($1 ORDER BY $1)", &[Date], Jsonb),
    ("jsonb_object_agg(coalesce($1, ''), $2 ORDER BY $1, $2)", &[Text, Int4], Jsonb),
    ("json_object_agg(coalesce($1, 'k'), $2 ORDER BY $1, $2)", &[Text, Int4], Json),
    ("stddev($1)", &[Numeric], Numeric),
    ("stddev_pop($1)", &[Int4], Numeric),
    ("stddev_samp($1)", &[Float8], Float8),
    ("variance($1)", &[Int8], Numeric),
    ("var_pop($1)", &[Numeric], Numeric),
    ("var_samp($1)", &[Int4], Numeric),
    ("corr($1 & 63, $2 & 63)", &[Int4, Int4], Float8),
    ("covar_pop($1 & 63, $2 & 63)", &[Int4, Int4], Float8),
    ("covar_samp($1 & 63, $2 & 63)", &[Int4, Int4], Float8),
    ("regr_slope($1 & 63, $2 & 63)", &[Int4, Int4], Float8),
    ("regr_count($1, $2)", &[Float8, Float8], Int8),
    ("regr_avgx($1 & 63, $2 & 63)", &[Int4, Int4], Float8),
    ("percentile_cont(0.5) WITHIN GROUP (ORDER BY $1)", &[Float8], Float8),
    ("percentile_cont(0.25) WITHIN GROUP (ORDER BY $1)", &[Interval], Interval),
    ("percentile_cont(0.9) WITHIN GROUP (ORDER BY $1 DESC)", &[Int4], Float8),
    ("percentile_disc(0.5) WITHIN GROUP (ORDER BY $1)", &[Text], Text),
    ("percentile_disc(0.75) WITHIN GROUP (ORDER BY $1 DESC)", &[Date], Date),
    ("percentile_disc(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY $1)", &[Int4], Ints),
    ("mode() WITHIN GROUP (ORDER BY $1)", &[Int4], Int4),
    ("rank($1) WITHIN GROUP (ORDER BY $2)", &[Int4, Int4], Int8),
    ("dense_rank($1) WITHIN GROUP (ORDER BY $2 DESC)", &[Text, Text], Int8),
    ("percent_rank($1) WITHIN GROUP (ORDER BY $2)", &[Int4, Int4], Float8),
    ("cume_dist($1) WITHIN GROUP (ORDER BY $2)", &[Int4, Int4], Float8),
    ("min($1)", &[Uuid], Uuid),
];

/// Functions of windows whose rows are all in an order.
const WINDOWS: &[Template] = &[
    ("row_number()", &[], Int8),
    ("rank()", &[], Int8),
    ("dense_rank()", &[], Int8),
    ("percent_rank()", &[], Float8),
    ("cume_dist()", &[], Float8),
    ("ntile(3)", &[], Int4),
    ("lag($1)", &[Int4], Int4),
    ("lag($1, 2)", &[Text], Text),
    ("lag($1, 1, $2)", &[Int4, Int4], Int4),
    ("lead($1)", &[Date], Date),
    ("lead($1, 2, $2)", &[Text, Text], Text),
    ("first_value($1)", &[Text], Text),
    ("last_value($1)", &[Int4], Int4),
    ("nth_value($1, 2)", &[Numeric], Numeric),
    ("count(*)", &[], Int8),
    ("count($1)", &[Text], Int8),
    ("sum($1)", &[Int4], Int8),
    ("sum($1)", &[Numeric], Numeric),
    ("avg($1)", &[Int8], Numeric),
    ("min($1)", &[Text], Text),
    ("max($1)", &[Date], Date),
    ("bool_or($1)", &[Boolean], Boolean),
    ("array_agg($1)", &[Int4], Ints),
    ("string_agg($1, '/')", &[Text], Text),
];

const BOUNDS: [&str; 9] = [
    "UNBOUNDED PRECEDING AND CURRENT ROW",
    "UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
    "CURRENT ROW AND UNBOUNDED FOLLOWING",
    "1 PRECEDING AND 1 FOLLOWING",
    "2 PRECEDING AND CURRENT ROW",
    "CURRENT ROW AND 2 FOLLOWING",
    "3 PRECEDING AND 1 PRECEDING",
    "1 FOLLOWING AND 2 FOLLOWING",
    "CURRENT ROW AND CURRENT ROW",
];
const EXCLUSIONS: [(&str, &str); 6] = [
    ("", "frame"),
    ("", "frame"),
    (" EXCLUDE CURRENT ROW", "exclude current row"),
    (" EXCLUDE GROUP", "exclude group"),
    (" EXCLUDE TIES", "exclude ties"),
    (" EXCLUDE NO OTHERS", "exclude no others"),
];

impl Composer<'_> {
    /// An aggregate, and the type that it gives; of a type where one is wanted and there is one.
    pub(super) fn aggregate(&mut self, want: Option<Kind>, depth: u32) -> (String, Kind) {
        let all: Vec<&Template> = AGGREGATES.iter().collect();
        let fitting: Vec<&Template> =
            all.iter().copied().filter(|template| Some(template.2) == want).collect();
        let template = *self.pick(if fitting.is_empty() { &all } else { &fitting });
        self.is_rounded |= template.1.iter().any(|kind| kind.is_float()) || template.2.is_float();
        self.is_rounded |= template.2 == Kind::Numeric;
        let mut text = self.filled(template, depth);
        if self.one_in(5) {
            self.note("filter");
            text.push_str(&format!(" FILTER (WHERE {})", self.condition(2)));
        }
        (text, template.2)
    }

    /// A call over a window of the rows, which `keys` tell apart.
    pub(super) fn window(&mut self, keys: &[String]) -> (String, Kind) {
        let template = &WINDOWS[self.random.index(WINDOWS.len())];
        self.note("window");
        let mut text = self.filled(template, 2);
        let is_aggregate = WINDOWS
            .iter()
            .position(|other| other.0 == "count(*)")
            .is_some_and(|at| WINDOWS[at..].iter().any(|other| other.0 == template.0));
        if is_aggregate && self.one_in(4) {
            self.note("window filter");
            text.push_str(&format!(" FILTER (WHERE {})", self.condition(2)));
        }
        let mut parts = Vec::new();
        if self.one_in(2)
            && let Some((column, kind)) = self.any_column()
            && kind.is_ordered()
        {
            self.note("partition by");
            parts.push(format!("PARTITION BY {column}"));
        }
        let mut order = Vec::new();
        if self.one_in(2)
            && let Some((column, kind)) = self.any_column()
            && kind.is_ordered()
        {
            order.push(format!("{column}{}", self.pick(&["", " DESC", " NULLS FIRST"])));
        }
        order.extend(keys.iter().cloned());
        parts.push(format!("ORDER BY {}", order.join(", ")));
        if self.one_in(2) {
            let (unit, name) = *self.pick(&[
                ("ROWS", "rows frame"),
                ("GROUPS", "groups frame"),
                ("RANGE", "range frame"),
            ]);
            let count = if unit == "RANGE" { 3 } else { BOUNDS.len() };
            let bounds = BOUNDS[self.random.index(count)];
            let (exclusion, note) = *self.pick(&EXCLUSIONS);
            self.note(name);
            self.note(note);
            parts.push(format!("{unit} BETWEEN {bounds}{exclusion}"));
        }
        (format!("{text} OVER ({})", parts.join(" ")), template.2)
    }
}
