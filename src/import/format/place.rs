//! Places: what they lie in, and where on this earth.

use super::attribute::{Attribute, told};
use super::columns::Columns;
use super::holds::Holds;
use super::number::Numbers;
use super::oddities::Oddities;
use crate::import::draft::Hint;
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

/// Puts the place of a record into its event, with what it lies in, the nearest first. Says how much its hint tells.
///
/// The name of each is its path, `Rawson, Chubut, Argentina`: many provinces have a `Capital`, and several countries a
/// `Central`. What is named like the place around it is that place.
pub(super) fn locate<'r>(
    path: impl DoubleEndedIterator<Item = (Option<&'r str>, &'static str)>,
    coordinates: &Coordinates,
    record: &Record,
    event: &mut Event,
    oddities: &mut Oddities,
) -> Result<Option<Hint>, Reject> {
    let path = full(path);
    let Some((name, _)) = path.first() else {
        coordinates.keep(record, event, &mut oddities.numbers)?;
        return Ok(None);
    };
    let name = name.clone();
    let point = coordinates.point(record, event, oddities)?;
    event.places.push(Location { name, coordinates: point });
    Ok(Some(hint(path, Vec::new(), point)))
}

/// The full name of a place and those of what it lies in.
fn full<'r>(
    path: impl DoubleEndedIterator<Item = (Option<&'r str>, &'static str)>,
) -> Vec<(String, &'static str)> {
    let mut full: Vec<(String, &'static str)> = Vec::with_capacity(5);
    let mut above = "";
    for (name, kind) in path.rev() {
        let Some(name) = name.filter(|name| !name.eq_ignore_ascii_case(above)) else { continue };
        let named = match full.last() {
            Some((around, _)) => [name, ", ", around].concat(),
            None => name.to_owned(),
        };
        full.push((named, kind));
        above = name;
    }
    full.reverse();
    full
}

/// What a path tells. A point is that of a city; of a district or a country it is only the middle.
pub(super) fn hint(
    path: Vec<(String, &'static str)>,
    codes: Vec<(&'static str, String)>,
    point: Option<(f64, f64)>,
) -> Hint {
    let is_point = path.first().is_some_and(|(_, kind)| matches!(*kind, "city" | "place"));
    Hint::Place { path, codes, coordinates: point.filter(|_| is_point) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_like_the_place_around_it_is_that_place() {
        let path = full(
            [
                (Some("Bangui city"), "city"),
                (None, "district"),
                (Some("Bangui"), "province"),
                (Some("Bangui"), "country"),
            ]
            .into_iter(),
        );
        let expected =
            [("Bangui city, Bangui".to_owned(), "city"), ("Bangui".to_owned(), "country")];
        assert_eq!(path, expected);
        assert_eq!(full([(None, "city")].into_iter()), []);
    }

    #[test]
    fn only_a_city_is_a_point() {
        let told = |kind| {
            let point = Some((1.0, 2.0));
            let hint = hint(vec![("Melo".to_owned(), kind)], Vec::new(), point);
            matches!(hint, Hint::Place { coordinates, .. } if coordinates == point)
        };
        assert!(told("city") && told("place"));
        assert!(!told("province") && !told("country"));
    }
}
