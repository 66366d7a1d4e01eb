//! How the rules that nest are held together.
//!
//! nom's combinators cost several frames of the stack each, large ones without optimization. On the way from one level
//! of nesting to the next stand only these plain functions, so that the deepest text fits the stack of any thread.

use nom::Err;

use super::ast::{ArithOp, At, Expr, ExprKind};
use super::expected::Expected;
use super::input::{Fault, Input, Parsed, deeper};
use super::lexeme::{skip, spanned, symbol};

/// A rule.
pub(super) type Rule<'a, T> = fn(Input<'a>) -> Parsed<'a, T>;

/// The first rule, or else the second.
pub(super) fn or_else<'a, T>(
    input: Input<'a>,
    first: Rule<'a, T>,
    second: Rule<'a, T>,
) -> Parsed<'a, T> {
    let parsed = first(input);
    if matches!(parsed, Err(Err::Error(_))) { second(input) } else { parsed }
}

/// Gives a rule a name: when it fails at its very start, the name is wanted, not what the rule is made of.
pub(super) fn labelled<'a, T>(
    input: Input<'a>,
    expected: Expected,
    rule: Rule<'a, T>,
) -> Parsed<'a, T> {
    let (start, ()) = skip(input)?;
    let mark = start.state.mark(start.at);
    let parsed = rule(start);
    if matches!(parsed, Err(Err::Error(_))) {
        start.state.rename(start.at, mark, expected);
    }
    parsed
}

/// Runs a rule as a whole expression: the outermost one starts the count of operators.
pub(super) fn outermost<'a, T>(input: Input<'a>, rule: Rule<'a, T>) -> Parsed<'a, T> {
    input.state.enter_expression();
    let parsed = rule(input);
    input.state.leave_expression();
    parsed
}

/// Operands between the same word: one stands for itself, several make a node.
pub(super) fn joined<'a>(
    input: Input<'a>,
    operand: Rule<'a, Expr>,
    mut between: impl FnMut(Input<'a>) -> Parsed<'a, ()>,
    others: Rule<'a, Expr>,
    node: fn(Vec<Expr>) -> ExprKind,
) -> Parsed<'a, Expr> {
    let (mut rest, first) = operand(input)?;
    let mut operands = Vec::new();
    let mut span = first.span;
    let mut first = Some(first);
    while let Some(next) = matched(between(rest))? {
        let Some((after, operand)) = matched(others(next.0))? else { break };
        span = span.to(operand.span);
        operands.extend(first.take());
        operands.push(operand);
        rest = after;
    }
    let joined = first.unwrap_or_else(|| At::new(node(operands), span));
    Ok((rest, joined))
}

/// Operands between operators that bind to the left.
pub(super) fn arithmetic<'a>(
    input: Input<'a>,
    operator: Rule<'a, ArithOp>,
    operand: Rule<'a, Expr>,
) -> Parsed<'a, Expr> {
    let (mut rest, mut left) = operand(input)?;
    while let Some((next, op)) = matched(spanned(operator)(rest))? {
        let Some((after, right)) = matched(operand(next))? else { break };
        rest.state.operator(op.span.start)?;
        left = binary(left, op, right);
        rest = after;
    }
    Ok((rest, left))
}

fn binary(left: Expr, op: At<ArithOp>, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    let (left, right) = (Box::new(left), Box::new(right));
    At::new(ExprKind::Arithmetic { left, op, right }, span)
}

/// An operand behind a word or sign, one level deeper.
pub(super) fn prefixed<'a>(
    input: Input<'a>,
    mut prefix: impl FnMut(Input<'a>) -> Parsed<'a, ()>,
    operand: Rule<'a, Expr>,
    node: fn(Box<Expr>) -> ExprKind,
) -> Parsed<'a, Expr> {
    let (start, ()) = skip(input)?;
    let (rest, ()) = prefix(start)?;
    let (rest, operand) = deeper(rest, start.at, operand)?;
    Ok((rest, At::new(node(Box::new(operand)), start.span_to(&rest))))
}

/// A rule between brackets, one level deeper.
pub(super) fn bracketed<'a, T>(
    input: Input<'a>,
    open: &'static str,
    rule: Rule<'a, T>,
    close: &'static str,
) -> Parsed<'a, T> {
    let (inside, ()) = symbol(open)(input)?;
    let (rest, node) = deeper(inside, inside.at - open.len(), rule)?;
    let (rest, ()) = symbol(close)(rest)?;
    Ok((rest, node))
}

/// `rule (',' rule)* ','?`
pub(super) fn list<'a, T>(input: Input<'a>, rule: Rule<'a, T>) -> Parsed<'a, Vec<T>> {
    let (mut rest, first) = rule(input)?;
    let mut items = vec![first];
    while let Some((next, ())) = matched(symbol(",")(rest))? {
        // The last comma may stand alone.
        rest = next;
        let Some((after, item)) = matched(rule(next))? else { break };
        items.push(item);
        rest = after;
    }
    Ok((rest, items))
}

/// `( rule (',' rule)* ','? )?`
pub(super) fn optional_list<'a, T>(input: Input<'a>, rule: Rule<'a, T>) -> Parsed<'a, Vec<T>> {
    let found = matched(list(input, rule))?;
    Ok(found.unwrap_or((input, Vec::new())))
}

/// What a rule gave, or nothing where it did not match.
fn matched<T>(parsed: Parsed<'_, T>) -> Result<Option<(Input<'_>, T)>, Err<Fault>> {
    match parsed {
        Ok(found) => Ok(Some(found)),
        Err(Err::Error(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}
