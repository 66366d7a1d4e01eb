//! How the rules that nest are held together.
//!
//! nom's combinators cost several frames of the stack each, large ones without optimization. Between one level of
//! nesting and the next stand only these plain functions, and large nodes travel in boxes, so that the deepest text
//! fits the stack of any thread.

#![allow(
    clippy::unnecessary_box_returns,
    clippy::boxed_local,
    reason = "keeps large nodes off the stack"
)]

use nom::Err;

use super::ast::{ArithOp, At, Expr, ExprKind};
use super::expected::Expected;
use super::input::{Fault, Input, Parsed};
use super::lexeme::{keyword, skip, spanned, symbol};
use crate::error::Span;

/// A rule.
pub(super) type Rule<'a, T> = fn(Input<'a>) -> Parsed<'a, T>;

/// What a rule gave, or nothing where it did not match.
pub(super) fn matched<T>(parsed: Parsed<'_, T>) -> Result<Option<(Input<'_>, T)>, Err<Fault>> {
    match parsed {
        Ok(found) => Ok(Some(found)),
        Err(Err::Error(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Alternatives, tried in the order of writing.
pub(super) struct Choice<'a, T> {
    input: Input<'a>,
    /// What the first alternative gave that matched, or else the last mismatch.
    pub(super) parsed: Parsed<'a, T>,
}

/// The first alternative.
pub(super) fn either<'a, T>(input: Input<'a>, rule: Rule<'a, T>) -> Choice<'a, T> {
    Choice { input, parsed: rule(input) }
}

impl<'a, T> Choice<'a, T> {
    /// The next alternative.
    pub(super) fn or(self, rule: Rule<'a, T>) -> Self {
        if matches!(self.parsed, Err(Err::Error(_))) { either(self.input, rule) } else { self }
    }
}

/// The rule that stands behind the word that comes next; the words differ, so no other could match.
pub(super) fn dispatch<'a, T, const N: usize>(
    input: Input<'a>,
    rules: [(&'static str, Rule<'a, T>); N],
) -> Parsed<'a, T> {
    for (word, rule) in rules {
        if let Some((rest, ())) = matched(keyword(word)(input))? {
            return rule(rest);
        }
    }
    Err(Err::Error(Fault(None)))
}

/// The rule, or nothing.
pub(super) fn maybe<'a, T>(input: Input<'a>, rule: Rule<'a, T>) -> Parsed<'a, Option<T>> {
    match rule(input) {
        Ok((rest, node)) => Ok((rest, Some(node))),
        Err(Err::Error(_)) => Ok((input, None)),
        Err(failure) => Err(failure),
    }
}

/// The rule as often as it matches, its nodes added to a list.
pub(super) fn many<'a, T>(
    input: Input<'a>,
    rule: Rule<'a, Box<T>>,
    mut nodes: Vec<T>,
) -> Parsed<'a, Vec<T>> {
    let mut rest = input;
    while let Some((after, node)) = matched(rule(rest))? {
        nodes.push(*node);
        rest = after;
    }
    Ok((rest, nodes))
}

/// The rule once or more often.
pub(super) fn some<'a, T>(input: Input<'a>, rule: Rule<'a, Box<T>>) -> Parsed<'a, Vec<T>> {
    let (rest, first) = rule(input)?;
    many(rest, rule, vec![*first])
}

/// A node with its place.
pub(super) fn placed<'a, T>(input: Input<'a>, rule: Rule<'a, Box<T>>) -> Parsed<'a, Box<At<T>>> {
    let (start, ()) = skip(input)?;
    let (rest, node) = rule(start)?;
    Ok((rest, place(node, start.span_to(&rest))))
}

fn place<T>(node: Box<T>, span: Span) -> Box<At<T>> {
    Box::new(At::new(*node, span))
}

