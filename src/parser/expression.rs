//! Expressions, from `or` down to names and literals.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, value};

use super::ast::{ArithOp, ExprKind};
use super::chain::{
    Boxed, arithmetic, bracketed, either, expression, joined, labelled, optional_list, outermost,
    prefixed,
};
use super::condition::test;
use super::expected::Expected;
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, name, param, path, skip, spanned, symbol};
use super::literal::literal;

/// `Expr`
pub(super) fn expr(input: Input<'_>) -> Boxed<'_> {
    outermost(input, or_expr)
}

/// `Expr` where a condition is meant.
pub(super) fn condition(input: Input<'_>) -> Boxed<'_> {
    labelled(input, Expected::Condition, expr)
}

fn or_expr(input: Input<'_>) -> Boxed<'_> {
    let others = |i| labelled(i, Expected::Condition, and_expr);
    joined(input, and_expr, |i| keyword("or")(i), others, ExprKind::Or)
}

/// `AndExpr`
fn and_expr(input: Input<'_>) -> Boxed<'_> {
    joined(input, not_expr, |i| keyword("and")(i), not_operand, ExprKind::And)
}

/// `NotExpr`
fn not_expr(input: Input<'_>) -> Boxed<'_> {
    labelled(input, Expected::Expression, |i| either(i, negation).or(test).parsed)
}

fn not_operand(input: Input<'_>) -> Boxed<'_> {
    labelled(input, Expected::Condition, not_expr)
}

fn negation(input: Input<'_>) -> Boxed<'_> {
    prefixed(input, |i| keyword("not")(i), not_operand, ExprKind::Not)
}

/// `Coalesce`
pub(super) fn coalesce(input: Input<'_>) -> Boxed<'_> {
    joined(input, sum, |i| symbol("??")(i), sum, ExprKind::Coalesce)
}

/// `Sum`
pub(super) fn sum(input: Input<'_>) -> Boxed<'_> {
    outermost(input, |i| arithmetic(i, additive, product))
}

fn additive(input: Input<'_>) -> Parsed<'_, ArithOp> {
    let sign = alt((value(ArithOp::Add, symbol("+")), value(ArithOp::Sub, symbol("-"))));
    as_one(Expected::Operator, sign)(input)
}

/// `Product`
fn product(input: Input<'_>) -> Boxed<'_> {
    arithmetic(input, multiplicative, unary)
}

fn multiplicative(input: Input<'_>) -> Parsed<'_, ArithOp> {
    let sign = alt((
        value(ArithOp::Mul, symbol("*")),
        value(ArithOp::Div, symbol("/")),
        value(ArithOp::Rem, symbol("%")),
    ));
    as_one(Expected::Operator, sign)(input)
}

/// `Unary`
fn unary(input: Input<'_>) -> Boxed<'_> {
    labelled(input, Expected::Operand, |i| either(i, negative).or(atom).or(parenthesized).parsed)
}

fn negative(input: Input<'_>) -> Boxed<'_> {
    prefixed(input, |i| symbol("-")(i), unary, ExprKind::Negate)
}

/// A value behind `-`: what a bound of a range may be.
pub(super) fn negative_atom(input: Input<'_>) -> Boxed<'_> {
    prefixed(input, |i| symbol("-")(i), atom, ExprKind::Negate)
}

/// `Primary` without parentheses, which is also what the end of a range may be.
pub(super) fn atom(input: Input<'_>) -> Boxed<'_> {
    either(input, constant).or(call).or(field).parsed
}

fn constant(input: Input<'_>) -> Boxed<'_> {
    let kind = alt((map(literal, ExprKind::Literal), map(param, ExprKind::Param)));
    map(spanned(kind), Box::new).parse(input)
}

fn field(input: Input<'_>) -> Boxed<'_> {
    map(spanned(map(path, ExprKind::Path)), Box::new).parse(input)
}

/// The span takes the parentheses in, which tells `(a)` from `a`.
fn parenthesized(input: Input<'_>) -> Boxed<'_> {
    let (start, ()) = skip(input)?;
    let (rest, mut inner) = bracketed(start, "(", expr, ")")?;
    inner.span = start.span_to(&rest);
    Ok((rest, inner))
}

/// `Call`
fn call(input: Input<'_>) -> Boxed<'_> {
    let (start, ()) = skip(input)?;
    let (rest, name) = name(start)?;
    let (rest, args) = bracketed(rest, "(", |i| optional_list(i, expr), ")")?;
    Ok((rest, expression(ExprKind::Call { name, args }, start.span_to(&rest))))
}
