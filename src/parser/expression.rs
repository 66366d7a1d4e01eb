//! Expressions, from `or` down to names and literals.

use nom::branch::alt;
use nom::combinator::{map, value};

use super::ast::{ArithOp, At, Expr, ExprKind};
use super::chain::{
    arithmetic, bracketed, joined, labelled, optional_list, or_else, outermost, prefixed,
};
use super::condition::test;
use super::expected::Expected;
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, name, param, path, skip, spanned, symbol};
use super::literal::literal;

/// `Expr`
pub(super) fn expr(input: Input<'_>) -> Parsed<'_, Expr> {
    outermost(input, or_expr)
}

fn or_expr(input: Input<'_>) -> Parsed<'_, Expr> {
    let others = |i| labelled(i, Expected::Condition, and_expr);
    joined(input, and_expr, keyword("or"), others, ExprKind::Or)
}

/// `Expr` where a condition is meant.
pub(super) fn condition(input: Input<'_>) -> Parsed<'_, Expr> {
    labelled(input, Expected::Condition, expr)
}

/// `AndExpr`
fn and_expr(input: Input<'_>) -> Parsed<'_, Expr> {
    joined(input, not_expr, keyword("and"), not_operand, ExprKind::And)
}

/// `NotExpr`
fn not_expr(input: Input<'_>) -> Parsed<'_, Expr> {
    labelled(input, Expected::Expression, |i| or_else(i, negation, test))
}

fn not_operand(input: Input<'_>) -> Parsed<'_, Expr> {
    labelled(input, Expected::Condition, not_expr)
}

fn negation(input: Input<'_>) -> Parsed<'_, Expr> {
    prefixed(input, keyword("not"), not_operand, ExprKind::Not)
}

/// `Coalesce`
pub(super) fn coalesce(input: Input<'_>) -> Parsed<'_, Expr> {
    joined(input, sum, symbol("??"), sum, ExprKind::Coalesce)
}

/// `Sum`
pub(super) fn sum(input: Input<'_>) -> Parsed<'_, Expr> {
    outermost(input, |i| arithmetic(i, additive, product))
}

fn additive(input: Input<'_>) -> Parsed<'_, ArithOp> {
    let sign = alt((value(ArithOp::Add, symbol("+")), value(ArithOp::Sub, symbol("-"))));
    as_one(Expected::Operator, sign)(input)
}

/// `Product`
fn product(input: Input<'_>) -> Parsed<'_, Expr> {
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
fn unary(input: Input<'_>) -> Parsed<'_, Expr> {
    labelled(input, Expected::Value, |i| or_else(i, negative, primary))
}

fn negative(input: Input<'_>) -> Parsed<'_, Expr> {
    prefixed(input, symbol("-"), unary, ExprKind::Negate)
}

/// A value behind `-`: what a bound of a range may be.
pub(super) fn negative_atom(input: Input<'_>) -> Parsed<'_, Expr> {
    prefixed(input, symbol("-"), atom, ExprKind::Negate)
}

/// `Primary`
fn primary(input: Input<'_>) -> Parsed<'_, Expr> {
    or_else(input, atom, parenthesized)
}

/// What a primary expression and the end of a range have in common.
pub(super) fn atom(input: Input<'_>) -> Parsed<'_, Expr> {
    or_else(input, |i| or_else(i, constant, call), field)
}

fn constant(input: Input<'_>) -> Parsed<'_, Expr> {
    spanned(alt((map(literal, ExprKind::Literal), map(param, ExprKind::Param))))(input)
}

fn field(input: Input<'_>) -> Parsed<'_, Expr> {
    spanned(map(path, ExprKind::Path))(input)
}

/// The span takes the parentheses in, which tells `(a)` from `a`.
fn parenthesized(input: Input<'_>) -> Parsed<'_, Expr> {
    let (start, ()) = skip(input)?;
    let (rest, inner) = bracketed(start, "(", expr, ")")?;
    Ok((rest, At::new(inner.node, start.span_to(&rest))))
}

/// `Call`
fn call(input: Input<'_>) -> Parsed<'_, Expr> {
    let (start, ()) = skip(input)?;
    let (rest, name) = name(start)?;
    let (rest, args) = bracketed(rest, "(", |i| optional_list(i, expr), ")")?;
    Ok((rest, At::new(ExprKind::Call { name, args }, start.span_to(&rest))))
}
