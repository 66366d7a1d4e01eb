//! The entries of a catalogue as tuples, in the columns of [`catalog_columns`].
//!
//! [`catalog_columns`]: crate::planner::columns::catalog_columns

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::Result;
use crate::model::{
    Actor, Affiliation, Alias, Codebook, Coverage, Date, Day, Days, Document, Import, Kind, Place,
    Unit, Units, Value, fold,
};
use crate::storage::{Entry, EntryKind, SavedView};

use super::pipe::deferred;
use super::{Context, Tuple, Tuples};

/// One tuple an entry; of kinds and units, those that are built in come first, as far as no entry replaces them.
pub(super) fn catalog_scan(catalog: EntryKind, context: &Arc<Context>) -> Tuples {
    let context = Arc::clone(context);
    deferred(move || {
        let entries = with_builtin(catalog, context.view.entries(catalog)?);
        Ok(entries.into_iter().map(|entry| -> Result<Tuple> { Ok(Tuple::of(columns(&entry))) }))
    })
}

fn with_builtin(catalog: EntryKind, defined: Vec<Entry>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = match catalog {
        EntryKind::Kind => Codebook::builtin().kinds().iter().cloned().map(Entry::Kind).collect(),
        EntryKind::Unit => Units::builtin().units().iter().cloned().map(Entry::Unit).collect(),
        EntryKind::Import => return by_number(defined),
        _ => return defined,
    };
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        places.insert(fold(entry.name()), at);
    }
    for entry in defined {
        match places.get(&fold(entry.name())).and_then(|at| entries.get_mut(*at)) {
            Some(builtin) => *builtin = entry,
            None => entries.push(entry),
        }
    }
    entries
}

/// The values of an entry, column by column.
fn columns(entry: &Entry) -> Vec<Value> {
    match entry {
        Entry::Actor(actor) => of_actor(actor),
        Entry::Kind(kind) => of_kind(kind),
        Entry::Place(place) => of_place(place),
        Entry::Document(document) => of_document(document),
        Entry::Unit(unit) => of_unit(unit),
        Entry::View(SavedView { name, text }) => vec![name.as_str().into(), text.as_str().into()],
        Entry::Import(import) => of_import(import),
        Entry::Coverage(coverage) => of_coverage(coverage),
    }
}

fn of_actor(actor: &Actor) -> Vec<Value> {
    let affiliations = actor.affiliations.iter().map(affiliation).collect();
    vec![
        actor.name.as_str().into(),
        actor.kind.clone().into(),
        actor.state.as_ref().map(|tie| tie.under.as_str()).into(),
        aliases(&actor.aliases),
        codes(&actor.codes),
        Value::List(affiliations),
        actor.sectors.clone().into(),
    ]
}

fn of_kind(kind: &Kind) -> Vec<Value> {
    vec![
        kind.name.as_str().into(),
        kind.parent.clone().into(),
        kind.code.clone().into(),
        kind.title.clone().into(),
        kind.quad.map(i64::from).into(),
        kind.goldstein.into(),
        kind.plover.clone().into(),
        kind.mirrored.into(),
        kind.aliases.clone().into(),
    ]
}

fn of_place(place: &Place) -> Vec<Value> {
    vec![
        place.name.as_str().into(),
        place.kind.clone().into(),
        place.under.clone().into(),
        aliases(&place.aliases),
        codes(&place.codes),
        coordinates(place.coordinates),
    ]
}

fn of_document(document: &Document) -> Vec<Value> {
    vec![
        document.key.as_str().into(),
        document.title.clone().into(),
        document.authors.clone().into(),
        document.publisher.clone().into(),
        document.published.clone().into(),
        document.accessed.clone().into(),
        document.language.clone().into(),
        document.url.clone().into(),
    ]
}

fn of_unit(unit: &Unit) -> Vec<Value> {
    vec![
        unit.name.as_str().into(),
        unit.dimension.as_str().into(),
        unit.factor.into(),
        unit.aliases.clone().into(),
    ]
}

fn of_import(import: &Import) -> Vec<Value> {
    const DAY: i64 = 86_400_000;
    let count = |n: u64| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let counts = &import.counts;
    vec![
        import.name.parse().map_or(Value::Null, Value::Int),
        import.file.as_str().into(),
        import.format.as_str().into(),
        Date::day(Day(import.started.div_euclid(DAY))).into(),
        import.finished.is_some().into(),
        import.undone.into(),
        count(counts.read),
        count(counts.loaded),
        count(counts.updated),
        count(counts.duplicates),
        count(counts.rejected),
        Value::List(import.coverage.iter().map(|days| stretch(*days).into()).collect()),
    ]
}

fn of_coverage(coverage: &Coverage) -> Vec<Value> {
    vec![
        coverage.name.as_str().into(),
        coverage.from.clone().into(),
        coverage.to.clone().into(),
        coverage.note.clone().into(),
    ]
}

/// A stretch of days as what lasted.
fn stretch(days: Days) -> Date {
    if days.is_one() {
        return Date::day(days.first);
    }
    let end = |day: Day| Days::new(day, day);
    Date::lasting(end(days.first), end(days.last))
}

/// Imports in the order of their numbers.
fn by_number(mut imports: Vec<Entry>) -> Vec<Entry> {
    imports.sort_by_key(|entry| entry.name().parse::<u64>().unwrap_or(u64::MAX));
    imports
}

fn aliases(aliases: &[Alias]) -> Value {
    aliases.iter().map(|alias| alias.name.as_str()).collect::<Vec<_>>().into()
}

/// Latitude and longitude as a record.
pub(super) fn coordinates(coordinates: Option<(f64, f64)>) -> Value {
    coordinates.map_or(Value::Null, |(latitude, longitude)| {
        Value::Record(vec![
            ("latitude".to_owned(), latitude.into()),
            ("longitude".to_owned(), longitude.into()),
        ])
    })
}

/// Codes as a record, by system.
fn codes(codes: &BTreeMap<String, String>) -> Value {
    if codes.is_empty() {
        return Value::Null;
    }
    Value::Record(
        codes.iter().map(|(system, code)| (system.clone(), code.as_str().into())).collect(),
    )
}

/// A tie as a record, without what is not known.
fn affiliation(tie: &Affiliation) -> Value {
    let fields = [
        ("under", Value::from(tie.under.as_str())),
        ("as", tie.office.clone().into()),
        ("rank", tie.rank.map(i64::from).into()),
        ("from", tie.from.clone().into()),
        ("to", tie.to.clone().into()),
    ];
    let known = fields.into_iter().filter(|(_, value)| !value.is_null());
    Value::Record(known.map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::columns::catalog_columns;

    #[test]
    fn every_entry_fills_the_columns_of_its_catalogue() {
        let view = SavedView { name: String::new(), text: String::new() };
        for (catalog, entry) in [
            (EntryKind::Actor, Entry::Actor(Actor::default())),
            (EntryKind::Kind, Entry::Kind(Kind::default())),
            (EntryKind::Place, Entry::Place(Place::default())),
            (EntryKind::Document, Entry::Document(Document::default())),
            (EntryKind::Unit, Entry::Unit(Unit::default())),
            (EntryKind::View, Entry::View(view)),
            (EntryKind::Import, Entry::Import(Import::default())),
            (EntryKind::Coverage, Entry::Coverage(Coverage::default())),
        ] {
            assert_eq!(columns(&entry).len(), catalog_columns(catalog).len(), "{catalog:?}");
        }
    }
}
