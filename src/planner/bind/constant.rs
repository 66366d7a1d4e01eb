//! Values that are known before a query runs, in the type of what they are compared with.

use crate::catalog::FieldType;
use crate::error::{Diagnostic, Result, Span};
use crate::model::{Date, Days, Duration, Precision, Quantity, Value};
use crate::parser::ast::{self, Literal, Number, TextKind, Unit, ValueKind};
use crate::parser::edtf::DateError;
use crate::parser::parse_statement;
use crate::parser::phrase::parse_phrase;

use super::super::plan::Shape;
use super::{Binder, Place, error};

impl Binder<'_> {
    /// The value of a literal.
    pub(super) fn literal(&self, literal: &Literal, span: Span) -> Result<Value> {
        Ok(match literal {
            Literal::Date(date) => Value::Date(date.clone()),
            Literal::Duration(duration) => Value::Duration(duration_of(duration)),
            Literal::Quantity(quantity) => {
                Value::Quantity(Box::new(self.quantity(quantity, span)?))
            }
            Literal::Number(Number::Int(n)) => Value::Int(*n),
            Literal::Number(Number::Float(n)) => Value::Float(*n),
            Literal::String(text) => Value::Text(text.clone()),
            Literal::Bool(b) => Value::Bool(*b),
            Literal::Null => Value::Null,
        })
    }

    /// A written quantity in its unit.
    fn quantity(&self, quantity: &ast::Quantity, span: Span) -> Result<Quantity> {
        let number = match quantity.number {
            Number::Int(n) => n as f64,
            Number::Float(n) => n,
        } * scale(quantity.scale);
        if !number.is_finite() {
            return Err(error(
                "too-large",
                "the quantity is too large",
                span,
                "beyond all numbers",
            )
            .help("write it with fewer digits or a smaller scale")
            .bind());
        }
        let measure = match quantity.measure.as_deref() {
            Some(measure) => Some(self.unit(measure)?),
            None => None,
        };
        Ok(Quantity::new(number, number, measure.as_deref()))
    }

    /// The unit of a word, as the catalogue spells it; a word that is no unit is what is counted.
    fn unit(&self, word: &str) -> Result<String> {
        Ok(self.catalog.unit(word)?.map_or_else(|| word.to_owned(), |unit| unit.name.clone()))
    }

    /// The value of a parameter.
    pub(super) fn param(&self, name: &str, span: Span) -> Result<Value> {
        let found = self.scope.params.get(name).cloned();
        found.ok_or_else(|| {
            error("unbound-parameter", format!("the parameter `${name}` has no value"), span, "no value")
                .help(format!(
                    "give it one: `--param {name}=…` on the command line, `let ${name} = …;` in a script, `(\"{name}\", …)` in a program"
                ))
                .bind()
        })
    }

    /// A string or a parameter that must hold text.
    pub(super) fn text(&self, text: &ast::Text) -> Result<String> {
        match &text.node {
            TextKind::String(text) => Ok(text.clone()),
            TextKind::Param(name) => match self.param(name, text.span)? {
                Value::Text(text) => Ok(text),
                other => Err(error(
                    "not-text",
                    format!("`${name}` holds {}, not text", other.describe()),
                    text.span,
                    "text is wanted here",
                )
                .help(format!("give text: `let ${name} = \"…\"`"))
                .bind()),
            },
        }
    }

    /// Several texts; a parameter may hold a list of them.
    pub(super) fn texts(&self, texts: &[ast::Text]) -> Result<Vec<(String, Span)>> {
        let mut all = Vec::with_capacity(texts.len());
        for text in texts {
            match &text.node {
                TextKind::Param(name) => match self.param(name, text.span)? {
                    Value::List(list) => {
                        for value in list {
                            all.push((Self::as_text(&value, text.span)?, text.span));
                        }
                    }
                    _ => all.push((self.text(text)?, text.span)),
                },
                TextKind::String(_) => all.push((self.text(text)?, text.span)),
            }
        }
        Ok(all)
    }

    /// The text of a value, or an error that says what it is instead.
    pub(super) fn as_text(value: &Value, span: Span) -> Result<String> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => Err(error(
                "not-text",
                format!("{} stands where a name is wanted", other.describe()),
                span,
                "a name is wanted here",
            )
            .help("write names in quotes: `\"Russia\"`")
            .bind()),
        }
    }

    /// The value of a record field, of a `let`, of a list: known before the query runs.
    pub(super) fn value(&mut self, value: &ast::Value) -> Result<Value> {
        match &value.node {
            ValueKind::List(values) => {
                Ok(Value::List(values.iter().map(|v| self.value(v)).collect::<Result<_>>()?))
            }
            ValueKind::Record(record) => Ok(Value::Record(
                record
                    .fields
                    .iter()
                    .map(|(name, v)| Ok((name.node.clone(), self.value(v)?)))
                    .collect::<Result<_>>()?,
            )),
            ValueKind::Range(range) => self.range_value(range, value.span),
            ValueKind::Expr(expr) => self.constant(expr),
        }
    }

    /// The value of an expression that may name nothing of a row.
    pub(super) fn constant(&mut self, expr: &ast::Expr) -> Result<Value> {
        let bound = self.expression(expr, &mut Place::row(&Shape::default()))?;
        bound.constant().cloned().ok_or_else(|| {
            error(
                "not-constant",
                "this has no value of its own",
                expr.span,
                "a value is wanted here",
            )
            .help("write a literal or a parameter")
            .bind()
        })
    }

    /// `3..4 billion USD`, `2014..2016`: one value that is not known more closely.
    fn range_value(&mut self, range: &ast::Range, span: Span) -> Result<Value> {
        let from = range.from.as_ref().map(|e| self.constant(e)).transpose()?;
        let to = range.to.as_ref().map(|e| self.constant(e)).transpose()?;
        match (from, to) {
            (Some(Value::Quantity(a)), Some(Value::Quantity(b))) if a.unit == b.unit => {
                Ok(Quantity::new(a.low, b.high, a.unit.as_deref()).into())
            }
            // The unit and the scale are written once for both ends.
            (Some(Value::Int(_) | Value::Float(_)), Some(Value::Quantity(b))) => {
                let factor = range.to.as_deref().map_or(1.0, written_scale);
                let low =
                    range.from.as_deref().and_then(written_number).unwrap_or_default() * factor;
                Ok(Quantity::new(low, b.high, b.unit.as_deref()).into())
            }
            (from, to) => {
                let from = from.map(|v| self.date(v, span)).transpose()?;
                let to = to.map(|v| self.date(v, span)).transpose()?;
                let days = Days {
                    first: from.as_ref().map_or(crate::model::Day::MIN, Date::earliest),
                    last: to.as_ref().map_or(crate::model::Day::MAX, Date::latest),
                };
                if days.first > days.last {
                    return Err(empty_range(span));
                }
                Ok(Date::within(days, Precision::Interval).into())
            }
        }
    }

    /// A constant in the type of what it is held against.
    pub(super) fn coerce(&self, value: Value, wanted: FieldType, span: Span) -> Result<Value> {
        match wanted {
            FieldType::Date | FieldType::Period(_) => match value {
                Value::Null | Value::Duration(_) => Ok(value),
                other => Ok(self.date(other, span)?.into()),
            },
            FieldType::Quantities => match value {
                Value::Int(_) | Value::Float(_) => {
                    Err(error("no-unit", "a quantity needs its unit", span, "of what?")
                        .help("write the unit behind the number: `5 billion USD`, `20 helicopters`")
                        .bind())
                }
                Value::Text(text) => self.quantity_of_text(&text, span).map(Value::from),
                other => Ok(other),
            },
            FieldType::Code => match value {
                Value::Int(n) => Err(error(
                    "code-is-text",
                    "codes are text and keep their zeros",
                    span,
                    "a number",
                )
                .help(format!("write `\"{n:02}\"`"))
                .bind()),
                other => Ok(other),
            },
            FieldType::Number => match value {
                Value::Text(text) => match text.trim().parse() {
                    Ok(number) => Ok(Value::Float(number)),
                    Err(_) => {
                        let message = format!("`{text}` is not a number");
                        Err(error("not-a-number", message, span, "a number is wanted here")
                            .help("write a number: `4`, `-2.5`")
                            .bind())
                    }
                },
                other => Ok(other),
            },
            FieldType::Text if matches!(value, Value::Int(_)) => {
                Ok(if let Value::Int(n) = value { Value::Text(n.to_string()) } else { value })
            }
            _ => Ok(value),
        }
    }

    /// A quantity written as text, as parameters from a command line are.
    fn quantity_of_text(&self, text: &str, span: Span) -> Result<Quantity> {
        let statement = parse_statement(&format!("let $x = {text}")).ok();
        if let Some(ast::Statement::LetParam { value, .. }) = statement.map(|s| s.node)
            && let ValueKind::Expr(expr) = &value.node
            && let ast::ExprKind::Literal(Literal::Quantity(written)) = &expr.node
        {
            return self.quantity(written, span);
        }
        Err(error("not-a-quantity", format!("`{text}` is not a quantity"), span, "not a quantity")
            .help("write a number and its unit: `5 billion USD`, `20 helicopters`")
            .bind())
    }

    /// A phrase as a date. What counts from today, such as `last month`, is told by its days: kept in words, it would
    /// say something else tomorrow.
    fn phrase(&self, text: &str) -> std::result::Result<Date, DateError> {
        parse_phrase(text, None).or_else(|_| {
            let date = parse_phrase(text, Some(self.today))?;
            let edtf = date.edtf().to_owned();
            Ok(date.told_as(edtf))
        })
    }

    /// A value as a date: a year as a number, a phrase as text.
    pub(super) fn date(&self, value: Value, span: Span) -> Result<Date> {
        match value {
            Value::Date(date) => Ok(*date),
            Value::Int(year) if (0..=9999).contains(&year) => Ok(Date::year(year)),
            Value::Text(text) => self.phrase(&text).map_err(|e| {
                let mut diagnostic = error("bad-date", e.message, span, "not a date");
                if let Some(help) = e.help {
                    diagnostic = diagnostic.help(help);
                }
                diagnostic.bind()
            }),
            other => Err(error(
                "not-a-date",
                format!("{} is not a date", other.describe()),
                span,
                "a date is wanted here",
            )
            .help("write `2015`, `2015-06`, `2015-06-12`, or EDTF after `@`")
            .bind()),
        }
    }
}

