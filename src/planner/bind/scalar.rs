//! Functions of one row's values, and those that go by what the query searches for.

use std::sync::Arc;

use crate::catalog::{Field, FieldType, nearest};
use crate::error::{Result, Span};
use crate::model::{Units, Value};
use crate::parser::ast;

use super::super::expression::{Expr, Pattern, Search};
use super::super::function::Function;
use super::super::ranking::{self, Ranking};
use super::{Binder, Place, Typed, did_you_mean, error, quote};

impl Binder<'_> {
    /// A call of a function of one row's values.
    pub(super) fn scalar(
        &mut self,
        function: Function,
        args: &[ast::Expr],
        span: Span,
        place: &mut Place,
    ) -> Result<Typed> {
        let mut bound: Vec<Typed> = Vec::with_capacity(args.len());
        for arg in args {
            bound.push(if function == Function::If && bound.is_empty() {
                Typed::new(self.condition(arg, place)?, FieldType::Bool)
            } else {
                self.expression(arg, place)?
            });
        }
        let holds = result_of(function, &bound);
        if let Some(known) = self.known(function, &bound, span)? {
            return Ok(Typed::new(Expr::Constant(known), holds));
        }
        if function == Function::Bucket {
            Self::bucket(&bound, span)?;
        }
        if let (Function::Convert, [_, unit], [_, written]) = (function, bound.as_slice(), args) {
            self.known_unit(unit, written.span)?;
        }
        let args = bound.into_iter().map(|arg| arg.expr).collect();
        Ok(Typed::new(Expr::Call { function, args, span }, holds))
    }

    /// What can be known before the query runs is: so that it is checked once and can lead to postings.
    fn known(&self, function: Function, args: &[Typed], span: Span) -> Result<Option<Value>> {
        Ok(match (function, args) {
            (Function::Today, []) => Some(crate::model::Date::day(self.today).into()),
            (Function::Date, [Typed { expr: Expr::Constant(value), .. }]) if !value.is_null() => {
                Some(self.date(value.clone(), span)?.into())
            }
            (
                Function::Date,
                [
                    Typed { expr: Expr::Constant(Value::Text(text)), .. },
                    Typed { expr: Expr::Constant(anchor), .. },
                ],
            ) => {
                let anchor = self.date(anchor.clone(), span)?;
                let date = crate::parser::phrase::parse_phrase(text, Some(anchor.latest()))
                    .map_err(|e| {
                        error("bad-date", e.message, span, "not a date")
                            .help(e.help.unwrap_or_default())
                            .bind()
                    })?;
                Some(date.into())
            }
            _ => None,
        })
    }

    /// The unit that amounts are to be told in must be one.
    fn known_unit(&self, unit: &Typed, span: Span) -> Result<()> {
        let Some(Value::Text(name)) = unit.constant() else { return Ok(()) };
        if self.catalog.unit(name)?.is_some() {
            return Ok(());
        }
        let known = Units::builtin().units().iter().map(|unit| unit.name.as_str());
        let near: Vec<String> = nearest(name, known).into_iter().map(quote).collect();
        Err(did_you_mean(
            error("unknown-unit", format!("no unit {}", quote(name)), span, "unknown unit"),
            span,
            &near,
            "`units | select unit, dimension` lists them; `define unit` adds one",
        ))
    }

    /// `score()`, `highlight(…)`.
    pub(super) fn ranked(
        &mut self,
        function: Function,
        args: &[ast::Expr],
        span: Span,
        place: &mut Place,
    ) -> Result<Typed> {
        let text = args.first().map(|arg| self.expression(arg, place)).transpose()?;
        let scored = function == Function::Score;
        if scored && !place.shape.events {
            return Err(error(
                "no-events",
                "these rows are no events",
                span,
                "only events have a summary",
            )
            .help("put it before `select`, `count` or `summarize`: `derive score = score()`")
            .bind());
        }
        let searches = self.searches.iter().filter(|(of_summary, _)| *of_summary || !scored);
        let terms = ranking::terms(searches.map(|(_, search)| search.as_ref()));
        if terms.is_empty() {
            let what = if scored { "searched for in `summary`" } else { "searched for" };
            let message = format!("nothing was {what} before `{}`", function.name());
            return Err(error("no-search", message, span, "by which words?")
                .help("search first: `events where summary ~ \"helicopter*\" | sort score() desc`")
                .bind());
        }
        if let Some(text) = text {
            let marked = Expr::Highlight(Box::new(text.expr), terms.into());
            return Ok(Typed::new(marked, FieldType::Text));
        }
        let ranking = Ranking::of(terms, self.catalog)?;
        Ok(Typed::new(Expr::Score(Arc::new(ranking)), FieldType::Number))
    }

    /// Keeps in mind what is searched for, unless it must not be met.
    pub(super) fn remember_searches(&mut self, left: &Expr, patterns: &[Pattern]) {
        if self.negated {
            return;
        }
        let of_summary = matches!(left, Expr::Field(Field::Summary));
        let searches = patterns.iter().filter_map(|pattern| match pattern {
            Pattern::Search(search) => Some(Arc::clone(search)),
            _ => None,
        });
        self.searches.extend(searches.map(|search: Arc<Search>| (of_summary, search)));
    }

    /// Binds a query within a condition: what it searches for is its own.
    pub(super) fn apart<T>(&mut self, bind: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::take(&mut self.searches);
        let bound = bind(self);
        self.searches = before;
        bound
    }
}

/// What a function gives.
fn result_of(function: Function, args: &[Typed]) -> FieldType {
    let first = args.first().map(|arg| arg.holds);
    match function {
        Function::Date
        | Function::Earliest
        | Function::Latest
        | Function::Midpoint
        | Function::Bucket
        | Function::Today => FieldType::Date,
        Function::Precision
        | Function::Edtf
        | Function::Lower
        | Function::Upper
        | Function::Trim
        | Function::Replace
        | Function::Split
        | Function::Substring
        | Function::Concat
        | Function::Join
        | Function::TypeOf
        | Function::UnitOf => FieldType::Text,
        Function::Convert => FieldType::Quantities,
        Function::Abs | Function::Round | Function::Sort | Function::Unique => {
            first.unwrap_or(FieldType::Number)
        }
        Function::Least | Function::Greatest => one_type(args),
        Function::If => one_type(args.get(1..).unwrap_or_default()),
        _ => FieldType::Number,
    }
}

/// What all of them hold.
fn one_type(args: &[Typed]) -> FieldType {
    let mut told = args.iter().filter(|arg| arg.constant() != Some(&Value::Null));
    match told.next() {
        Some(first) if told.all(|arg| arg.holds == first.holds) => first.holds,
        _ => FieldType::Any,
    }
}
