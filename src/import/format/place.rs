//! Places: what they lie in, and where on this earth.

use super::attribute::{Attribute, told};
use super::columns::Columns;
use super::holds::Holds;
use super::number::Numbers;
use super::oddities::Oddities;
use crate::import::draft::Hint;
use crate::import::fingerprint::{self, Heard};
use crate::import::record::{Record, Reject};
use crate::model::{Event, Location};

/// The columns of latitude and longitude.
#[derive(Debug, Default)]
pub(super) struct Coordinates([Option<Attribute>; 2]);

impl Coordinates {
    /// The columns with the first of these names that the file has.
    pub(super) fn find(
        columns: &Columns,
        latitude: &[&str],
        longitude: &[&str],
        prefix: &str,
    ) -> Coordinates {
        let find = |names| Attribute::find(columns, names, prefix, Holds::Float);
        Coordinates([find(latitude), find(longitude)])
    }

    /// Where they are, latitude first.
    pub(super) fn taken(&self) -> [Option<usize>; 2] {
        self.0.each_ref().map(|column| column.as_ref().map(|column| column.at))
    }

    /// The cells that a record has in them.
    pub(super) fn cells<'r>(&'r self, record: &'r Record) -> impl Iterator<Item = &'r str> {
        self.0.iter().filter_map(|column| told(column.as_ref(), record)).map(|(_, cell)| cell)
    }

    /// The point of a record. What is one coordinate alone, or lies beyond this earth, becomes attributes as it is.
    pub(super) fn point(
        &self,
        record: &Record,
        event: &mut Event,
        oddities: &mut Oddities,
    ) -> Result<Option<(f64, f64)>, Reject> {
        let [latitude, longitude] = self.taken();
        let latitude = oddities.numbers.cell(record, latitude)?;
        let longitude = oddities.numbers.cell(record, longitude)?;
        let point = latitude.zip(longitude);
        if point.is_some_and(is_on_earth) {
            return Ok(point);
        }
        oddities.astray += u64::from(point.is_some());
        self.keep(record, event, &mut oddities.numbers)?;
        Ok(None)
    }

    /// Keeps them as attributes, for a record that tells no place.
    pub(super) fn keep(
        &self,
        record: &Record,
        event: &mut Event,
        numbers: &mut Numbers,
    ) -> Result<(), Reject> {
        for (column, cell) in self.0.iter().filter_map(|column| told(column.as_ref(), record)) {
            column.keep(cell, event, numbers)?;
        }
        Ok(())
    }
}

/// Is it a latitude with a longitude?
pub(super) fn is_on_earth((latitude, longitude): (f64, f64)) -> bool {
    latitude.abs() <= 90.0 && longitude.abs() <= 180.0
}

/// Puts the place of a record into its event, with what it lies in, the nearest first. Its hint, unless that was heard.
///
/// The name of each is its path, `Rawson, Chubut, Argentina`: many provinces have a `Capital`, and several countries a
/// `Central`. What is named like the place around it is that place.
pub(super) fn locate<'r>(
    path: impl DoubleEndedIterator<Item = (Option<&'r str>, &'static str)>,
    coordinates: &Coordinates,
    record: &Record,
    event: &mut Event,
    oddities: &mut Oddities,
    heard: Option<&Heard>,
) -> Result<Option<Hint>, Reject> {
    let path = apart(path);
    if path.is_empty() {
        coordinates.keep(record, event, &mut oddities.numbers)?;
        return Ok(None);
    }
    let name = full(&path);
    let point = coordinates.point(record, event, oddities)?;
    let told = of_city(path.first().map(|(_, kind)| *kind), point);
    // A name alone of no type says nothing that the event does not.
    let says_something = told.is_some() || !matches!(path.as_slice(), [(_, "place")]);
    let known_as = || fingerprint::of_place(levels(&name, &path), std::iter::empty(), told);
    let is_new = || heard.is_none_or(|heard| !heard.has(known_as()));
    let hint = (says_something && is_new()).then(|| {
        let path = levels(&name, &path).map(|(name, kind)| (name.to_owned(), kind)).collect();
        Hint::Place { path, codes: Vec::new(), coordinates: told }
    });
    event.places.push(Location { name, coordinates: point });
    Ok(hint)
}

/// The names of a place and of what it lies in, the nearest first, without those that are told twice.
fn apart<'r>(
    path: impl DoubleEndedIterator<Item = (Option<&'r str>, &'static str)>,
) -> Vec<(&'r str, &'static str)> {
    let mut apart: Vec<(&str, &'static str)> = Vec::with_capacity(4);
    for (name, kind) in path.rev() {
        let above = apart.last().map_or("", |(above, _)| above);
        if let Some(name) = name.filter(|name| !name.eq_ignore_ascii_case(above)) {
            apart.push((name, kind));
        }
    }
    apart.reverse();
    apart
}

/// Between the parts of a full name.
const WITHIN: &str = ", ";

/// The full name of a place.
fn full(path: &[(&str, &'static str)]) -> String {
    let length = path.iter().map(|(name, _)| name.len() + WITHIN.len()).sum();
    let mut full = String::with_capacity(length);
    for (at, (name, _)) in path.iter().enumerate() {
        full.push_str(if at > 0 { WITHIN } else { "" });
        full.push_str(name);
    }
    full
}

/// The full names of a place and of what it lies in: each is the end of the one before.
fn levels<'a>(
    full: &'a str,
    path: &'a [(&str, &'static str)],
) -> impl Iterator<Item = (&'a str, &'static str)> {
    path.iter().scan(0, move |from, (name, kind)| {
        let level = full.get(*from..)?;
        *from += name.len() + WITHIN.len();
        Some((level, *kind))
    })
}

/// The point of a place of a type: that of a city; of a district or a country it would only be the middle.
pub(super) fn of_city(kind: Option<&str>, point: Option<(f64, f64)>) -> Option<(f64, f64)> {
    point.filter(|_| matches!(kind, Some("city" | "place")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_like_the_place_around_it_is_that_place() {
        let path = apart(
            [
                (Some("Bangui city"), "city"),
                (None, "district"),
                (Some("Bangui"), "province"),
                (Some("Bangui"), "country"),
            ]
            .into_iter(),
        );
        let name = full(&path);
        let levels: Vec<_> = levels(&name, &path).collect();
        assert_eq!(levels, [("Bangui city, Bangui", "city"), ("Bangui", "country")]);
        assert_eq!(apart([(None, "city")].into_iter()), []);
    }

    #[test]
    fn only_a_city_is_a_point() {
        let told = |kind| of_city(Some(kind), Some((1.0, 2.0))).is_some();
        assert!(told("city") && told("place"));
        assert!(!told("province") && !told("country"));
    }
}