/// A range whose end is before its start.
pub(super) fn empty_range(span: Span) -> crate::error::Error {
    Diagnostic::new("empty-range", "the range ends before it starts", span)
        .label("nothing lies within")
        .help("write the smaller end first")
        .bind()
}

fn scale(scale: Option<ast::Scale>) -> f64 {
    match scale {
        None => 1.0,
        Some(ast::Scale::Thousand) => 1e3,
        Some(ast::Scale::Million) => 1e6,
        Some(ast::Scale::Billion) => 1e9,
        Some(ast::Scale::Trillion) => 1e12,
    }
}

fn written_scale(expr: &ast::Expr) -> f64 {
    match &expr.node {
        ast::ExprKind::Literal(Literal::Quantity(q)) => scale(q.scale),
        ast::ExprKind::Negate(inner) => written_scale(inner),
        _ => 1.0,
    }
}

fn written_number(expr: &ast::Expr) -> Option<f64> {
    match &expr.node {
        ast::ExprKind::Literal(Literal::Number(Number::Int(n))) => Some(*n as f64),
        ast::ExprKind::Literal(Literal::Number(Number::Float(n))) => Some(*n),
        ast::ExprKind::Negate(inner) => written_number(inner).map(|n| -n),
        _ => None,
    }
}

/// A written duration in months, days and seconds.
pub(super) fn duration_of(duration: &ast::Duration) -> Duration {
    let mut sum = Duration::default();
    for (n, unit) in &duration.0 {
        let n = i64::try_from(*n).unwrap_or(i64::MAX);
        let (field, factor) = match unit {
            Unit::Second => (&mut sum.seconds, 1),
            Unit::Minute => (&mut sum.seconds, 60),
            Unit::Hour => (&mut sum.seconds, 3600),
            Unit::Day => (&mut sum.days, 1),
            Unit::Week => (&mut sum.days, 7),
            Unit::Month => (&mut sum.months, 1),
            Unit::Quarter => (&mut sum.months, 3),
            Unit::Year => (&mut sum.months, 12),
        };
        *field = field.saturating_add(n.saturating_mul(factor));
    }
    sum
}
