//! Where GDELT says that something happened.
//!
//! A full name tells what it lies in: `Melbourne, Victoria, Australia`. A country's own name may have a comma,
//! `Bahamas, The`, and a region's as well, `London, City of`.

use super::Tally;
use crate::import::draft::Hint;
use crate::import::fingerprint;
use crate::import::format::attribute::{Attribute, cell, told};
use crate::import::format::columns::Columns;
use crate::import::format::holds::Holds;
use crate::import::format::number::Numbers;
use crate::import::format::place::{Coordinates, of_city};
use crate::import::record::{Record, Reject};
use crate::model::{Event, Location};

/// The columns of one of GDELT's three places.
#[derive(Debug)]
pub(super) struct Geo {
    kind: Option<Attribute>,
    name: Option<Attribute>,
    country: Option<Attribute>,
    region: Option<Attribute>,
    coordinates: Coordinates,
}

impl Geo {
    /// `Actor1Geo`, `Actor2Geo` or `ActionGeo`; the reduced files call them otherwise.
    pub(super) fn new(columns: &Columns, names: [&str; 2]) -> Geo {
        let prefixed = |what: &str| names.map(|name| format!("{name}{what}"));
        let find = |what: &str, holds| {
            let names = prefixed(what);
            Attribute::find(columns, &names.each_ref().map(String::as_str), "gdelt", holds)
        };
        let (latitude, longitude) = (prefixed("Lat"), prefixed("Long"));
        Geo {
            kind: find("Type", Holds::Int),
            name: find("FullName", Holds::Text),
            country: find("CountryCode", Holds::Text),
            region: find("ADM1Code", Holds::Text),
            coordinates: Coordinates::find(
                columns,
                &latitude.each_ref().map(String::as_str),
                &longitude.each_ref().map(String::as_str),
                "gdelt",
            ),
        }
    }

    /// The columns that it reads by itself.
    pub(super) fn taken(&self) -> [Option<usize>; 3] {
        let [latitude, longitude] = self.coordinates.taken();
        [self.name.as_ref().map(|column| column.at), latitude, longitude]
    }

    /// Keeps it as attributes.
    pub(super) fn keep(
        &self,
        record: &Record,
        event: &mut Event,
        numbers: &mut Numbers,
    ) -> Result<(), Reject> {
        if let Some((column, cell)) = told(self.name.as_ref(), record) {
            column.keep(cell, event, numbers)?;
        }
        if self.is_nowhere(record) {
            return Ok(());
        }
        self.coordinates.keep(record, event, numbers)
    }

    /// Makes it the place of the event.
    pub(super) fn locate(
        &self,
        record: &Record,
        event: &mut Event,
        hints: &mut Vec<Hint>,
        tally: &mut Tally,
    ) -> Result<(), Reject> {
        let Some(name) = cell(self.name.as_ref(), record) else {
            return self.keep(record, event, &mut tally.oddities.numbers);
        };
        let point = if self.is_nowhere(record) {
            None
        } else {
            self.coordinates.point(record, event, &mut tally.oddities)?
        };
        let path = path(name, cell(self.kind.as_ref(), record));
        let code = match path.first().map_or("", |(_, kind)| *kind) {
            "country" => cell(self.country.as_ref(), record).map(|code| ("fips", code)),
            "region" => cell(self.region.as_ref(), record).map(|code| ("adm1", code)),
            _ => None,
        };
        let told = of_city(path.first().map(|(_, kind)| *kind), point);
        let known_as = fingerprint::of_place(path.iter().copied(), code.into_iter(), told);
        if !tally.heard.has(known_as) {
            hints.push(Hint::Place {
                path: path.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
                codes: code.map(|(system, code)| (system, code.to_owned())).into_iter().collect(),
                coordinates: told,
            });
        }
        event.places.push(Location { name: name.to_owned(), coordinates: point });
        Ok(())
    }

    /// Files from before 2013 write `0` and `0` where no place is known.
    fn is_nowhere(&self, record: &Record) -> bool {
        let kind = cell(self.kind.as_ref(), record);
        let mut cells = kind.into_iter().chain(self.coordinates.cells(record));
        cells.all(|cell| cell.bytes().all(|byte| b"0.,-".contains(&byte)))
    }
}

/// A full name and what it lies in, the nearest first.
fn path<'a>(name: &'a str, geo_type: Option<&str>) -> Vec<(&'a str, &'static str)> {
    let country = country_at(name);
    let city = name.find(", ").filter(|first| country.is_some_and(|country| first + 2 < country));
    let first = match geo_type.and_then(|kind| kind.bytes().next()) {
        Some(b'1') => return vec![(name, "country")],
        Some(b'2' | b'5') => "region",
        Some(b'3' | b'4') => "city",
        // Old rows have names without a type.
        _ if city.is_some() => "city",
        _ if country.is_some() => "region",
        _ => "country",
    };
    let mut path = Vec::with_capacity(3);
    path.push((name, first));
    let region = city.and_then(|comma| name.get(comma + 2..));
    path.extend(region.map(|region| (region, "region")));
    let country = country.and_then(|at| name.get(at..));
    path.extend(country.map(|country| (country, "country")));
    path
}

/// Where in a full name the country begins, behind a comma: before the last part, or before the last two when the last
/// is the end of a country's name, `The` or `Republic of the`.
fn country_at(name: &str) -> Option<usize> {
    let (before, last) = name.rsplit_once(", ")?;
    let of = |end: &str| {
        last.len() > end.len()
            && last.get(last.len() - end.len()..).is_some_and(|l| l.eq_ignore_ascii_case(end))
    };
    let comma = if last.eq_ignore_ascii_case("the") || of(" of") || of(" of the") {
        before.rfind(", ")?
    } else {
        before.len()
    };
    Some(comma + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, kind: Option<&str>) -> String {
        let path = path(name, kind);
        path.iter().map(|(name, kind)| format!("{name} ({kind})")).collect::<Vec<_>>().join(" < ")
    }

    #[test]
    fn full_names_are_taken_apart() {
        for (name, kind, expected) in [
            ("Chad", "1", "Chad (country)"),
            ("Vietnam, Republic Of", "1", "Vietnam, Republic Of (country)"),
            ("Ohio, United States", "2", "Ohio, United States (region) < United States (country)"),
            (
                "Leeds, Leeds, United Kingdom",
                "4",
                "Leeds, Leeds, United Kingdom (city) < Leeds, United Kingdom (region) < United Kingdom (country)",
            ),
            (
                "Temple, London, City of, United Kingdom",
                "4",
                "Temple, London, City of, United Kingdom (city) < London, City of, United Kingdom (region) < United Kingdom (country)",
            ),
            (
                "Freeport, Freeport, Bahamas, The",
                "4",
                "Freeport, Freeport, Bahamas, The (city) < Freeport, Bahamas, The (region) < Bahamas, The (country)",
            ),
            (
                "Punjab, Punjab, Pakistan",
                "5",
                "Punjab, Punjab, Pakistan (region) < Punjab, Pakistan (region) < Pakistan (country)",
            ),
            ("Oran, Algeria", "4", "Oran, Algeria (city) < Algeria (country)"),
        ] {
            assert_eq!(told(name, Some(kind)), expected);
        }
        assert_eq!(told("Bahamas, The", None), "Bahamas, The (country)");
        assert!(told("Perm, Perm, Russia", Some("0")).starts_with("Perm, Perm, Russia (city) <"));
    }
}
