//! Values of Python as values of SQL, and the other way round.

use bourse_sql::connection::Row;
use bourse_sql::datum::Datum;
use pyo3::exceptions::{PyBufferError, PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyInt, PyList, PyMemoryView, PyString, PyTuple};

use crate::error::of_sql;

/// How values come out.
#[derive(Clone, Copy)]
pub(crate) struct Factory<'f, 'py> {
    /// What makes an object of a text's bytes; `None` makes a `str`.
    pub(crate) texts: Option<&'f Bound<'py, PyAny>>,
    /// For each column what makes an object of its bytes, or `None`.
    pub(crate) converters: Option<&'f Bound<'py, PyList>>,
}

/// The value of a Python object of one of the five types that SQLite has. `None` for any other,
/// which must be adapted first.
pub(crate) fn to_datum(value: &Bound<'_, PyAny>) -> PyResult<Option<Datum>> {
    if value.is_none() {
        return Ok(Some(Datum::Null));
    }
    if let Ok(integer) = value.cast::<PyInt>() {
        let number = integer.extract::<i64>().map_err(|_| {
            PyOverflowError::new_err("Python int too large to convert to SQLite INTEGER")
        })?;
        return Ok(Some(Datum::Integer(number)));
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        let number = float.value();
        // SQLite keeps no NaN: it is NULL.
        return Ok(Some(if number.is_nan() { Datum::Null } else { Datum::Double(number) }));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Some(Datum::text(&text.to_cow()?)));
    }
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Some(Datum::bytes(bytes.as_bytes())));
    }
    Ok(None)
}

/// A value of SQL as Python has it.
pub(crate) fn to_python<'py>(
    py: Python<'py>,
    value: &Datum,
    texts: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Datum::Null => py.None().into_bound(py),
        Datum::Boolean(truth) => i64::from(*truth).into_pyobject(py)?.into_any(),
        Datum::Integer(number) => number.into_pyobject(py)?.into_any(),
        Datum::Real(number) => f64::from(*number).into_pyobject(py)?.into_any(),
        Datum::Double(number) => number.into_pyobject(py)?.into_any(),
        Datum::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
        Datum::Text(text) | Datum::Json(text) => of_text(py, text, texts)?,
        Datum::Numeric(number) => {
            py.import("decimal")?.getattr("Decimal")?.call1((number.to_string(),))?
        }
        // No value of SQLite's dialect is of another kind; rows of PostgreSQL's see `to_tuple`.
        other => of_text(py, &format!("{other:?}"), texts)?,
    })
}

fn of_text<'py>(
    py: Python<'py>,
    text: &str,
    texts: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    match texts {
        None => Ok(PyString::new(py, text).into_any()),
        Some(make) => make.call1((PyBytes::new(py, text.as_bytes()),)),
    }
}

/// A row as a tuple.
pub(crate) fn to_tuple<'py>(
    py: Python<'py>,
    row: &Row<'_>,
    factory: Factory<'_, 'py>,
) -> PyResult<Bound<'py, PyTuple>> {
    let mut values = Vec::with_capacity(row.len());
    for (at, value) in row.values().iter().enumerate() {
        if let Some(converters) = factory.converters {
            let converter = converters.get_item(at)?;
            if !converter.is_none() && !value.is_null() {
                let bytes = bytes_of(row, at, value)?;
                if bytes.is_empty() && matches!(value, Datum::Bytes(_)) {
                    // SQLite has no bytes to show of a blob without any.
                    values.push(py.None().into_bound(py));
                    continue;
                }
                values.push(converter.call1((PyBytes::new(py, &bytes),))?);
                continue;
            }
        }
        values.push(match value {
            Datum::Date(_)
            | Datum::Time(_)
            | Datum::Timestamp(_)
            | Datum::TimestampTz(_)
            | Datum::Interval(_)
            | Datum::Uuid(_)
            | Datum::Array(_)
            | Datum::Record(_) => of_text(py, &text_of(row, at)?, factory.texts)?,
            value => to_python(py, value, factory.texts)?,
        });
    }
    PyTuple::new(py, values)
}

fn text_of(row: &Row<'_>, at: usize) -> PyResult<String> {
    let text = row.text(at).map_err(|error| of_sql(&error))?;
    Ok(text.unwrap_or_default())
}

/// The bytes that a converter gets: a blob's, or the text that SQLite makes of the value.
fn bytes_of(row: &Row<'_>, at: usize, value: &Datum) -> PyResult<Vec<u8>> {
    Ok(match value {
        Datum::Bytes(bytes) => bytes.to_vec(),
        Datum::Text(text) | Datum::Json(text) => text.as_bytes().to_vec(),
        Datum::Double(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.1}").into_bytes()
        }
        _ => text_of(row, at)?.into_bytes(),
    })
}

/// What a function of Python returned, as SQL has it.
pub(crate) fn of_result(value: &Bound<'_, PyAny>) -> PyResult<Datum> {
    if let Some(datum) = to_datum(value)? {
        return Ok(datum);
    }
    of_buffer(value)?
        .ok_or_else(|| PyTypeError::new_err("a function must return one of SQLite's types"))
}

/// The blob that an object with a buffer is; `None` if it has none.
pub(crate) fn of_buffer(value: &Bound<'_, PyAny>) -> PyResult<Option<Datum>> {
    let Ok(view) = PyMemoryView::from(value) else { return Ok(None) };
    if !view.getattr("c_contiguous")?.is_truthy()? {
        return Err(PyBufferError::new_err("underlying buffer is not C-contiguous"));
    }
    let bytes = view.call_method0("tobytes")?;
    Ok(Some(Datum::bytes(bytes.cast::<PyBytes>()?.as_bytes())))
}
