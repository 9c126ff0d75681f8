//! The code that the derive writes.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::attribute::ColumnDefault;
use crate::columns::{Column, Index, Table};

/// The implementation of `TableRow`, and a function for each index.
pub(crate) fn expand(table: &Table<'_>) -> TokenStream {
    let row = &table.input.ident;
    let name = &table.name;
    let checks = table.columns.iter().map(check);
    let definition = definition(table);
    let key_columns = key_columns(table, table.primary_key.iter().map(|&c| (c, false)));
    let key_type = key_type(table, &table.primary_key);
    let key = key_value(table);
    let fields: Vec<_> = table.columns.iter().map(|column| column.field).collect();
    let types = table.columns.iter().map(|column| column.field_type);
    let positions = 0..table.columns.len();
    let indexes = table.indexes.iter().map(|index| index_function(table, index));
    quote! {
        const _: () = { #(#checks)* };

        impl ::bourse::TableRow for #row {
            type Key = #key_type;
            const TABLE: &'static str = #name;
            const KEY_COLUMNS: &'static [::bourse::key::KeyColumn] = &[#(#key_columns),*];

            fn definition() -> ::bourse::Result<::bourse::TableDefinition> {
                #definition
            }

            fn key(&self) -> Self::Key {
                #key
            }

            fn write(&self, writer: &mut ::bourse::row::RowWriter<'_>) -> ::bourse::Result<()> {
                #(writer.push(::bourse::typed::AsValue::as_value(&self.#fields))?;)*
                ::core::result::Result::Ok(())
            }

            fn values(&self) -> ::std::vec::Vec<::bourse::Value> {
                ::std::vec![#(::bourse::typed::AsValue::as_value(&self.#fields).to_value()),*]
            }

            fn into_values(self) -> ::std::vec::Vec<::bourse::Value> {
                ::std::vec![#(::bourse::typed::ColumnValue::into_value(self.#fields)),*]
            }

            fn read(row: &::bourse::row::Row<'_>) -> ::bourse::Result<Self> {
                ::core::result::Result::Ok(Self {
                    #(#fields: <#types as ::bourse::typed::ColumnValue>::from_value(
                        row.get(#positions),
                    )?,)*
                })
            }
        }

        impl #row {
            #(#indexes)*
        }
    }
}

