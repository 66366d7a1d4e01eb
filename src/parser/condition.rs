//! Tests: comparisons, sets, names, patterns of text, periods, dyads.

use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{pair, preceded, terminated};
use nom::{Err, Parser};

use super::ast::{At, CmpOp, Expr, ExprKind, InSet, MatchOp, Period, Range, Relation, Text};
use super::chain::{Boxed, boxed, bracketed, either, expression, labelled, list, placed};
use super::expected::Expected;
use super::expression::{atom, coalesce, expr, negative_atom, sum};
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, param, skip, spanned, symbol};
use super::literal::duration;
use super::query::{dyad_test, query};
use super::text::text;
use super::value::{Either, list_lit, range_or};
use crate::error::Span;

/// What follows the left side of a test.
enum Tail {
    Compare(At<CmpOp>, Box<Expr>),
    In(bool, Box<At<InSet>>),
    Under(bool, Vec<Text>),
    Match(bool, MatchOp, Vec<Text>),
    During(bool, Relation, Box<At<Period>>),
    IsNull(bool),
}

/// `Test`
pub(super) fn test(input: Input<'_>) -> Boxed<'_> {
    either(input, dyad_condition).or(comparison).parsed
}

fn dyad_condition(input: Input<'_>) -> Boxed<'_> {
    let (start, ()) = skip(input)?;
    let (rest, dyad) = dyad_test(start)?;
    Ok((rest, expression(ExprKind::Dyad(*dyad), start.span_to(&rest))))
}

fn comparison(input: Input<'_>) -> Boxed<'_> {
    let (rest, left) = coalesce(input)?;
    match labelled(rest, Expected::Comparison, tail) {
        Ok((end, tail)) => Ok((end, Box::new(build(left, *tail, end.at)))),
        Err(Err::Error(_)) => Ok((rest, left)),
        Err(failure) => Err(failure),
    }
}

fn build(left: Box<Expr>, tail: Tail, end: usize) -> Expr {
    let span = Span::new(left.span.start, end);
    let kind = match tail {
        Tail::Compare(op, right) => ExprKind::Compare { left, op, right },
        Tail::In(negated, set) => ExprKind::In { left, negated, set: *set },
        Tail::Under(negated, names) => ExprKind::Under { left, negated, names },
        Tail::Match(negated, how, patterns) => ExprKind::Match { left, negated, how, patterns },
        Tail::During(negated, relation, period) => {
            ExprKind::During { left, negated, relation, period: *period }
        }
        Tail::IsNull(negated) => ExprKind::IsNull { left, negated },
    };
    At::new(kind, span)
}

fn tail(input: Input<'_>) -> Parsed<'_, Box<Tail>> {
    either(input, compare).or(negatable).or(search).or(is_null).parsed
}

fn compare(input: Input<'_>) -> Parsed<'_, Box<Tail>> {
    let (rest, op) = spanned(cmp_op)(input)?;
    let (rest, right) = operand(rest)?;
    Ok((rest, Box::new(Tail::Compare(op, right))))
}

fn is_null(input: Input<'_>) -> Parsed<'_, Box<Tail>> {
    let is_null = preceded(keyword("is"), terminated(optional("not"), keyword("null")));
    map(is_null, |negated| Box::new(Tail::IsNull(negated))).parse(input)
}

fn operand(input: Input<'_>) -> Boxed<'_> {
    labelled(input, Expected::Operand, coalesce)
}

/// The tests that `not` may stand before.
fn negatable(input: Input<'_>) -> Parsed<'_, Box<Tail>> {
    let (rest, negated) = optional("not")(input)?;
    let (rest, mut tail) = either(rest, member).or(under).or(pattern).or(during).parsed?;
    if let Tail::In(not, _) | Tail::Under(not, _) | Tail::Match(not, ..) | Tail::During(not, ..) =
        tail.as_mut()
    {
        *not = negated;
    }
    Ok((rest, tail))
}

fn member(input: Input<'_>) -> Parsed<'_, Box<Tail>> {
    let (rest, ()) = keyword("in")(input)?;
    let (rest, set) = labelled(rest, Expected::Set, |i| placed(i, in_set))?;
    Ok((rest, Box::new(Tail::In(false, set))))
}

fn under(input: Input<'_>) -> Parsed<'_, Box<Tail>> {
    map(preceded(keyword("under"), texts), |names| Box::new(Tail::Under(false, names))).parse(input)
}

fn pattern(input: Input<'_>) -> Parsed<'_, Box<Tail>> {
    let how =
        alt((value(MatchOp::Like, keyword("like")), value(MatchOp::Matches, keyword("matches"))));
    map(pair(how, texts), |(how, patterns)| Box::new(Tail::Match(false, how, patterns)))
        .parse(input)
}

fn during(input: Input<'_>) -> Parsed<'_, Box<Tail>> {
    let (rest, relation) = relation(input)?;
    let (rest, period) = labelled(rest, Expected::Period, |i| placed(i, period))?;
    Ok((rest, Box::new(Tail::During(false, relation, period))))
}

fn relation(input: Input<'_>) -> Parsed<'_, Relation> {
    alt((
        value(Relation::During, keyword("during")),
        value(Relation::Overlaps, keyword("overlaps")),
        value(Relation::Before, keyword("before")),
        value(Relation::After, keyword("after")),
    ))
    .parse(input)
}

fn search(input: Input<'_>) -> Parsed<'_, Box<Tail>> {
    let sign = alt((value(false, symbol("~")), value(true, symbol("!~"))));
    let search = pair(sign, texts);
    map(search, |(negated, words)| Box::new(Tail::Match(negated, MatchOp::Search, words)))
        .parse(input)
}

/// Whether a word is there.
pub(super) fn optional<'a>(word: &'static str) -> impl FnMut(Input<'a>) -> Parsed<'a, bool> {
    let mut rule = map(opt(keyword(word)), |found| found.is_some());
    move |input| rule.parse(input)
}

/// `CmpOp`
fn cmp_op(input: Input<'_>) -> Parsed<'_, CmpOp> {
    alt((
        value(CmpOp::NotSame, symbol("!==")),
        value(CmpOp::Same, symbol("==")),
        value(CmpOp::Ne, symbol("!=")),
        value(CmpOp::Le, symbol("<=")),
        value(CmpOp::Ge, symbol(">=")),
        value(CmpOp::Eq, symbol("=")),
        value(CmpOp::Lt, symbol("<")),
        value(CmpOp::Gt, symbol(">")),
    ))
    .parse(input)
}

fn in_set(input: Input<'_>) -> Parsed<'_, Box<InSet>> {
    either(input, in_expressions).or(in_query).or(in_list).or(in_range).parsed
}

fn in_expressions(input: Input<'_>) -> Parsed<'_, Box<InSet>> {
    let (rest, exprs) = set_lit(input)?;
    Ok((rest, Box::new(InSet::Set(exprs))))
}

fn in_query(input: Input<'_>) -> Parsed<'_, Box<InSet>> {
    let (rest, query) = bracketed(input, "(", query, ")")?;
    Ok((rest, Box::new(InSet::Query(query))))
}

fn in_list(input: Input<'_>) -> Parsed<'_, Box<InSet>> {
    let (rest, values) = list_lit(input)?;
    Ok((rest, Box::new(InSet::List(values))))
}

fn in_range(input: Input<'_>) -> Parsed<'_, Box<InSet>> {
    map(alt((map(range, InSet::Range), map(param, InSet::Param))), Box::new).parse(input)
}

/// `SetLit`
pub(super) fn set_lit(input: Input<'_>) -> Parsed<'_, Vec<Expr>> {
    bracketed(input, "(", |i| list(i, expr), ")")
}

/// `TextSet | Text`
fn texts(input: Input<'_>) -> Parsed<'_, Vec<Text>> {
    let set = |i| bracketed(i, "(", |i| list(i, |i| boxed(i, text)), ")");
    as_one(Expected::Text, alt((set, map(text, |text| vec![text]))))(input)
}

/// `Period`
fn period(input: Input<'_>) -> Parsed<'_, Box<Period>> {
    either(input, last).or(range_or_sum).parsed
}

fn last(input: Input<'_>) -> Parsed<'_, Box<Period>> {
    map(preceded(keyword("last"), duration), |d| Box::new(Period::Last(d))).parse(input)
}

fn range_or_sum(input: Input<'_>) -> Parsed<'_, Box<Period>> {
    let (rest, either) = range_or(input, sum)?;
    let period = match either {
        Either::Range(range) => Period::Range(range),
        Either::Expr(expr) => Period::Expr(expr),
    };
    Ok((rest, Box::new(period)))
}

/// `Range`
fn range(input: Input<'_>) -> Parsed<'_, Range> {
    let to = map(preceded(symbol(".."), bound), |to| Range { from: None, to: Some(to) });
    let from =
        map((bound, symbol(".."), opt(bound)), |(from, (), to)| Range { from: Some(from), to });
    alt((from, to)).parse(input)
}

/// `Bound`
pub(super) fn bound(input: Input<'_>) -> Boxed<'_> {
    labelled(input, Expected::Operand, |i| either(i, negative_atom).or(atom).parsed)
}
