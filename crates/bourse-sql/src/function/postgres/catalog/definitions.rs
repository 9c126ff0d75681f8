//! Texts of definitions, types and comments.

use super::{catalog, maybe, number, search_path};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{array, text};
use crate::function::signature::Shape::{
    Boolean, Elements, Int4, Int8, List, Name, Oid, QuotedChar, RegClass, Text,
};
use crate::function::signature::{Shape, Signature, scalar, set};
use crate::function::{Context, ScalarFunction, SetFunction, SetRows};
use crate::system::live;
use crate::system::objects::What;
use crate::system::recorded::{self, procedure_of_oid};
use crate::system::{field, relations};

fn is_pretty(arguments: &[Datum], at: usize) -> bool {
    arguments.get(at).and_then(Datum::as_boolean).unwrap_or(false)
}

fn index_definition(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some(oid) = number(arguments, 0) else { return Ok(Datum::Null) };
    let column = number(arguments, 1).unwrap_or(0) as usize;
    let pretty = is_pretty(arguments, 2);
    let system = catalog(context)?.system();
    Ok(maybe(system.index_text(oid, column, pretty, &search_path(context))))
}

fn constraint_definition(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some(oid) = number(arguments, 0) else { return Ok(Datum::Null) };
    let catalog = catalog(context)?;
    let path = search_path(context);
    Ok(maybe(catalog.system().constraint_text(oid, is_pretty(arguments, 1), &path, catalog)))
}

/// Catalogs keep expressions as texts; a pretty one stands without the parentheses around it.
fn expression(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let whole = text(arguments, 0)?;
    if !is_pretty(arguments, 2) {
        return Ok(arguments[0].clone());
    }
    Ok(Datum::text(without_parentheses(whole)))
}

/// The text between parentheses that belong together.
fn without_parentheses(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else {
        return text;
    };
    let mut depth = 0_i32;
    let mut quoted = false;
    for letter in inner.chars() {
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return text;
        }
    }
    inner
}

fn view_definition(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let system = catalog(context)?.system();
    let oid = match &arguments[0] {
        Datum::Text(name) => {
            let class = system.class_of_name(name, &search_path(context));
            Some(class.ok_or_else(|| no_relation(name))?.oid)
        }
        _ => number(arguments, 0),
    };
    Ok(maybe(oid.and_then(|oid| system.view_text(oid))))
}

fn no_relation(name: &str) -> SqlError {
    SqlError::new("42P01", format!("relation \"{name}\" does not exist"))
}

fn type_text(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some(oid) = number(arguments, 0) else { return Ok(Datum::Null) };
    let modifier = arguments.get(1).and_then(Datum::as_integer);
    let system = catalog(context)?.system();
    Ok(Datum::text(&system.type_text(oid, modifier, &search_path(context))))
}

fn role(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some(oid) = number(arguments, 0) else { return Ok(Datum::Null) };
    if oid == live::OWNER {
        return Ok(Datum::text(&context.user()));
    }
    let mut roles = live::roles(context).into_iter();
    let found = roles.find(|role| live::role_number(context, &role.name) == oid);
    Ok(Datum::text(&found.map_or_else(|| format!("unknown (OID={oid})"), |role| role.name)))
}

/// The comment on an object of a catalog, or on a column of one.
fn comment(
    context: &dyn Context,
    object: Option<u32>,
    class: Option<u32>,
    column: i64,
) -> Result<Datum> {
    let catalog = catalog(context)?;
    let Some(object) = object else { return Ok(Datum::Null) };
    let Some(at) = relations::find(relations::PG_CATALOG, "pg_description") else {
        return Ok(Datum::Null);
    };
    let relation = &relations::all()[at];
    let rows = catalog.system().rows(at, catalog, context);
    let numbers = rows.with(0, &Datum::Integer(i64::from(object)));
    for row in numbers.iter().filter_map(|number| rows.rows.get(*number as usize)) {
        let is = |name: &str, value: i64| {
            field(relation, row, name).and_then(Datum::as_integer) == Some(value)
        };
        if is("objsubid", column) && class.is_none_or(|class| is("classoid", i64::from(class))) {
            return Ok(field(relation, row, "description").cloned().unwrap_or_default());
        }
    }
    Ok(Datum::Null)
}

