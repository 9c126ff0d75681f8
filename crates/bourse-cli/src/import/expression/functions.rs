//! Functions and CASTs of the source, where the store has the same.

use bourse::Type;
use bourse::expression::{Function, call, case_when};
use sqlparser::ast::{
    DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, TrimWhereField,
};

use super::super::schema::{Affinity, affinity};
use super::{Kind, Named, Translated, Translator, Typed, alike, as_number, refuse};

impl Translator<'_> {
    /// Only where SQLite converts as the store does: it takes a text's beginning for its number,
    /// and cuts fractions off.
    pub(super) fn cast(&mut self, whole: &Expr, inner: &Expr, to: &DataType) -> Translated<Typed> {
        let typed = as_number(self.value(inner)?);
        let wanted = affinity(&to.to_string());
        let (kind, to) = match (wanted, typed.kind) {
            (Affinity::Integer, Kind::Integer) | (Affinity::Text, Kind::Text) => return Ok(typed),
            (Affinity::Text, Kind::Integer) => (Kind::Text, Type::Text),
            (Affinity::Real, Kind::Integer | Kind::Double | Kind::Decimal) => {
                (Kind::Double, Type::Double)
            }
            _ => return refuse(whole),
        };
        self.computes = true;
        Ok(Typed { kind, expression: typed.expression.cast(to), column: None })
    }

    pub(super) fn function(&mut self, whole: &Expr) -> Translated<Typed> {
        self.computes = true;
        let text = |expression| Ok(Typed { kind: Kind::Text, expression, column: None });
        match whole {
            Expr::Trim { expr, trim_where, trim_what, trim_characters } => {
                let function = match trim_where {
                    None | Some(TrimWhereField::Both) => Function::Trim,
                    Some(TrimWhereField::Leading) => Function::LeftTrim,
                    Some(TrimWhereField::Trailing) => Function::RightTrim,
                };
                let mut arguments = vec![self.text(expr)?];
                let characters = trim_characters.as_deref().unwrap_or_default();
                for what in trim_what.as_deref().into_iter().chain(characters) {
                    arguments.push(self.text(what)?);
                }
                text(call(function, arguments))
            }
            Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
                let mut arguments = vec![self.text(expr)?, self.whole(from)?];
                if let Some(count) = substring_for {
                    arguments.push(self.whole(count)?);
                }
                text(call(Function::Substr, arguments))
            }
            Expr::Function(function) if function.over.is_none() && function.filter.is_none() => {
                let FunctionArguments::List(list) = &function.args else { return refuse(whole) };
                let arguments = list.args.iter().map(|argument| match argument {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => Ok(argument),
                    _ => refuse(whole),
                });
                let arguments = arguments.collect::<Translated<Vec<_>>>()?;
                self.call(whole, &function.name.to_string().to_ascii_lowercase(), &arguments)
            }
            _ => refuse(whole),
        }
    }

    fn whole(&mut self, expression: &Expr) -> Translated<Named> {
        let typed = self.value(expression)?;
        if typed.kind == Kind::Integer { Ok(typed.expression) } else { refuse(expression) }
    }

    fn call(&mut self, whole: &Expr, name: &str, arguments: &[&Expr]) -> Translated<Typed> {
        let made = |kind, expression| Ok(Typed { kind, expression, column: None });
        match (name, arguments) {
            ("lower" | "upper" | "ltrim" | "rtrim" | "trim" | "replace", _) => {
                let arguments = arguments.iter().map(|argument| self.text(argument));
                let arguments = arguments.collect::<Translated<Vec<_>>>()?;
                let function = Function::named(name).ok_or_else(|| name.to_owned())?;
                made(Kind::Text, call(function, arguments))
            }
            ("substr" | "substring", [text, rest @ ..]) => {
                let mut all = vec![self.text(text)?];
                for number in rest {
                    all.push(self.whole(number)?);
                }
                made(Kind::Text, call(Function::Substr, all))
            }
            ("instr", [text, part]) => {
                made(Kind::Integer, call(Function::Instr, [self.text(text)?, self.text(part)?]))
            }
            ("length", [one]) => {
                let typed = self.value(one)?;
                let argument = match typed.kind {
                    Kind::Text | Kind::Blob => typed.expression,
                    Kind::Integer => typed.expression.cast(Type::Text),
                    _ => return refuse(whole),
                };
                made(Kind::Integer, call(Function::Length, [argument]))
            }
            // Without modifiers; of `now`, which SQLite refuses in definitions too, it is an error.
            ("date", [one]) => made(Kind::Text, call(Function::Date, [self.text(one)?])),
            ("json_valid", [one]) => {
                made(Kind::Truth, call(Function::JsonValid, [self.text(one)?]))
            }
            ("glob", [pattern, text]) => {
                made(Kind::Truth, call(Function::Glob, [self.text(text)?, self.text(pattern)?]))
            }
            ("abs", [one]) => {
                let typed = self.number(one)?;
                made(typed.kind, call(Function::Abs, [typed.expression]))
            }
            ("round", [one, digits @ ..]) if digits.len() <= 1 => {
                let typed = self.number(one)?;
                let mut all = vec![typed.expression];
                for digits in digits {
                    all.push(self.whole(digits)?);
                }
                made(typed.kind, call(Function::Round, all))
            }
            ("coalesce" | "ifnull" | "nullif", [first, rest @ ..]) if !rest.is_empty() => {
                self.alike_arguments(whole, name, first, rest)
            }
            ("iif" | "if", [condition, yes, no]) => {
                let condition = self.truth(condition)?;
                let (yes, no) = (self.value(yes)?, self.value(no)?);
                let kind = if yes.kind == Kind::Null { no.kind } else { yes.kind };
                if no.kind != kind && no.kind != Kind::Null {
                    return refuse(whole);
                }
                made(kind, case_when(condition, yes.expression).otherwise(no.expression))
            }
            ("typeof", [one]) => {
                let typed = self.value(one)?;
                // What SQLite keeps as an integer is a decimal here, unless the column is REAL.
                let real = typed.column.map(|at| self.plan.table.columns[at].affinity);
                if typed.kind == Kind::Decimal && real != Some(Affinity::Real) {
                    return refuse(whole);
                }
                made(Kind::Text, call(Function::TypeOf, [typed.expression]))
            }
            _ => refuse(whole),
        }
    }

    /// A function whose arguments are all of one kind.
    fn alike_arguments(
        &mut self,
        whole: &Expr,
        name: &str,
        first: &Expr,
        rest: &[&Expr],
    ) -> Translated<Typed> {
        let mut typed = vec![self.value(first)?];
        for argument in rest {
            let next = self.value(argument)?;
            let (_, next) = alike(whole, typed[0].clone(), next)?;
            typed.push(next);
        }
        let kind = typed[0].kind;
        if typed.iter().any(|other| other.kind != kind && other.kind != Kind::Null) {
            return refuse(whole);
        }
        let function = if name == "nullif" { Function::NullIf } else { Function::Coalesce };
        let expression = call(function, typed.into_iter().map(|typed| typed.expression));
        Ok(Typed { kind, expression, column: None })
    }
}
