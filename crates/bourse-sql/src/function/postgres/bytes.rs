//! Functions of `bytea`.

use sha2::Digest as _;

use super::strings::count;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{bytes, integer};
use crate::function::signature::Shape::{Bytea, Int4, Int8};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// The bytes of a set are taken off at the ends that are asked for.
fn trim(arguments: &[Datum], left: bool, right: bool) -> Result<Datum> {
    let (mut rest, set) = (bytes(arguments, 0)?, bytes(arguments, 1)?);
    while let [first, after @ ..] = rest
        && left
        && set.contains(first)
    {
        rest = after;
    }
    while let [before @ .., last] = rest
        && right
        && set.contains(last)
    {
        rest = before;
    }
    Ok(Datum::bytes(rest))
}

/// Where a part begins, from 1; 0 without it.
fn position(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (whole, part) = (bytes(arguments, 0)?, bytes(arguments, 1)?);
    if part.is_empty() {
        return Ok(Datum::Integer(1));
    }
    let at = whole.windows(part.len()).position(|window| window == part);
    Ok(count(at.map_or(0, |at| at + 1)))
}

fn overlay(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (whole, new, start) = (bytes(arguments, 0)?, bytes(arguments, 1)?, integer(arguments, 2)?);
    let length = match arguments.len() {
        3 => i64::try_from(new.len()).unwrap_or(i64::MAX),
        _ => integer(arguments, 3)?,
    };
    if start <= 0 {
        return Err(SqlError::new("22011", "negative substring length not allowed"));
    }
    let end = i32::try_from(start + length)
        .map_err(|_| SqlError::new("22003", "integer out of range"))?
        .max(1);
    let before = usize::try_from(start - 1).unwrap_or(usize::MAX).min(whole.len());
    let after = usize::try_from(end - 1).unwrap_or(0).min(whole.len());
    Ok(Datum::bytes(&[&whole[..before], new, &whole[after..]].concat()))
}

/// The byte that a bit is in, and which of its bits that is: the lowest one is the first.
fn place_of_bit(arguments: &[Datum], length: usize) -> Result<(usize, u8)> {
    let index = integer(arguments, 1)?;
    let bits = i64::try_from(length).unwrap_or(i64::MAX).saturating_mul(8);
    if index < 0 || index >= bits {
        let message = format!("index {index} out of valid range, 0..{}", bits - 1);
        return Err(SqlError::new("2202E", message));
    }
    let bit = u8::try_from(index % 8).unwrap_or(0);
    Ok((usize::try_from(index / 8).unwrap_or(0), bit))
}

fn get_bit(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = bytes(arguments, 0)?;
    let (at, bit) = place_of_bit(arguments, value.len())?;
    Ok(Datum::Integer(i64::from(value[at] >> bit & 1)))
}

fn set_bit(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut value = bytes(arguments, 0)?.to_vec();
    let (at, bit) = place_of_bit(arguments, value.len())?;
    match integer(arguments, 2)? {
        0 => value[at] &= !(1 << bit),
        1 => value[at] |= 1 << bit,
        _ => return Err(SqlError::new("22023", "new bit must be 0 or 1")),
    }
    Ok(Datum::bytes(&value))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("btrim", &[Bytea, Bytea], Bytea, |a, _| trim(a, true, true)),
    scalar("ltrim", &[Bytea, Bytea], Bytea, |a, _| trim(a, true, false)),
    scalar("rtrim", &[Bytea, Bytea], Bytea, |a, _| trim(a, false, true)),
    scalar("position", &[Bytea, Bytea], Int4, position),
    scalar("overlay", &[Bytea, Bytea, Int4], Bytea, overlay),
    scalar("overlay", &[Bytea, Bytea, Int4, Int4], Bytea, overlay),
    scalar("get_bit", &[Bytea, Int8], Int4, get_bit),
    scalar("set_bit", &[Bytea, Int8, Int4], Bytea, set_bit),
    scalar("sha224", &[Bytea], Bytea, |a, _| Ok(Datum::bytes(&sha2::Sha224::digest(bytes(a, 0)?)))),
    scalar("sha256", &[Bytea], Bytea, |a, _| Ok(Datum::bytes(&sha2::Sha256::digest(bytes(a, 0)?)))),
    scalar("sha384", &[Bytea], Bytea, |a, _| Ok(Datum::bytes(&sha2::Sha384::digest(bytes(a, 0)?)))),
    scalar("sha512", &[Bytea], Bytea, |a, _| Ok(Datum::bytes(&sha2::Sha512::digest(bytes(a, 0)?)))),
];
