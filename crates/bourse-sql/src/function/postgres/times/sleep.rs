//! `pg_sleep` and its kin.

use std::time::Duration;

use bourse_storage::sync;

use super::add_zoned;
use crate::datum::{Datum, Instant};
use crate::error::Result;
use crate::function::arguments::{double, interval, timestamp_tz};
use crate::function::signature::Shape::{Float8, Interval, TimestampTz, Void};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("pg_sleep", &[Float8], Void, |a, context| sleep(double(a, 0)?, context)).volatile(),
    scalar("pg_sleep_for", &[Interval], Void, |a, context| {
        sleep_until(add_zoned(now(), interval(a, 0)?, context)?, context)
    })
    .volatile(),
    scalar("pg_sleep_until", &[TimestampTz], Void, |a, context| {
        sleep_until(timestamp_tz(a, 0)?, context)
    })
    .volatile(),
];

fn now() -> Instant {
    Instant::from_micros(sync::wall_clock_us())
}

fn sleep_until(moment: Instant, context: &dyn Context) -> Result<Datum> {
    // What is infinitely far away is too far to be subtracted from.
    let micros = moment.micros.saturating_sub(now().micros);
    sleep(micros as f64 / 1e6, context)
}

/// Waits for so many seconds; not at all for a time that is over, or is no number.
fn sleep(seconds: f64, context: &dyn Context) -> Result<Datum> {
    let length = match Duration::try_from_secs_f64(seconds.max(0.0)) {
        Ok(length) => length,
        Err(_) => Duration::MAX,
    };
    match context.session() {
        Some(session) => session.wait_until(length, || false).map(drop)?,
        None => sync::sleep(length),
    }
    Ok(Datum::text(""))
}