fn object_comment(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let class = match arguments.get(1) {
        None => None,
        Some(name) => {
            let name = name.as_text().unwrap_or_default();
            let Some(at) = relations::find(relations::PG_CATALOG, name) else {
                return Ok(Datum::Null);
            };
            Some(relations::all()[at].oid)
        }
    };
    comment(context, number(arguments, 0), class, 0)
}

fn column_comment(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let column = arguments[1].as_integer().filter(|column| *column > 0);
    let Some(column) = column else { return Ok(Datum::Null) };
    comment(context, number(arguments, 0), Some(1259), column)
}

/// NULL: there is nothing of the kind.
fn nothing(_: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::Null)
}

fn function_definition(_: &[Datum], _: &dyn Context) -> Result<Datum> {
    Err(SqlError::unsupported("functions have no definition in SQL: they are built in"))
}

fn function_arguments(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some(procedure) = number(arguments, 0).and_then(procedure_of_oid) else {
        return Ok(Datum::Null);
    };
    let (system, path) = (catalog(context)?.system(), search_path(context));
    let names: Vec<&str> = procedure.names.trim_matches(['{', '}']).split(',').collect();
    let last = procedure.arguments.len();
    let shown = procedure.arguments.iter().enumerate().map(|(at, ty)| {
        let ty = system.type_text(*ty, None, &path);
        let variadic = procedure.variadic != 0 && at + 1 == last;
        let variadic = if variadic { "VARIADIC " } else { "" };
        match names.get(at).filter(|name| !name.is_empty() && **name != "\"\"") {
            Some(name) => format!("{variadic}{name} {ty}"),
            None => format!("{variadic}{ty}"),
        }
    });
    Ok(Datum::text(&shown.collect::<Vec<_>>().join(", ")))
}

fn function_result(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some(procedure) = number(arguments, 0).and_then(procedure_of_oid) else {
        return Ok(Datum::Null);
    };
    let ty = catalog(context)?.system().type_text(procedure.result, None, &search_path(context));
    Ok(Datum::text(&if procedure.returns_set { format!("SETOF {ty}") } else { ty }))
}

/// Options `name=value` as rows.
fn options_to_table(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    if arguments[0].is_null() {
        return Ok(Box::new(std::iter::empty()));
    }
    let options: Vec<Vec<Datum>> = array(arguments, 0)?
        .elements
        .iter()
        .filter_map(Datum::as_text)
        .map(|option| match option.split_once('=') {
            Some((name, value)) => vec![Datum::text(name), Datum::text(value)],
            None => vec![Datum::text(option), Datum::Null],
        })
        .collect();
    Ok(Box::new(options.into_iter().map(Ok)))
}

/// No table is a part of another one.
fn no_rows(_: &[Datum], _: &dyn Context) -> Result<SetRows> {
    Ok(Box::new(std::iter::empty()))
}

fn keywords(_: &[Datum], _: &dyn Context) -> Result<SetRows> {
    let row = |fields: Vec<&'static str>| {
        let label = fields.get(2).is_some_and(|field| *field == "t");
        let field = |at: usize| Datum::text(fields.get(at).copied().unwrap_or_default());
        vec![field(0), field(1), Datum::Boolean(label), field(3), field(4)]
    };
    Ok(Box::new(recorded::keywords().map(move |fields| Ok(row(fields)))))
}

/// Elements with their places, counted from 1.
fn expand_array(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    if arguments[0].is_null() {
        return Ok(Box::new(std::iter::empty()));
    }
    let elements = array(arguments, 0)?.elements.clone();
    Ok(Box::new((1..).zip(elements).map(|(at, value)| Ok(vec![value, Datum::Integer(at)]))))
}

/// A property of a column of an index.
fn index_column_property(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (oid, column) = (number(arguments, 0), number(arguments, 1));
    let system = catalog(context)?.system();
    let class = oid.and_then(|oid| system.objects.class(oid));
    let Some(What::Index(table, at)) = class.map(|class| &class.what) else {
        return Ok(Datum::Null);
    };
    let index = at.and_then(|at| table.table.definition().indexes.get(at));
    let place = column.and_then(|column| (column as usize).checked_sub(1));
    let part = index.zip(place).and_then(|(index, place)| index.columns.get(place));
    let descending = part.is_some_and(|part| part.descending);
    Ok(match text(arguments, 2)? {
        "asc" | "nulls_last" => Datum::Boolean(!descending),
        "desc" | "nulls_first" => Datum::Boolean(descending),
        "orderable" | "returnable" | "search_array" | "search_nulls" => Datum::Boolean(true),
        "distance_orderable" => Datum::Boolean(false),
        _ => Datum::Null,
    })
}

