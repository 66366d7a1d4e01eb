//! Expressions.

use regex::RegexBuilder;
use std::sync::Arc;

use crate::catalog::{FieldType, nearest};
use crate::error::{Result, Span};
use crate::model::{Quantity, Value, fold};
use crate::parser::ast::{self, ArithOp, ExprKind, MatchOp};

use super::super::expression::{DyadTest, Expr, Pattern, Search};
use super::super::function::{Function, Use};
use super::super::later::Later;
use super::super::plan::AggregateCall;
use super::{Binder, Place, Typed, did_you_mean, error};

/// The most that a compiled regular expression may take, in bytes.
const REGEX_LIMIT: usize = 1 << 20;

impl Binder<'_> {
    /// A condition.
    pub(super) fn condition(&mut self, expr: &ast::Expr, place: &mut Place) -> Result<Expr> {
        let bound = self.expression(expr, place)?;
        if let (Some(value), FieldType::Text | FieldType::Number | FieldType::Date) =
            (bound.constant(), bound.holds)
            && !value.is_null()
        {
            return Err(error(
                "not-a-condition",
                "this is neither true nor false",
                expr.span,
                "a condition is wanted here",
            )
            .help("compare it with something: `year >= 2015`")
            .bind());
        }
        Ok(bound.expr)
    }

    /// Any expression.
    pub(super) fn expression(&mut self, expr: &ast::Expr, place: &mut Place) -> Result<Typed> {
        let boolean = |expr| Ok(Typed::new(expr, FieldType::Bool));
        match &expr.node {
            ExprKind::Or(parts) => boolean(Expr::Or(self.conditions(parts, place)?)),
            ExprKind::And(parts) => boolean(Expr::and(self.conditions(parts, place)?)),
            ExprKind::Not(inner) => {
                let inner = self.negated(true, |binder| binder.condition(inner, place))?;
                boolean(Expr::Not(Box::new(inner)))
            }
            ExprKind::Dyad(dyad) => {
                if !place.shape.events {
                    return Err(error(
                        "no-events",
                        "these rows are no events",
                        expr.span,
                        "only events have two sides",
                    )
                    .help("put the test before `select`, `count` or `summarize`")
                    .bind());
                }
                boolean(Expr::Dyad(self.dyad(dyad)?))
            }
            ExprKind::Compare { left, op, right } => boolean(self.compare(left, op, right, place)?),
            ExprKind::In { left, negated, set } => {
                let test = self.in_set(left, set, place)?;
                boolean(negate(test, *negated))
            }
            ExprKind::Under { left, negated, names } => {
                let test = self.negated(*negated, |binder| binder.under(left, names, place))?;
                boolean(negate(test, *negated))
            }
            ExprKind::Match { left, negated, how, patterns } => {
                let left = self.expression(left, place)?.expr;
                let patterns = self
                    .texts(patterns)?
                    .into_iter()
                    .map(|(text, span)| pattern(*how, &text, span))
                    .collect::<Result<Vec<_>>>()?;
                if !negated {
                    self.remember_searches(&left, &patterns);
                }
                boolean(negate(Expr::Match { left: Box::new(left), patterns }, *negated))
            }
            ExprKind::During { left, negated, relation, period } => {
                let test = self.during(left, *relation, period, place)?;
                boolean(negate(test, *negated))
            }
            ExprKind::IsNull { left, negated } => {
                let left = self.expression(left, place)?.expr;
                boolean(negate(Expr::IsNull(Box::new(left)), *negated))
            }
            ExprKind::Coalesce(parts) => {
                let parts: Vec<Typed> =
                    parts.iter().map(|p| self.expression(p, place)).collect::<Result<_>>()?;
                let holds = parts.first().map_or(FieldType::Any, |p| p.holds);
                Ok(Typed::new(Expr::Coalesce(parts.into_iter().map(|p| p.expr).collect()), holds))
            }
            ExprKind::Arithmetic { left, op, right } => {
                self.arithmetic(left, op, right, expr.span, place)
            }
            ExprKind::Negate(inner) => {
                let inner = self.expression(inner, place)?;
                match inner.constant() {
                    Some(Value::Int(n)) => Ok(Typed::new(
                        Expr::Constant(Value::Int(n.saturating_neg())),
                        FieldType::Number,
                    )),
                    Some(Value::Quantity(q)) => {
                        let (low, high) = (-q.high, -q.low);
                        Ok(constant(Quantity { low, high, ..(**q).clone() }.into()))
                    }
                    Some(Value::Float(n)) => {
                        Ok(Typed::new(Expr::Constant(Value::Float(-n)), FieldType::Number))
                    }
                    _ => Ok(Typed::new(Expr::Negate(Box::new(inner.expr), expr.span), inner.holds)),
                }
            }
            ExprKind::Literal(literal) => Ok(constant(self.literal(literal, expr.span)?)),
            ExprKind::Param(name) => Ok(constant(self.param(name, expr.span)?)),
            ExprKind::Call { name, args } => self.call(name, args, expr.span, place),
            ExprKind::Path(path) => self.path(path, expr.span, place),
        }
    }

    /// Binds what stands within a `not`, if it does.
    fn negated<T>(&mut self, negated: bool, bind: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.negated;
        self.negated |= negated;
        let bound = bind(self);
        self.negated = before;
        bound
    }

    fn conditions(&mut self, parts: &[ast::Expr], place: &mut Place) -> Result<Vec<Expr>> {
        parts.iter().map(|part| self.condition(part, place)).collect()
    }

    /// The two sides of a dyad.
    pub(super) fn dyad(&mut self, dyad: &ast::Dyad) -> Result<DyadTest> {
        Ok(match dyad {
            ast::Dyad::Between(a, b) => DyadTest::Between(self.party(a)?, self.party(b)?),
            ast::Dyad::Directed { from, to } => DyadTest::Directed {
                from: from.as_ref().map(|p| self.party(p)).transpose()?,
                to: to.as_ref().map(|p| self.party(p)).transpose()?,
            },
            ast::Dyad::Involving(parties) => {
                DyadTest::Involving(parties.iter().map(|p| self.party(p)).collect::<Result<_>>()?)
            }
        })
    }

    fn arithmetic(
        &mut self,
        left: &ast::Expr,
        op: &ast::At<ArithOp>,
        right: &ast::Expr,
        span: Span,
        place: &mut Place,
    ) -> Result<Typed> {
        let left = self.expression(left, place)?;
        let right = self.expression(right, place)?;
        let date = |holds| matches!(holds, FieldType::Date | FieldType::Period(_));
        let holds = match (date(left.holds), date(right.holds)) {
            (true, true) => FieldType::Quantities,
            (true, false) | (false, true) => FieldType::Date,
            (false, false) if left.holds == FieldType::Quantities => FieldType::Quantities,
            (false, false) => FieldType::Number,
        };
        Ok(Typed::new(
            Expr::Arithmetic {
                left: Box::new(left.expr),
                op: op.node,
                right: Box::new(right.expr),
                span,
            },
            holds,
        ))
    }

    fn call(
        &mut self,
        name: &ast::Name,
        args: &[ast::Expr],
        span: Span,
        place: &mut Place,
    ) -> Result<Typed> {
        let Some(function) = Function::from_name(name) else {
            if Later::is_function(name) {
                return Err(Later::function_error(name, name.span));
            }
            let names = nearest(name, Function::ALL.iter().map(|f| f.name()));
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            return Err(did_you_mean(
                error(
                    "unknown-function",
                    format!("no function `{}`", name.node),
                    name.span,
                    "unknown function",
                ),
                name.span,
                &names,
                "`show functions` lists them",
            ));
        };
        let (least, most) = function.arity();
        if args.len() < least || args.len() > most {
            let wanted = match most {
                usize::MAX => format!("at least {least}"),
                _ if least == most => format!("{least}"),
                _ => format!("{least} to {most}"),
            };
            return Err(error(
                "arguments",
                format!("`{}` takes {wanted} arguments, not {}", function.name(), args.len()),
                span,
                "wrong number of arguments",
            )
            .help(format!("`{}`: {}", function.name(), function.doc()))
            .bind());
        }
        match function.usage() {
            Use::Modal => {
                let mut inner = self.conditions(args, place)?;
                let inner = Box::new(inner.swap_remove(0));
                let expr = if function == Function::Possibly {
                    Expr::Possibly(inner)
                } else {
                    Expr::Certainly(inner)
                };
                Ok(Typed::new(expr, FieldType::Bool))
            }
            Use::Aggregate => {
                let argument = args
                    .first()
                    .map(|arg| self.expression(arg, &mut Place::row(place.shape)))
                    .transpose()?;
                let Some(calls) = place.calls.as_deref_mut() else {
                    return Err(error(
                        "aggregate",
                        format!("`{}` works on groups of rows", function.name()),
                        span,
                        "not here",
                    )
                    .help("use it in `summarize`: `| summarize count() as n by year`")
                    .bind());
                };
                let argument_holds = argument.as_ref().map(|a| a.holds);
                if function == Function::Share {
                    let argument = argument.map(|a| a.expr);
                    return Ok(Self::share(argument, calls, self.names_status, span));
                }
                let holds = match function {
                    Function::Min | Function::Max | Function::First | Function::Last => {
                        argument_holds.unwrap_or(FieldType::Any)
                    }
                    Function::Collect => FieldType::Any,
                    Function::Sum => argument_holds.unwrap_or(FieldType::Number),
                    _ => FieldType::Number,
                };
                calls.push(AggregateCall {
                    function,
                    argument: argument.map(|a| a.expr),
                    any_status: self.names_status,
                    span,
                });
                Ok(Typed::new(Expr::Column(calls.len() - 1), holds))
            }
            Use::Scalar if matches!(function, Function::Score | Function::Highlight) => {
                self.ranked(function, args, span, place)
            }
            Use::Scalar => self.scalar(function, args, span, place),
        }
    }
}

