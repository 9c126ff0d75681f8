//! The attributes as written, before names are looked up.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, Ident, LitStr, Result, Token, parenthesized};

/// `#[table(...)]`
#[derive(Default)]
pub(crate) struct TableAttribute {
    pub(crate) name: Option<LitStr>,
    pub(crate) primary_key: Option<Vec<Ident>>,
    pub(crate) shard_key: Option<Vec<Ident>>,
    pub(crate) indexes: Vec<IndexAttribute>,
    pub(crate) checks: Vec<CheckAttribute>,
    pub(crate) foreign_keys: Vec<Expr>,
}

/// `check(name = "...", condition = ...)`
pub(crate) struct CheckAttribute {
    pub(crate) name: LitStr,
    /// Rust code that gives an expression.
    pub(crate) condition: Expr,
}

/// `index(...)`
pub(crate) struct IndexAttribute {
    pub(crate) name: LitStr,
    /// Field, and whether `desc` follows it.
    pub(crate) columns: Vec<(Ident, bool)>,
    pub(crate) include: Vec<Ident>,
    pub(crate) unique: bool,
    pub(crate) global: bool,
}

/// `#[column(...)]`
#[derive(Default)]
pub(crate) struct ColumnAttribute {
    pub(crate) name: Option<LitStr>,
    pub(crate) default: Option<ColumnDefault>,
    pub(crate) collation: Option<TokenStream>,
    pub(crate) data_type: Option<(LitStr, TokenStream)>,
}

/// Where a column's value comes from when an INSERT names none.
pub(crate) enum ColumnDefault {
    Constant(Box<Expr>),
    CurrentTimestamp,
    Generated,
    Identity,
    IdentityAlways,
}

impl TableAttribute {
    /// Reads all `#[table(...)]` of a struct.
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<TableAttribute> {
        let mut table = TableAttribute::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("table")) {
            attribute.parse_nested_meta(|meta| table.parse_item(&meta))?;
        }
        Ok(table)
    }

    fn parse_item(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        if meta.path.is_ident("name") {
            once(meta, &mut self.name, meta.value()?.parse()?)
        } else if meta.path.is_ident("primary_key") {
            once(meta, &mut self.primary_key, identifiers(meta)?)
        } else if meta.path.is_ident("shard_key") {
            once(meta, &mut self.shard_key, identifiers(meta)?)
        } else if meta.path.is_ident("index") {
            self.indexes.push(IndexAttribute::parse(meta)?);
            Ok(())
        } else if meta.path.is_ident("check") {
            self.checks.push(CheckAttribute::parse(meta)?);
            Ok(())
        } else if meta.path.is_ident("foreign_key") {
            self.foreign_keys.push(meta.value()?.parse()?);
            Ok(())
        } else {
            Err(meta.error(
                "expected `name`, `primary_key`, `shard_key`, `index`, `check` or `foreign_key`",
            ))
        }
    }
}

impl IndexAttribute {
    fn parse(outer: &ParseNestedMeta<'_>) -> Result<IndexAttribute> {
        let (mut name, mut columns, mut include) = (None, None, None);
        let (mut unique, mut global) = (None, None);
        outer.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                once(&meta, &mut name, meta.value()?.parse::<LitStr>()?)
            } else if meta.path.is_ident("columns") {
                once(&meta, &mut columns, ordered_identifiers(&meta)?)
            } else if meta.path.is_ident("include") {
                once(&meta, &mut include, identifiers(&meta)?)
            } else if meta.path.is_ident("unique") {
                once(&meta, &mut unique, ())
            } else if meta.path.is_ident("global") {
                once(&meta, &mut global, ())
            } else {
                Err(meta.error("expected `name`, `columns`, `include`, `unique` or `global`"))
            }
        })?;
        let missing = |what| outer.error(format!("an index needs {what}"));
        Ok(IndexAttribute {
            name: name.ok_or_else(|| missing("a name: `name = \"...\"`"))?,
            columns: columns.ok_or_else(|| missing("its columns: `columns(...)`"))?,
            include: include.unwrap_or_default(),
            unique: unique.is_some(),
            global: global.is_some(),
        })
    }
}

impl CheckAttribute {
    fn parse(outer: &ParseNestedMeta<'_>) -> Result<CheckAttribute> {
        let (mut name, mut condition) = (None, None);
        outer.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                once(&meta, &mut name, meta.value()?.parse::<LitStr>()?)
            } else if meta.path.is_ident("condition") {
                once(&meta, &mut condition, meta.value()?.parse::<Expr>()?)
            } else {
                Err(meta.error("expected `name` or `condition`"))
            }
        })?;
        let missing = |what| outer.error(format!("a check needs {what}"));
        Ok(CheckAttribute {
            name: name.ok_or_else(|| missing("a name: `name = \"...\"`"))?,
            condition: condition.ok_or_else(|| missing("what it asks: `condition = ...`"))?,
        })
    }
}