/// A node in a box.
pub(super) fn boxed<'a, T>(input: Input<'a>, rule: Rule<'a, T>) -> Parsed<'a, Box<T>> {
    let (rest, node) = rule(input)?;
    Ok((rest, Box::new(node)))
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

/// `rule (',' rule)* ','?`
pub(super) fn list<'a, T>(input: Input<'a>, rule: Rule<'a, Box<T>>) -> Parsed<'a, Vec<T>> {
    let (rest, first) = rule(input)?;
    more(rest, rule, vec![*first])
}

fn more<'a, T>(
    mut rest: Input<'a>,
    rule: Rule<'a, Box<T>>,
    mut items: Vec<T>,
) -> Parsed<'a, Vec<T>> {
    while let Some((next, ())) = matched(symbol(",")(rest))? {
        // The last comma may stand alone.
        rest = next;
        let Some((after, item)) = matched(rule(next))? else { break };
        items.push(*item);
        rest = after;
    }
    Ok((rest, items))
}

/// `( rule (',' rule)* ','? )?`
pub(super) fn optional_list<'a, T>(input: Input<'a>, rule: Rule<'a, Box<T>>) -> Parsed<'a, Vec<T>> {
    let found = matched(list(input, rule))?;
    Ok(found.unwrap_or((input, Vec::new())))
}

/// Runs a rule one level deeper, within the limit; `at` is what opens the level.
pub(super) fn deeper<'a, T>(input: Input<'a>, at: usize, rule: Rule<'a, T>) -> Parsed<'a, T> {
    input.state.enter_level(at)?;
    let parsed = rule(input);
    input.state.leave_level();
    parsed
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

/// Runs a rule as a whole expression: the outermost one starts the count of operators.
pub(super) fn outermost<'a, T>(input: Input<'a>, rule: Rule<'a, T>) -> Parsed<'a, T> {
    input.state.enter_expression();
    let parsed = rule(input);
    input.state.leave_expression();
    parsed
}

/// An expression on its way up.
pub(super) type Boxed<'a> = Parsed<'a, Box<Expr>>;

/// Operands between the same word or sign: one stands for itself, several make a node.
pub(super) fn joined<'a>(
    input: Input<'a>,
    operand: Rule<'a, Box<Expr>>,
    between: Rule<'a, ()>,
    others: Rule<'a, Box<Expr>>,
    node: fn(Vec<Expr>) -> ExprKind,
) -> Boxed<'a> {
    let (mut rest, mut first) = operand(input)?;
    let mut operands = Vec::new();
    while let Some((next, ())) = matched(between(rest))? {
        let Some((after, operand)) = matched(others(next))? else { break };
        operands.push(*operand);
        rest = after;
    }
    if !operands.is_empty() {
        first = join(first, operands, node);
    }
    Ok((rest, first))
}

fn join(first: Box<Expr>, mut operands: Vec<Expr>, node: fn(Vec<Expr>) -> ExprKind) -> Box<Expr> {
    let span = operands.last().map_or(first.span, |last| first.span.to(last.span));
    operands.insert(0, *first);
    expression(node(operands), span)
}

/// Operands between operators that bind to the left.
pub(super) fn arithmetic<'a>(
    input: Input<'a>,
    operator: Rule<'a, ArithOp>,
    operand: Rule<'a, Box<Expr>>,
) -> Boxed<'a> {
    let (mut rest, mut left) = operand(input)?;
    while let Some((next, op)) = matched(spanned(operator)(rest))? {
        let Some((after, right)) = matched(operand(next))? else { break };
        rest.state.operator(op.span.start)?;
        let span = left.span.to(right.span);
        left = expression(ExprKind::Arithmetic { left, op, right }, span);
        rest = after;
    }
    Ok((rest, left))
}

/// A new expression in its box.
pub(super) fn expression(kind: ExprKind, span: Span) -> Box<Expr> {
    Box::new(At::new(kind, span))
}

/// An operand behind a word or sign, one level deeper.
pub(super) fn prefixed<'a>(
    input: Input<'a>,
    prefix: Rule<'a, ()>,
    operand: Rule<'a, Box<Expr>>,
    node: fn(Box<Expr>) -> ExprKind,
) -> Boxed<'a> {
    let (start, ()) = skip(input)?;
    let (rest, ()) = prefix(start)?;
    let (rest, operand) = deeper(rest, start.at, operand)?;
    Ok((rest, expression(node(operand), start.span_to(&rest))))
}