/// A value that is known, with the type that it shows.
fn constant(value: Value) -> Typed {
    let holds = match &value {
        Value::Null | Value::List(_) | Value::Record(_) | Value::Duration(_) => FieldType::Any,
        Value::Bool(_) => FieldType::Bool,
        Value::Int(_) | Value::Float(_) => FieldType::Number,
        Value::Text(_) => FieldType::Text,
        Value::Date(_) => FieldType::Date,
        Value::Quantity(_) => FieldType::Quantities,
    };
    Typed::new(Expr::Constant(value), holds)
}

pub(super) fn negate(expr: Expr, negated: bool) -> Expr {
    if negated { Expr::Not(Box::new(expr)) } else { expr }
}

fn pattern(how: MatchOp, text: &str, span: Span) -> Result<Pattern> {
    Ok(match how {
        MatchOp::Like => Pattern::Glob(Arc::from(fold(text))),
        MatchOp::Matches => {
            let regex = RegexBuilder::new(text)
                .case_insensitive(true)
                .size_limit(REGEX_LIMIT)
                .build()
                .map_err(|e| {
                    let message = e.to_string();
                    let last = message
                        .lines()
                        .last()
                        .unwrap_or_default()
                        .trim_start_matches("error: ")
                        .to_owned();
                    error(
                        "bad-regex",
                        format!("this is not a regular expression: {last}"),
                        span,
                        "cannot be read",
                    )
                    .help("write it as a raw string: `r\"mi-?35\"`; for plain wildcards use `like`")
                    .bind()
                })?;
            Pattern::Regex(Arc::new(regex))
        }
        MatchOp::Search => Pattern::Search(Arc::new(Search::parse(text).map_err(|e| {
            error("bad-search", e, span, "cannot be searched for")
                .help("write words, `\"phrases\"`, `prefix*`, `-not`, `OR`")
                .bind()
        })?)),
    })
}
