//! Properties of what a field names: `source.office`, `documents.publisher`, `place.country`.

use std::collections::BTreeMap;

use crate::catalog::{Field, FieldType, letters};
use crate::error::Result;
use crate::model::{Actor, Citation, Event, Location, Participant, Quantity, Value, fold};

use super::catalog_scan::coordinates as coordinates_of;
use super::{Context, Stored, field, key};

/// How far the tree of places is climbed, should it have a circle.
const DEEPEST_PLACE: usize = 64;

/// A property of what a field names: all different values as a list; of `rank` and `kind` the one.
pub(super) fn value(
    field: Field,
    property: &str,
    stored: &Stored,
    context: &Context,
) -> Result<Value> {
    read(field, property, stored, false, context)
}

/// The same with every office that may have been held at the date, where [`value`] has those that were for sure.
pub(super) fn possible_value(
    field: Field,
    property: &str,
    stored: &Stored,
    context: &Context,
) -> Result<Value> {
    read(field, property, stored, true, context)
}

fn read(
    field: Field,
    property: &str,
    stored: &Stored,
    possibly: bool,
    context: &Context,
) -> Result<Value> {
    let event = &stored.event;
    let mut found = Found::default();
    match field.field_type() {
        FieldType::Actors if matches!(field, Field::SaidBy | Field::States) => {
            let mut names = Vec::new();
            field::each_name(field, stored, context, &mut |name| names.push(name.to_owned()))?;
            for name in &names {
                of_actor(name, property, event, possibly, context, &mut found)?;
            }
        }
        FieldType::Actors => {
            let mut participants: Vec<&Participant> = Vec::new();
            field::each_participant(field, event, context, &mut |p| participants.push(p))?;
            for participant in participants {
                match property {
                    "role" => found.add(participant.role.word()),
                    "code" => found.add(participant.code.clone()),
                    _ => {
                        of_participant(
                            participant,
                            property,
                            event,
                            possibly,
                            context,
                            &mut found,
                        )?;
                    }
                }
            }
        }
        FieldType::Places => {
            for place in &event.places {
                of_place(place, property, context, &mut found)?;
            }
        }
        FieldType::Documents => {
            for citation in &event.documents {
                of_document(citation, property, context, &mut found)?;
            }
        }
        FieldType::Links => {
            for link in &event.links {
                match property {
                    "to" => found.add(link.to.as_str()),
                    "as" => found.add(link.relation.word()),
                    _ => {}
                }
            }
        }
        FieldType::Quantities => {
            event.quantities.iter().for_each(|q| of_quantity(q, property, &mut found));
        }
        FieldType::Kind => return of_kind(&event.kind, property, context),
        _ => return Ok(Value::Null),
    }
    if property == "rank" && matches!(field.field_type(), FieldType::Actors) {
        let ranks = found.values.iter().filter_map(|v| match v {
            Value::Int(rank) => Some(*rank),
            _ => None,
        });
        return Ok(ranks.max().into());
    }
    Ok(Value::List(found.values))
}

/// Different values in the order of their coming.
#[derive(Default)]
struct Found {
    values: Vec<Value>,
    keys: Vec<Vec<u8>>,
}

impl Found {
    fn add(&mut self, value: impl Into<Value>) {
        match value.into() {
            Value::Null => {}
            Value::List(list) => list.into_iter().for_each(|value| self.add(value)),
            value => {
                let key = key::of([&value]);
                if !self.keys.contains(&key) {
                    self.keys.push(key);
                    self.values.push(value);
                }
            }
        }
    }
}

/// What the code leads to; where that is nothing, what the name does.
fn of_participant(
    participant: &Participant,
    property: &str,
    event: &Event,
    possibly: bool,
    context: &Context,
    found: &mut Found,
) -> Result<()> {
    if let Some(code) = &participant.code {
        let mut by_code = Found::default();
        of_actor(code, property, event, possibly, context, &mut by_code)?;
        if !by_code.values.is_empty() {
            by_code.values.into_iter().for_each(|value| found.add(value));
            return Ok(());
        }
    }
    of_actor(&participant.name, property, event, possibly, context, found)
}

fn of_actor(
    name: &str,
    property: &str,
    event: &Event,
    possibly: bool,
    context: &Context,
    found: &mut Found,
) -> Result<()> {
    let catalog = &context.catalog;
    match property {
        // Only participants have a code in the event.
        "code" => {}
        "office" | "rank" => {
            for tie in catalog.offices(name, event.date.as_ref(), possibly)? {
                if property == "office" {
                    found.add(tie.office);
                } else {
                    found.add(tie.rank.map(i64::from));
                }
            }
        }
        "state" | "states" => found.add(catalog.states(name, event.date.as_ref())?),
        _ => {
            let actors = catalog.actors(name)?;
            let known = found.values.len();
            actors.iter().for_each(|actor| found.add(of_entry(actor, property)));
            let is_code = matches!(property, "iso3" | "cameo" | "cow");
            if is_code && found.values.len() == known {
                // Who has no code of his own goes by that of his state.
                for state in &catalog.states(name, event.date.as_ref())? {
                    let states = catalog.actors(state)?;
                    states.iter().for_each(|actor| found.add(of_entry(actor, property)));
                }
            }
        }
    }
    Ok(())
}

fn of_entry(actor: &Actor, property: &str) -> Value {
    match property {
        "name" => actor.name.as_str().into(),
        "type" => actor.kind.clone().into(),
        "sector" | "sectors" => actor.sectors.clone().into(),
        "aliases" => actor.aliases.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().into(),
        "codes" => actor.codes.values().cloned().collect::<Vec<_>>().into(),
        _ => match actor.codes.get(property) {
            Some(code) => code.as_str().into(),
            None => actor.attributes.get(property).cloned().unwrap_or_default(),
        },
    }
}

