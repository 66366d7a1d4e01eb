//! Expressions.

use regex::RegexBuilder;
use std::sync::Arc;

use crate::catalog::{Field, FieldType, nearest, synonym};
use crate::error::{Result, Span};
use crate::model::{Quantity, Value, fold};
use crate::parser::ast::{self, ArithOp, ExprKind, MatchOp, Path, PathStep};

use super::super::columnar::of_event;
use super::super::expression::{DyadTest, Expr, Pattern, Search};
use super::super::function::{Function, Use};
use super::super::later::Later;
use super::super::plan::{AggregateCall, Shape};
use super::stage::path_name;
use super::{Binder, Place, Typed, did_you_mean, error};

/// The most that a compiled regular expression may take, in bytes.
const REGEX_LIMIT: usize = 1 << 20;

/// Properties of what a field names, by the type of the field.
pub(crate) const PROPERTIES: &[(FieldType, &[&str])] = &[
    (
        FieldType::Actors,
        &["office", "rank", "state", "sector", "role", "type", "code", "iso3", "cameo", "cow"],
    ),
    (
        FieldType::Places,
        &[
            "type",
            "under",
            "country",
            "region",
            "city",
            "iso3",
            "fips",
            "coordinates",
            "latitude",
            "longitude",
        ],
    ),
    (
        FieldType::Documents,
        &[
            "document",
            "title",
            "authors",
            "publisher",
            "published",
            "accessed",
            "language",
            "url",
            "locator",
        ],
    ),
    (FieldType::Links, &["to", "as"]),
    (FieldType::Quantities, &["low", "high", "unit", "of", "change", "approx"]),
];

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

    /// A path: a column, a field, an attribute, and what follows it.
    pub(super) fn path(&mut self, path: &Path, span: Span, place: &Place) -> Result<Typed> {
        if place.calls.is_some() {
            return Err(error(
                "no-aggregate",
                "a group of rows has many values of this",
                span,
                "which one?",
            )
            .help("wrap it in an aggregate, such as `avg(…)` or `first(…)`, or group `by` it")
            .bind());
        }
        // A column may bear the name of a path: `select v.date | sort v.date`.
        let name = fold(&path_name(path));
        let columns = &place.shape.columns;
        if let Some(at) = columns.iter().rposition(|column| fold(&column.name) == name)
            && let Some(column) = columns.get(at)
        {
            return Ok(Typed::new(Expr::Column(at), column.holds));
        }
        let mut bound = self.head(path, place)?;
        for (at, step) in path.steps.iter().enumerate() {
            if let (FieldType::Event, PathStep::Name(head)) = (bound.holds, step) {
                // What follows the name of a step is a path of its event.
                let steps = path.steps.get(at + 1..).unwrap_or_default().to_vec();
                let path = Path { optional: path.optional, head: head.clone(), steps };
                let events = Shape { events: true, ..Shape::default() };
                let of = self.path(&path, span, &Place::row(&events))?;
                // An event is held by its number.
                return Ok(match of.expr {
                    Expr::Field(Field::Id) => Typed::new(bound.expr, of.holds),
                    expr => Typed::new(of_event(bound.expr, expr), of.holds),
                });
            }
            bound = Self::step(bound, step, span)?;
        }
        Ok(bound)
    }

    fn head(&mut self, path: &Path, place: &Place) -> Result<Typed> {
        let name = &path.head;
        let shape = place.shape;
        if let Some(i) = shape.columns.iter().rposition(|c| fold(&c.name) == fold(name))
            && let Some(column) = shape.columns.get(i)
        {
            return Ok(Typed::new(Expr::Column(i), column.holds));
        }
        if shape.events {
            if let Some(field) = Field::from_name(name)
                && !shape.dropped.contains(&field)
            {
                self.names_status |= field == Field::Status;
                return Ok(Typed::new(Expr::Field(field), field.field_type()));
            }
            if path.optional {
                self.optional.insert(fold(name));
            }
            if let Some(attribute) = self.catalog.attribute(name)? {
                return Ok(Typed::new(Expr::Attribute(attribute), FieldType::Any));
            }
            if let Some((field, property)) = synonym(name)
                && !shape.dropped.contains(&field)
            {
                return Ok(match property {
                    Some(property) => of_field(field, property),
                    None => Typed::new(Expr::Field(field), field.field_type()),
                });
            }
            if self.optional.contains(&fold(name)) {
                return Ok(Typed::new(Expr::Attribute(name.node.clone()), FieldType::Any));
            }
        } else if path.optional {
            return Ok(Typed::new(Expr::Constant(Value::Null), FieldType::Any));
        }
        Err(self.unknown_field(name, place)?)
    }

    fn unknown_field(&self, name: &ast::Name, place: &Place) -> Result<crate::error::Error> {
        let shape = place.shape;
        let attributes = if shape.events { self.catalog.typed_attributes()? } else { Vec::new() };
        let mut known: Vec<&str> = shape.columns.iter().map(|c| c.name.as_str()).collect();
        if shape.events {
            known
                .extend(Field::ALL.iter().filter(|f| !shape.dropped.contains(f)).map(|f| f.name()));
            known.extend(attributes.iter().map(|(typed, _, _)| typed.as_str()));
        }
        let near: Vec<String> =
            nearest(name, known.iter().copied()).into_iter().map(str::to_owned).collect();
        let here = if shape.events {
            "`show fields` lists them; `?name` is null where an event has no such field".to_owned()
        } else if known.is_empty() {
            "a value is wanted here: quote text, as in `\"Russia\"`".to_owned()
        } else {
            format!(
                "the columns here are {}",
                known.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ")
            )
        };
        let what = if shape.events || known.is_empty() { "field" } else { "column" };
        Ok(did_you_mean(
            error(
                "unknown-field",
                format!("no {what} `{}`", name.node),
                name.span,
                &format!("unknown {what}"),
            ),
            name.span,
            &near,
            &here,
        ))
    }

    fn step(base: Typed, step: &PathStep, span: Span) -> Result<Typed> {
        let name = match step {
            PathStep::Index(i) => {
                return Ok(Typed::new(Expr::Index(Box::new(base.expr), *i), element(base.holds)));
            }
            PathStep::Name(name) => name,
        };
        if let Some(field) = base.field()
            && let Some((_, properties)) = PROPERTIES.iter().find(|(holds, _)| *holds == base.holds)
        {
            let folded = fold(name);
            if properties.contains(&folded.as_str()) {
                return Ok(of_field(field, &folded));
            }
            if field.field_type() != FieldType::Documents {
                let near: Vec<String> = nearest(name, properties.iter().copied())
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                return Err(did_you_mean(
                    error(
                        "unknown-property",
                        format!("`{}` has no `{}`", field.name(), name.node),
                        name.span,
                        "unknown property",
                    ),
                    name.span,
                    &near,
                    &format!(
                        "it has {}",
                        properties.iter().map(|p| format!("`{p}`")).collect::<Vec<_>>().join(", ")
                    ),
                ));
            }
            return Ok(Typed::new(Expr::Property(field, folded), FieldType::Any));
        }
        if let Expr::Index(of, at) = &base.expr
            && let Expr::Field(field) = **of
            && PROPERTIES.iter().any(|(holds, _)| *holds == field.field_type())
        {
            let message =
                format!("the parts of `{}[{at}]` alone cannot be asked for", field.name());
            return Err(error("no-parts", message, span, "one of several")
                .help(format!("write `{}.{}`: those of all", field.name(), name.node))
                .bind());
        }
        if base.field().is_none()
            && let Some((_, properties)) = PROPERTIES.iter().find(|(holds, _)| *holds == base.holds)
        {
            return part_of_value(base, name, properties, span);
        }
        if let Some(field) = base.field() {
            return Err(error(
                "no-parts",
                format!("`{}` has no parts", field.name()),
                span,
                "a plain value",
            )
            .help("leave out what follows the point")
            .bind());
        }
        Ok(Typed::new(Expr::Member(Box::new(base.expr), name.node.clone()), FieldType::Any))
    }
}