const STRINGS: Shape = List(&Text);

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("pg_get_indexdef", &[Oid], Text, index_definition).stable(),
    scalar("pg_get_indexdef", &[Oid, Int4, Boolean], Text, index_definition).stable(),
    scalar("pg_get_constraintdef", &[Oid], Text, constraint_definition).stable(),
    scalar("pg_get_constraintdef", &[Oid, Boolean], Text, constraint_definition).stable(),
    scalar("pg_get_expr", &[Text, Oid], Text, expression).stable(),
    scalar("pg_get_expr", &[Text, Oid, Boolean], Text, expression).stable(),
    scalar("pg_get_viewdef", &[Oid], Text, view_definition).stable(),
    scalar("pg_get_viewdef", &[Oid, Boolean], Text, view_definition).stable(),
    scalar("pg_get_viewdef", &[Oid, Int4], Text, view_definition).stable(),
    scalar("pg_get_viewdef", &[Text], Text, view_definition).stable(),
    scalar("pg_get_viewdef", &[Text, Boolean], Text, view_definition).stable(),
    scalar("pg_get_triggerdef", &[Oid], Text, nothing).stable(),
    scalar("pg_get_triggerdef", &[Oid, Boolean], Text, nothing).stable(),
    scalar("pg_get_ruledef", &[Oid], Text, nothing).stable(),
    scalar("pg_get_ruledef", &[Oid, Boolean], Text, nothing).stable(),
    scalar("pg_get_partkeydef", &[Oid], Text, nothing).stable(),
    scalar("pg_get_partition_constraintdef", &[Oid], Text, nothing).stable(),
    scalar("pg_get_statisticsobjdef", &[Oid], Text, nothing).stable(),
    scalar("pg_get_statisticsobjdef_columns", &[Oid], Text, nothing).stable(),
    scalar("pg_get_function_sqlbody", &[Oid], Text, nothing).stable(),
    scalar("pg_get_functiondef", &[Oid], Text, function_definition).stable(),
    scalar("pg_get_function_arguments", &[Oid], Text, function_arguments).stable(),
    scalar("pg_get_function_identity_arguments", &[Oid], Text, function_arguments).stable(),
    scalar("pg_get_function_result", &[Oid], Text, function_result).stable(),
    scalar("pg_get_userbyid", &[Oid], Name, role).stable(),
    scalar("format_type", &[Oid, Int4], Text, type_text).called_on_null().stable(),
    scalar("obj_description", &[Oid], Text, object_comment).stable(),
    scalar("obj_description", &[Oid, Name], Text, object_comment).stable(),
    scalar("col_description", &[Oid, Int4], Text, column_comment).stable(),
    scalar("shobj_description", &[Oid, Name], Text, nothing).stable(),
    scalar("acldefault", &[QuotedChar, Oid], STRINGS, nothing).stable(),
    scalar("pg_index_column_has_property", &[RegClass, Int4, Text], Boolean, index_column_property)
        .stable(),
];

pub(in crate::function::postgres) static SETS: &[Signature<SetFunction>] = &[
    set("pg_options_to_table", &[STRINGS], Text, options_to_table)
        .with_columns(&[("option_name", Text), ("option_value", Text)]),
    set("pg_partition_ancestors", &[RegClass], RegClass, no_rows)
        .with_columns(&[("relid", RegClass)]),
    set("pg_partition_tree", &[RegClass], RegClass, no_rows).with_columns(&[
        ("relid", RegClass),
        ("parentrelid", RegClass),
        ("isleaf", Boolean),
        ("level", Int4),
    ]),
    set("aclexplode", &[STRINGS], Oid, no_rows).with_columns(&[
        ("grantor", Oid),
        ("grantee", Oid),
        ("privilege_type", Text),
        ("is_grantable", Boolean),
    ]),
    set("pg_get_keywords", &[], Text, keywords).with_columns(&[
        ("word", Text),
        ("catcode", QuotedChar),
        ("barelabel", Boolean),
        ("catdesc", Text),
        ("baredesc", Text),
    ]),
    set("_pg_expandarray", &[Elements], Int8, expand_array)
        .with_columns(&[("x", Int4), ("n", Int4)]),
];