fn of_place(
    location: &Location,
    property: &str,
    context: &Context,
    found: &mut Found,
) -> Result<()> {
    let place = context.catalog.place(&location.name)?;
    let coordinates =
        location.coordinates.or_else(|| place.as_ref().and_then(|place| place.coordinates));
    match (property, coordinates, place) {
        ("latitude", at, _) => found.add(at.map(|(latitude, _)| latitude)),
        ("longitude", at, _) => found.add(at.map(|(_, longitude)| longitude)),
        ("coordinates", at, _) => found.add(coordinates_of(at)),
        (_, _, None) => {}
        ("name", _, Some(place)) => found.add(place.name.as_str()),
        ("type", _, Some(place)) => found.add(place.kind.clone()),
        ("under", _, Some(place)) => found.add(place.under.clone()),
        ("codes", _, Some(place)) => {
            found.add(place.codes.values().cloned().collect::<Vec<_>>());
        }
        (_, _, Some(place)) => {
            if let Some(code) = place.codes.get(property) {
                found.add(code.as_str());
                return Ok(());
            }
            if let Some(value) = place.attributes.get(property) {
                found.add(value.clone());
                return Ok(());
            }
            // `place.country`: the place of that type in which it lies.
            let wanted = fold(property);
            let mut here = Some(place);
            for _ in 0..DEEPEST_PLACE {
                let Some(place) = here else { break };
                if place.kind.as_deref().is_some_and(|kind| fold(kind) == wanted) {
                    found.add(place.name.as_str());
                    break;
                }
                here = match &place.under {
                    Some(above) => context.catalog.place(above)?,
                    None => None,
                };
            }
        }
    }
    Ok(())
}

fn of_document(
    citation: &Citation,
    property: &str,
    context: &Context,
    found: &mut Found,
) -> Result<()> {
    match property {
        "document" | "key" => found.add(citation.document.as_str()),
        "locator" => found.add(citation.locator.clone()),
        _ => {
            let document = context.catalog.document(&citation.document)?;
            let own = document.as_deref().map(|document| match property {
                "title" => document.title.clone().into(),
                "authors" => document.authors.clone().into(),
                "publisher" => document.publisher.clone().into(),
                "published" => document.published.clone().into(),
                "accessed" => document.accessed.clone().into(),
                "language" => document.language.clone().into(),
                "url" => document.url.clone().into(),
                _ => match told(&citation.claims, property) {
                    Value::Null => told(&document.attributes, property),
                    claim => claim,
                },
            });
            // A document that nobody has defined can still claim something.
            found.add(own.unwrap_or_else(|| told(&citation.claims, property)));
        }
    }
    Ok(())
}

/// A value under its name, or under one with the same letters and digits: data sets keep their own spelling.
fn told(values: &BTreeMap<String, Value>, name: &str) -> Value {
    let found = values.get(name).or_else(|| {
        let plain = letters(name);
        values.iter().find(|(own, _)| letters(own) == plain).map(|(_, value)| value)
    });
    found.cloned().unwrap_or_default()
}

/// A property of the document of a key, or of all in a list: as the event cites it, else as the catalogue has it.
pub(super) fn of_documents(
    keys: &Value,
    property: &str,
    event: Option<&Event>,
    context: &Context,
) -> Result<Value> {
    let key = match keys {
        Value::Text(key) => key,
        Value::List(keys) => {
            let mut found = Found::default();
            for key in keys {
                found.add(of_documents(key, property, event, context)?);
            }
            return Ok(Value::List(found.values));
        }
        _ => return Ok(Value::Null),
    };
    let mut found = Found::default();
    let citations = event.into_iter().flat_map(|event| &event.documents);
    for citation in citations.filter(|citation| citation.document == **key) {
        of_document(citation, property, context, &mut found)?;
    }
    if event.is_none() {
        let citation = Citation { document: key.clone(), ..Citation::default() };
        of_document(&citation, property, context, &mut found)?;
    }
    Ok(match found.values.len() {
        0 => Value::Null,
        1 => found.values.pop().unwrap_or_default(),
        _ => Value::List(found.values),
    })
}

/// A part of an amount; null where it has none.
pub(super) fn part_of_quantity(quantity: &Quantity, part: &str) -> Value {
    let mut found = Found::default();
    of_quantity(quantity, part, &mut found);
    found.values.pop().unwrap_or_default()
}

fn of_quantity(quantity: &Quantity, property: &str, found: &mut Found) {
    match property {
        "unit" => found.add(quantity.unit.clone()),
        "of" => found.add(quantity.of.clone()),
        "low" => found.add(quantity.low),
        "high" => found.add(quantity.high),
        "change" => found.add(quantity.change),
        "approx" => found.add(quantity.approx),
        _ => {}
    }
}

fn of_kind(name: &str, property: &str, context: &Context) -> Result<Value> {
    let Some(kind) = context.catalog.kind(name)? else { return Ok(Value::Null) };
    Ok(match property {
        "name" => kind.name.as_str().into(),
        "parent" => kind.parent.clone().into(),
        "code" => kind.code.clone().into(),
        "title" => kind.title.clone().into(),
        "quad" => kind.quad.map(i64::from).into(),
        "goldstein" => kind.goldstein.into(),
        "intensity" => kind.intensity.into(),
        "plover" => kind.plover.clone().into(),
        "mode" => kind.mode.clone().into(),
        "aliases" => kind.aliases.clone().into(),
        _ => Value::Null,
    })
}