/// A part of what a column holds: of a quantity or a document; a name alone has none.
fn part_of_value(base: Typed, name: &ast::Name, properties: &[&str], span: Span) -> Result<Typed> {
    if base.holds == FieldType::Documents {
        let property = fold(name);
        let is_known = properties.contains(&property.as_str());
        let holds = if is_known { type_of_property(&property) } else { FieldType::Any };
        return Ok(Typed::new(Expr::OfDocument(Box::new(base.expr), property), holds));
    }
    if base.holds != FieldType::Quantities {
        return Err(error("no-parts", "a name alone has no parts", span, "a name")
            .help(format!("ask the event's own field for it, such as `actor.{}`", name.node))
            .bind());
    }
    let folded = fold(name);
    if properties.contains(&folded.as_str()) {
        let holds = type_of_property(&folded);
        return Ok(Typed::new(Expr::Member(Box::new(base.expr), folded), holds));
    }
    let near = nearest(name, properties.iter().copied()).into_iter().map(str::to_owned);
    Err(did_you_mean(
        error(
            "unknown-property",
            format!("an amount has no `{}`", name.node),
            name.span,
            "unknown property",
        ),
        name.span,
        &near.collect::<Vec<_>>(),
        "it has `low`, `high`, `unit`, `of`, `change`, `approx`",
    ))
}

/// A property of what a field names.
fn of_field(field: Field, property: &str) -> Typed {
    Typed::new(Expr::Property(field, property.to_owned()), type_of_property(property))
}

fn type_of_property(property: &str) -> FieldType {
    match property {
        "published" | "accessed" => FieldType::Date,
        "rank" | "low" | "high" | "latitude" | "longitude" => FieldType::Number,
        "change" | "approx" => FieldType::Bool,
        "code" => FieldType::Code,
        _ => FieldType::Text,
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

fn element(holds: FieldType) -> FieldType {
    match holds {
        FieldType::Documents | FieldType::Links => FieldType::Any,
        other => other,
    }
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
