//! The fields of a record, as they were entered.

use std::collections::BTreeMap;

use crate::catalog::nearest;
use crate::error::{Error, Result, Span};
use crate::model::{Value, fold};
use crate::parser::ast::{self, Record, ValueKind};

use super::{Binder, did_you_mean, error};

/// A field of a record: its value, and where it stands.
pub(super) struct Entered {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) name_span: Span,
    pub(super) span: Span,
}

impl Binder<'_> {
    pub(super) fn entered(&mut self, record: &Record) -> Result<Vec<Entered>> {
        let mut fields: Vec<Entered> = Vec::with_capacity(record.fields.len());
        for (name, value) in &record.fields {
            if name.trim().is_empty() {
                return Err(error("empty-name", "a field without a name", name.span, "empty")
                    .help("write a name in front of the colon")
                    .evaluate());
            }
            if fields.iter().any(|f| fold(&f.name) == fold(name)) {
                return Err(error(
                    "field-twice",
                    format!("`{}` is there twice", name.node),
                    name.span,
                    "the second time",
                )
                .help("leave one out")
                .evaluate());
            }
            let entered = match &value.node {
                // A bare name where a value belongs is text without its quotes.
                ValueKind::Expr(ast::At { node: ast::ExprKind::Path(path), .. })
                    if path.steps.is_empty() =>
                {
                    return Err(error(
                        "not-quoted",
                        format!("`{}` stands without quotes", path.head.node),
                        value.span,
                        "a value is wanted here",
                    )
                    .help("text stands in quotes")
                    .fix(value.span, super::quote(&path.head.node))
                    .bind());
                }
                _ => self.value(value)?,
            };
            fields.push(Entered {
                name: name.node.clone(),
                value: entered,
                name_span: name.span,
                span: value.span,
            });
        }
        Ok(fields)
    }
}

impl Entered {
    /// The values of a list, or the one value; none for null.
    pub(super) fn each(&self) -> &[Value] {
        match &self.value {
            Value::List(values) => values,
            Value::Null => &[],
            one => std::slice::from_ref(one),
        }
    }

    pub(super) fn text(&self) -> Result<String> {
        match &self.value {
            Value::Text(text) => self.nonempty(text),
            other => Err(self.wrong(other.describe())),
        }
    }

    pub(super) fn nonempty(&self, text: &str) -> Result<String> {
        if text.trim().is_empty() { Err(self.wrong("an empty text")) } else { Ok(text.to_owned()) }
    }

    pub(super) fn texts(&self) -> Result<Vec<String>> {
        self.each()
            .iter()
            .map(|value| match value {
                Value::Text(text) => self.nonempty(text),
                other => Err(self.wrong(other.describe())),
            })
            .collect()
    }

    pub(super) fn number(&self) -> Result<f64> {
        match self.value {
            Value::Int(n) => Ok(n as f64),
            Value::Float(n) => Ok(n),
            ref other => Err(self.wrong(other.describe())),
        }
    }

    pub(super) fn codes(&self) -> Result<BTreeMap<String, String>> {
        let Value::Record(fields) = &self.value else {
            return Err(self.wrong(self.value.describe()));
        };
        fields
            .iter()
            .map(|(system, code)| match code {
                Value::Text(code) => Ok((fold(system), self.nonempty(code)?)),
                Value::Int(code) => Ok((fold(system), code.to_string())),
                other => Err(self.wrong(other.describe())),
            })
            .collect()
    }

    pub(super) fn wrong(&self, found: &str) -> Error {
        error("wrong-value", format!("`{}` cannot be {found}", self.name), self.span, "does not fit")
            .help(match fold(&self.name).as_str() {
                "documents" => "write the key of a document, or `{ document: \"key\", locator: \"page 3\" }`",
                "quantities" | "amount" => "write a quantity, `5 billion USD`, or `{ value: 20 helicopters, of: \"Mi-35M\" }`",
                "links" => "write `{ to: \"key\", as: \"part_of\" }`",
                "affiliations" | "state" => "write a name, or `{ under: \"Pakistan Army\", as: \"Chief of Army Staff\", rank: 4, from: 2016-11-29 }`",
                "place" => "write a name, or `{ name: \"Moscow\", coordinates: [55.75, 37.62] }`",
                "codes" => "write `{ iso3: \"PAK\" }`",
                "code" => "codes are text: `\"042\"`",
                _ => "write text in quotes, or a list of texts",
            })
            .evaluate()
    }

    pub(super) fn unknown_part(&self, part: &str, known: &[&str]) -> Error {
        let near: Vec<String> =
            nearest(part, known.iter().copied()).into_iter().map(str::to_owned).collect();
        did_you_mean(
            error(
                "unknown-field",
                format!("`{}` has no `{part}` like this", self.name),
                self.span,
                "does not fit",
            ),
            self.span,
            &near,
            &format!(
                "it has {}",
                known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")
            ),
        )
    }

    pub(super) fn unknown(&self, known: &[&str]) -> Error {
        unknown_word("field", &self.name, self.name_span, known.iter().copied())
    }
}

pub(super) fn unknown_word<'a>(
    what: &str,
    word: &str,
    span: Span,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Error {
    let near: Vec<String> = nearest(word, known.clone()).into_iter().map(str::to_owned).collect();
    did_you_mean(
        error("unknown-word", format!("no {what} `{word}`"), span, &format!("unknown {what}")),
        span,
        &near,
        &format!("it is one of {}", known.map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")),
    )
}

pub(super) fn coordinates(value: &Value, entered: &Entered) -> Result<(f64, f64)> {
    let degrees = |v: &Value| match v {
        Value::Int(n) => Some(*n as f64),
        Value::Float(n) => Some(*n),
        _ => None,
    };
    let Value::List(pair) = value else {
        return Err(entered.wrong("coordinates that are no pair of degrees"));
    };
    match pair.as_slice() {
        [lat, lon] => match (degrees(lat), degrees(lon)) {
            (Some(lat), Some(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Ok((lat, lon)),
            _ => {
                Err(entered.wrong("coordinates beyond 90 degrees of latitude or 180 of longitude"))
            }
        },
        _ => Err(entered.wrong("coordinates that are no pair of degrees")),
    }
}
