//! `#[derive(Table)]`: a struct with named fields as the rows of a table.
//!
//! `attribute` reads the attributes, `columns` ties names to fields, `expand` writes the code.

use proc_macro::TokenStream;

mod attribute;
mod columns;
mod expand;
#[cfg(test)]
mod tests;

/// Makes a struct with named fields the rows of a table, one column a field.
///
/// It implements `bourse::TableRow`, and for each index adds a function of the index's name that
/// gives a `bourse::TypedIndex`.
///
/// On the struct: `#[table(name = "trades", primary_key(trade_id), shard_key(user_id), index(name
/// = "by_user", columns(user_id, timestamp desc), include(price), unique, global))]`. The name is
/// the struct's in lower case if not said; the primary key is required; `index` may be repeated,
/// and so may `check(name = "...", condition = column("price").greater(0))` and `foreign_key =
/// ForeignKey::on("...", ["user_id"], "users")`, whose values are Rust code.
///
/// On a field: `#[column(name = "...", default = ..., default_current_timestamp, generated,
/// identity, identity_always, collate = "nocase", type = "DECIMAL(18,4)")]`.
#[proc_macro_derive(Table, attributes(table, column))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    let expanded = columns::Table::new(&input).map(|table| expand::expand(&table));
    expanded.unwrap_or_else(syn::Error::into_compile_error).into()
}
