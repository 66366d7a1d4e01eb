//! Values of records, lists and assignments.

use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::sequence::{preceded, terminated};
use nom::{Err, Parser};

use super::ast::{Assign, At, Expr, ExprKind, Name, Path, Range, Record, Value, ValueKind};
use super::chain::{Rule, bracketed, either, labelled, optional_list, placed};
use super::condition::bound;
use super::expected::Expected;
use super::expression::expr;
use super::input::{Input, Parsed};
use super::lexeme::{any_ident, as_one, path, skip, spanned, symbol, token};
use super::text::string_at;

/// `Value`
pub(super) fn value(input: Input<'_>) -> Parsed<'_, Box<Value>> {
    labelled(input, Expected::Value, |i| placed(i, value_kind))
}

fn value_kind(input: Input<'_>) -> Parsed<'_, Box<ValueKind>> {
    either(input, list_value).or(record_value).or(range_or_expr).parsed
}

fn list_value(input: Input<'_>) -> Parsed<'_, Box<ValueKind>> {
    let (rest, values) = list_lit(input)?;
    Ok((rest, Box::new(ValueKind::List(values))))
}

fn record_value(input: Input<'_>) -> Parsed<'_, Box<ValueKind>> {
    let (rest, record) = record(input)?;
    Ok((rest, Box::new(ValueKind::Record(*record))))
}

fn range_or_expr(input: Input<'_>) -> Parsed<'_, Box<ValueKind>> {
    let (rest, either) = range_or(input, expr)?;
    let kind = match either {
        Either::Range(range) => ValueKind::Range(range),
        Either::Expr(expr) => ValueKind::Expr(*expr),
    };
    Ok((rest, Box::new(kind)))
}

/// `ListLit`
pub(super) fn list_lit(input: Input<'_>) -> Parsed<'_, Vec<Value>> {
    bracketed(input, "[", |i| optional_list(i, value), "]")
}

/// `Record`
pub(super) fn record(input: Input<'_>) -> Parsed<'_, Box<Record>> {
    let (start, ()) = skip(input)?;
    let (rest, fields) =
        labelled(start, Expected::Record, |i| bracketed(i, "{", |i| optional_list(i, field), "}"))?;
    Ok((rest, Box::new(Record { fields, span: start.span_to(&rest) })))
}

/// `Field`
fn field(input: Input<'_>) -> Parsed<'_, Box<(Name, Value)>> {
    let (rest, name) = field_name(input)?;
    let (rest, value) = value(rest)?;
    Ok((rest, Box::new((name, *value))))
}

fn field_name(input: Input<'_>) -> Parsed<'_, Name> {
    let name = as_one(Expected::Field, alt((string_at, token(Expected::Field, any_ident))));
    terminated(name, symbol(":")).parse(input)
}

/// `Assign`
pub(super) fn assign(input: Input<'_>) -> Parsed<'_, Box<Assign>> {
    let (rest, path) = assigned(input)?;
    let (rest, value) = value(rest)?;
    Ok((rest, Box::new(Assign { path, value: *value })))
}

fn assigned(input: Input<'_>) -> Parsed<'_, At<Path>> {
    terminated(spanned(path), symbol("=")).parse(input)
}

/// A range or what may stand in its place.
pub(super) enum Either {
    Range(Range),
    Expr(Box<Expr>),
}

/// `Range`, or else the given rule.
///
/// The rule reads everything that the first bound could be, so a bound is what it gives before a `..`;
/// nothing is read twice.
pub(super) fn range_or<'a>(input: Input<'a>, rule: Rule<'a, Box<Expr>>) -> Parsed<'a, Either> {
    let (rest, first) = match rule(input) {
        Err(Err::Error(_)) => return to_bound(input),
        parsed => parsed?,
    };
    if !is_bound(&first, rest.state.text) {
        return Ok((rest, Either::Expr(first)));
    }
    let (rest, to) = opt(preceded(symbol(".."), opt(bound))).parse(rest)?;
    let either = match to {
        Some(to) => Either::Range(Range { from: Some(first), to }),
        None => Either::Expr(first),
    };
    Ok((rest, either))
}

fn to_bound(input: Input<'_>) -> Parsed<'_, Either> {
    let to = preceded(symbol(".."), bound);
    map(to, |to| Either::Range(Range { from: None, to: Some(to) })).parse(input)
}

/// True when the expression was written as a `Bound`: one value without parentheses, perhaps negative.
fn is_bound(expr: &Expr, text: &str) -> bool {
    let atom = match &expr.node {
        ExprKind::Negate(operand) => operand,
        _ => expr,
    };
    let is_atom = matches!(
        atom.node,
        ExprKind::Literal(_) | ExprKind::Param(_) | ExprKind::Call { .. } | ExprKind::Path(_)
    );
    let in_parentheses =
        |expr: &Expr| text.as_bytes().get(expr.span.start).is_some_and(|b| *b == b'(');
    is_atom && !in_parentheses(expr) && !in_parentheses(atom)
}