/// The column's type as a constant expression.
fn data_type(column: &Column<'_>) -> TokenStream {
    let field_type = column.field_type;
    match &column.attribute.data_type {
        Some((_, data_type)) => data_type.clone(),
        None => quote!(<#field_type as ::bourse::typed::ColumnValue>::TYPE),
    }
}

/// Compile-time checks of what only types can tell.
fn check(column: &Column<'_>) -> TokenStream {
    let field_type = column.field_type;
    let same_kind = column.attribute.data_type.as_ref().map(|(text, data_type)| {
        let message = format!("field `{}` cannot hold a {}", column.name, text.value());
        quote_spanned! { text.span() =>
            assert!(
                <#field_type as ::bourse::typed::ColumnValue>::TYPE.is_same_kind(#data_type),
                #message
            );
        }
    });
    let generated = column.is_generated().then(|| {
        let message = format!("field `{}` is generated and must be an i64", column.name);
        quote_spanned! { field_type.span() =>
            assert!(
                <#field_type as ::bourse::typed::ColumnValue>::TYPE
                    .is_same_kind(::bourse::Type::BigInt),
                #message
            );
        }
    });
    quote!(#same_kind #generated)
}

fn definition(table: &Table<'_>) -> TokenStream {
    let name = &table.name;
    let columns = table.columns.iter().map(builder_column);
    let names = |positions: &[usize]| {
        let names: Vec<_> = positions.iter().map(|&c| &table.columns[c].name).collect();
        quote!([#(#names),*])
    };
    let (primary_key, shard_key) = (names(&table.primary_key), names(&table.shard_key));
    let indexes = table.indexes.iter().map(|index| {
        let name = index.attribute.name.value();
        let key: Vec<usize> = index.columns.iter().map(|(column, _)| *column).collect();
        let (key, include) = (names(&key), names(&index.include));
        let descending = index.columns.iter().filter(|(_, descending)| *descending);
        let descending = descending.map(|(column, _)| &table.columns[*column].name);
        let include = (!index.include.is_empty()).then(|| quote!(.include(#include)));
        let unique = index.attribute.unique.then(|| quote!(.unique()));
        let global = index.attribute.global.then(|| quote!(.global()));
        quote! {
            let builder = builder.index(
                ::bourse::IndexDefinition::on(#name, #key)
                    #(.descending(#descending))* #include #unique #global
            );
        }
    });
    let foreign_keys = &table.foreign_keys;
    let checks = table.checks.iter().map(|check| {
        let (name, condition) = (&check.name, &check.condition);
        quote!(let builder = builder.check(#name, #condition);)
    });
    quote! {
        let builder = ::bourse::TableDefinition::builder(#name);
        #(#columns)*
        let builder = builder.primary_key(#primary_key).shard_key(#shard_key);
        #(#indexes)*
        #(#checks)*
        #(let builder = builder.foreign_key(#foreign_keys);)*
        builder.build()
    }
}

fn builder_column(column: &Column<'_>) -> TokenStream {
    let (name, field_type, data_type) = (&column.name, column.field_type, data_type(column));
    let collation = column.attribute.collation.iter();
    let default = column.attribute.default.as_ref().map(|default| match default {
        ColumnDefault::Constant(value) => quote!(.default(#value)),
        ColumnDefault::CurrentTimestamp => quote!(.default_current_timestamp()),
        ColumnDefault::Generated => quote!(.generated_id()),
        ColumnDefault::Identity => quote!(.identity()),
        ColumnDefault::IdentityAlways => quote!(.identity_always()),
    });
    quote_spanned! { field_type.span() =>
        let builder = builder.column(#name, #data_type) #(.collate(#collation))* #default;
        let builder = if <#field_type as ::bourse::typed::ColumnValue>::NULLABLE {
            builder
        } else {
            builder.not_null()
        };
    }
}

/// The columns of a key as constant expressions, each with whether it is descending.
fn key_columns(
    table: &Table<'_>,
    columns: impl Iterator<Item = (usize, bool)>,
) -> Vec<TokenStream> {
    let of_column = |(position, descending): (usize, bool)| {
        let column = &table.columns[position];
        let (field_type, data_type) = (column.field_type, data_type(column));
        let collation = match &column.attribute.collation {
            Some(collation) => collation.clone(),
            None => quote!(::bourse::Collation::Binary),
        };
        // A primary key column refuses NULL whatever its field could hold.
        let nullable = if table.primary_key.contains(&position) {
            quote!(false)
        } else {
            quote!(<#field_type as ::bourse::typed::ColumnValue>::NULLABLE)
        };
        quote! {
            ::bourse::key::KeyColumn {
                data_type: #data_type,
                nullable: #nullable,
                descending: #descending,
                collation: #collation,
            }
        }
    };
    columns.map(of_column).collect()
}

/// The type of one value, or of a tuple of values.
fn key_type(table: &Table<'_>, columns: &[usize]) -> TokenStream {
    let types: Vec<_> = columns.iter().map(|&c| table.columns[c].field_type).collect();
    match types.as_slice() {
        [one] => quote!(#one),
        _ => quote!((#(#types),*)),
    }
}

fn key_value(table: &Table<'_>) -> TokenStream {
    let fields: Vec<_> = table.primary_key.iter().map(|&c| table.columns[c].field).collect();
    match fields.as_slice() {
        [one] => quote!(::core::clone::Clone::clone(&self.#one)),
        _ => quote!((#(::core::clone::Clone::clone(&self.#fields)),*)),
    }
}

fn index_function(table: &Table<'_>, index: &Index) -> TokenStream {
    let (visibility, function) = (table.visibility, &index.function);
    let name = index.attribute.name.value();
    let key: Vec<usize> = index.columns.iter().map(|(column, _)| *column).collect();
    let key_type = key_type(table, &key);
    let columns = key_columns(table, index.columns.iter().copied());
    let documentation = format!("The index `{name}` of table `{}`.", table.name);
    quote! {
        #[doc = #documentation]
        #visibility const fn #function() -> ::bourse::TypedIndex<Self, #key_type> {
            const COLUMNS: &[::bourse::key::KeyColumn] = &[#(#columns),*];
            ::bourse::TypedIndex::new(#name, COLUMNS)
        }
    }
}
