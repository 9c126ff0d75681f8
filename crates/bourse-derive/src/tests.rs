//! What is wrong with a struct is said where it is wrong.

use quote::quote;

use crate::columns::Table;

/// The error's message and the text that it points at.
fn refusal(tokens: &proc_macro2::TokenStream) -> (String, String) {
    let source = tokens.to_string();
    let input: syn::DeriveInput = syn::parse_str(&source).expect("a struct");
    match Table::new(&input) {
        Ok(_) => panic!("accepted: {source}"),
        Err(error) => (error.to_string(), error.span().source_text().unwrap_or_default()),
    }
}

fn assert_refused(tokens: &proc_macro2::TokenStream, message: &str, at: &str) {
    let (actual, span) = refusal(tokens);
    assert!(actual.contains(message), "{actual}");
    assert_eq!(span, at, "{actual}");
}

#[test]
fn a_struct_needs_fields_and_a_key() {
    assert_refused(
        &quote!(
            enum Kind {
                A,
            }
        ),
        "only a struct",
        "Kind",
    );
    assert_refused(
        &quote!(
            struct Pair(i64, i64);
        ),
        "named fields",
        "Pair",
    );
    assert_refused(
        &quote!(
            struct Row {
                a: i64,
            }
        ),
        "primary_key",
        "Row",
    );
    let generic = quote!(
        #[table(primary_key(a))]
        struct Row<T> {
            a: T,
        }
    );
    assert_refused(&generic, "no generics", "< T >");
}

#[test]
fn names_must_be_fields() {
    let unknown = quote!(
        #[table(primary_key(b))]
        struct Row {
            a: i64,
        }
    );
    assert_refused(&unknown, "no field `b`", "b");
    let twice = quote!(
        #[table(primary_key(a), shard_key(a, a))]
        struct Row {
            a: i64,
        }
    );
    assert_refused(&twice, "named twice", "a");
    let index = quote! {
        #[table(primary_key(a), index(name = "i", columns(a, other desc)))]
        struct Row { a: i64 }
    };
    assert_refused(&index, "no field `other`", "other");
    let columns = quote! {
        #[table(primary_key(a))]
        struct Row { a: i64, #[column(name = "A")] b: i64 }
    };
    assert_refused(&columns, "column `A` exists twice", "b");
}

#[test]
fn attributes_must_be_known() {
    let table = quote!(
        #[table(primary_key(a), colour = "red")]
        struct Row {
            a: i64,
        }
    );
    assert_refused(&table, "expected `name`", "colour");
    let column = quote!(
        #[table(primary_key(a))]
        struct Row {
            #[column(uniqe)]
            a: i64,
        }
    );
    assert_refused(&column, "expected `name`, `default`", "uniqe");
    let order = quote! {
        #[table(primary_key(a), index(name = "i", columns(a down)))]
        struct Row { a: i64 }
    };
    assert_refused(&order, "`asc` or `desc`", "down");
    let empty = quote!(
        #[table(primary_key())]
        struct Row {
            a: i64,
        }
    );
    assert_refused(&empty, "at least one", "primary_key ()");
    let twice = quote!(
        #[table(primary_key(a), name = "r", name = "s")]
        struct Row {
            a: i64,
        }
    );
    assert_refused(&twice, "said twice", "name = \"s\"");
}

#[test]
fn texts_in_attributes_are_checked() {
    let with = |attribute| {
        quote!(
            #[table(primary_key(a))]
            struct Row {
                #[column(#attribute)]
                a: i64,
            }
        )
    };
    assert_refused(&with(quote!(type = "MONEY")), "not the name", "\"MONEY\"");
    assert_refused(&with(quote!(type = "TIME")), "not the name", "\"TIME\"");
    assert_refused(&with(quote!(type = "DECIMAL(39)")), "1 to 38", "\"DECIMAL(39)\"");
    assert_refused(&with(quote!(type = "DECIMAL(4,5)")), "no greater", "\"DECIMAL(4,5)\"");
    assert_refused(&with(quote!(type = "TIMESTAMP(x)")), "numbers", "\"TIMESTAMP(x)\"");
    assert_refused(&with(quote!(type = "TIMESTAMP(10)")), "0 to 9", "\"TIMESTAMP(10)\"");
    assert_refused(&with(quote!(collate = "french")), "nocase", "\"french\"");
}

#[test]
fn indexes_are_checked() {
    let with = |index| {
        quote!(
            #[table(primary_key(a), index(#index))]
            struct Row {
                a: i64,
                b: i64,
            }
        )
    };
    assert_refused(&with(quote!(columns(a))), "needs a name", "index (columns (a))");
    assert_refused(&with(quote!(name = "i")), "needs its columns", "index (name = \"i\")");
    let name = with(quote!(name = "by user", columns(a)));
    assert_refused(&name, "name of a function", "\"by user\"");
    let include = with(quote!(name = "i", columns(a), include(b, a)));
    assert_refused(&include, "already", "a");
    let twice = quote! {
        #[table(
            primary_key(a),
            index(name = "i", columns(a)),
            index(name = "i", columns(a desc))
        )]
        struct Row { a: i64 }
    };
    assert_refused(&twice, "exists twice", "\"i\"");
}