impl ColumnAttribute {
    /// Reads all `#[column(...)]` of a field.
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<ColumnAttribute> {
        let mut column = ColumnAttribute::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("column")) {
            attribute.parse_nested_meta(|meta| column.parse_item(&meta))?;
        }
        Ok(column)
    }

    fn parse_item(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        if meta.path.is_ident("name") {
            once(meta, &mut self.name, meta.value()?.parse()?)
        } else if meta.path.is_ident("default") {
            let constant = ColumnDefault::Constant(Box::new(meta.value()?.parse()?));
            once(meta, &mut self.default, constant)
        } else if meta.path.is_ident("default_current_timestamp") {
            once(meta, &mut self.default, ColumnDefault::CurrentTimestamp)
        } else if meta.path.is_ident("generated") {
            once(meta, &mut self.default, ColumnDefault::Generated)
        } else if meta.path.is_ident("identity") {
            once(meta, &mut self.default, ColumnDefault::Identity)
        } else if meta.path.is_ident("identity_always") {
            once(meta, &mut self.default, ColumnDefault::IdentityAlways)
        } else if meta.path.is_ident("collate") {
            once(meta, &mut self.collation, collation(&meta.value()?.parse()?)?)
        } else if meta.path.is_ident("type") {
            let text: LitStr = meta.value()?.parse()?;
            let data_type = data_type(&text)?;
            once(meta, &mut self.data_type, (text, data_type))
        } else {
            Err(meta.error(
                "expected `name`, `default`, `default_current_timestamp`, `generated`, \
                 `identity`, `identity_always`, `collate` or `type`",
            ))
        }
    }
}

fn once<T>(meta: &ParseNestedMeta<'_>, slot: &mut Option<T>, value: T) -> Result<()> {
    if slot.replace(value).is_some() {
        return Err(meta.error("this is said twice"));
    }
    Ok(())
}

fn identifiers(meta: &ParseNestedMeta<'_>) -> Result<Vec<Ident>> {
    let content;
    parenthesized!(content in meta.input);
    let names = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
    if names.is_empty() {
        return Err(meta.error("at least one column is needed"));
    }
    Ok(names.into_iter().collect())
}

fn ordered_identifiers(meta: &ParseNestedMeta<'_>) -> Result<Vec<(Ident, bool)>> {
    let content;
    parenthesized!(content in meta.input);
    let names = Punctuated::<_, Token![,]>::parse_terminated_with(&content, ordered_identifier);
    let names = names?;
    if names.is_empty() {
        return Err(meta.error("at least one column is needed"));
    }
    Ok(names.into_iter().collect())
}

fn ordered_identifier(input: ParseStream<'_>) -> Result<(Ident, bool)> {
    let name = input.parse()?;
    if !input.peek(Ident) {
        return Ok((name, false));
    }
    let order: Ident = input.parse()?;
    match order.to_string().as_str() {
        "asc" => Ok((name, false)),
        "desc" => Ok((name, true)),
        _ => Err(Error::new(order.span(), "expected `asc` or `desc`")),
    }
}

fn collation(text: &LitStr) -> Result<TokenStream> {
    match text.value().to_ascii_lowercase().as_str() {
        "binary" => Ok(quote!(::bourse::Collation::Binary)),
        "nocase" => Ok(quote!(::bourse::Collation::NoCase)),
        "rtrim" => Ok(quote!(::bourse::Collation::RTrim)),
        _ => Err(Error::new(text.span(), "expected \"binary\", \"nocase\" or \"rtrim\"")),
    }
}

/// The type that a text names, as an expression that constants can hold.
fn data_type(text: &LitStr) -> Result<TokenStream> {
    let upper = text.value().to_ascii_uppercase();
    let (name, parameters) = match upper.split_once('(') {
        None => (upper.trim(), None),
        Some((name, rest)) => (name.trim(), Some(parameters(text, rest)?)),
    };
    let range = |message: &str| Error::new(text.span(), message);
    let variant = match (name, parameters.as_deref()) {
        ("DECIMAL" | "NUMERIC", None) => return Ok(quote!(::bourse::Type::DECIMAL)),
        ("DECIMAL" | "NUMERIC", Some(&[precision, ref scale @ ..])) if scale.len() <= 1 => {
            let scale = scale.first().copied().unwrap_or(0);
            if !(1..=38).contains(&precision) || scale > precision {
                return Err(range("DECIMAL takes 1 to 38 digits and a scale no greater"));
            }
            return Ok(quote!(::bourse::Type::Decimal { precision: #precision, scale: #scale }));
        }
        ("TIMESTAMP", None) => return Ok(quote!(::bourse::Type::TIMESTAMP)),
        ("TIMESTAMP", Some(&[precision])) => {
            if precision > 9 {
                return Err(range("TIMESTAMP takes a precision of 0 to 9"));
            }
            return Ok(quote!(::bourse::Type::Timestamp { precision: #precision }));
        }
        ("SMALLINT", None) => quote!(SmallInt),
        ("INTEGER" | "INT", None) => quote!(Integer),
        ("BIGINT", None) => quote!(BigInt),
        ("REAL", None) => quote!(Real),
        ("DOUBLE" | "DOUBLE PRECISION", None) => quote!(Double),
        ("TEXT", None) => quote!(Text),
        ("BLOB", None) => quote!(Blob),
        ("BOOLEAN", None) => quote!(Boolean),
        ("DATE", None) => quote!(Date),
        ("UUID", None) => quote!(Uuid),
        ("JSON", None) => quote!(Json),
        ("ANY", None) => quote!(Any),
        _ => return Err(range("this is not the name of a column type")),
    };
    Ok(quote!(::bourse::Type::#variant))
}

fn parameters(text: &LitStr, rest: &str) -> Result<Vec<u8>> {
    let invalid = || Error::new(text.span(), "expected numbers in parentheses");
    let inner = rest.trim_end().strip_suffix(')').ok_or_else(invalid)?;
    inner.split(',').map(|part| part.trim().parse().map_err(|_| invalid())).collect()
}
