//! Paths: a column, a field, an attribute, the event of a step, and what follows it.

use crate::catalog::{Field, FieldType, nearest, synonym};
use crate::error::{Result, Span};
use crate::model::{Value, fold};
use crate::parser::ast::{self, Path, PathStep};

use super::super::columnar::of_event;
use super::super::expression::Expr;
use super::super::plan::Shape;
use super::stage::path_name;
use super::{Binder, Place, Typed, did_you_mean, error};

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

fn element(holds: FieldType) -> FieldType {
    match holds {
        FieldType::Documents | FieldType::Links => FieldType::Any,
        other => other,
    }
}
