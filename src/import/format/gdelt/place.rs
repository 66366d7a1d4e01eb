//! Where GDELT says that something happened.
//!
//! A full name tells what it lies in: `Melbourne, Victoria, Australia`. A country's own name may have a comma,
//! `Bahamas, The`, and a region's as well, `London, City of`.

use super::Tally;
use crate::import::draft::Hint;
use crate::import::format::columns::{Columns, Holds};
use crate::import::format::extra::{self, Extra};
use crate::import::record::{Record, Reject};
use crate::model::{Event, Location};

/// The columns of one of GDELT's three places.
#[derive(Debug)]
pub(super) struct Geo {
    kind: Option<Extra>,
    name: Option<Extra>,
    country: Option<Extra>,
    region: Option<Extra>,
    latitude: Option<Extra>,
    longitude: Option<Extra>,
}

impl Geo {
    /// `Actor1Geo`, `Actor2Geo` or `ActionGeo`; the reduced files call them otherwise.
    pub(super) fn new(columns: &Columns, names: [&str; 2]) -> Geo {
        let find = |what: &str, holds| {
            let names = names.map(|name| format!("{name}{what}"));
            Extra::find(columns, &[names[0].as_str(), names[1].as_str()], "gdelt", holds)
        };
        Geo {
            kind: find("Type", Holds::Int),
            name: find("FullName", Holds::Text),
            country: find("CountryCode", Holds::Text),
            region: find("ADM1Code", Holds::Text),
            latitude: find("Lat", Holds::Float),
            longitude: find("Long", Holds::Float),
        }
    }

    /// The columns that it reads by itself.
    pub(super) fn taken(&self) -> [Option<usize>; 3] {
        [&self.name, &self.latitude, &self.longitude]
            .map(|column| column.as_ref().map(|column| column.at))
    }

    /// Keeps it as attributes.
    pub(super) fn keep(&self, record: &Record, event: &mut Event) -> Result<(), Reject> {
        if let Some((column, cell)) = self.name.as_ref().and_then(|c| Some((c, c.cell(record)?))) {
            column.keep(cell, event)?;
        }
        if self.is_nowhere(record) {
            return Ok(());
        }
        for column in [&self.latitude, &self.longitude].into_iter().flatten() {
            if let Some(cell) = column.cell(record) {
                column.keep(cell, event)?;
            }
        }
        Ok(())
    }

    /// Makes it the place of the event.
    pub(super) fn locate(
        &self,
        record: &Record,
        event: &mut Event,
        hints: &mut Vec<Hint>,
        tally: &mut Tally,
    ) -> Result<(), Reject> {
        let Some(name) = extra::cell(self.name.as_ref(), record) else {
            return self.keep(record, event);
        };
        let (mut coordinates, told) = self.coordinates(record)?;
        if coordinates.is_some_and(|(latitude, longitude)| {
            !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude)
        }) {
            tally.astray += 1;
            coordinates = None;
        }
        if coordinates.is_none() && told {
            for column in [&self.latitude, &self.longitude].into_iter().flatten() {
                if let Some(cell) = column.cell(record) {
                    column.keep(cell, event)?;
                }
            }
        }
        let path = path(name, extra::cell(self.kind.as_ref(), record));
        let kind = path.first().map_or("", |(_, kind)| *kind);
        let code = match kind {
            "country" => extra::cell(self.country.as_ref(), record).map(|code| ("fips", code)),
            "region" => extra::cell(self.region.as_ref(), record).map(|code| ("adm1", code)),
            _ => None,
        };
        hints.push(Hint::Place {
            codes: code.map(|(system, code)| (system, code.to_owned())).into_iter().collect(),
            coordinates: coordinates.filter(|_| kind == "city"),
            path,
        });
        event.places.push(Location { name: name.to_owned(), coordinates });
        Ok(())
    }

    /// Latitude and longitude, and whether anything is told of them.
    fn coordinates(&self, record: &Record) -> Result<(Option<(f64, f64)>, bool), Reject> {
        if self.is_nowhere(record) {
            return Ok((None, false));
        }
        let read = |column: Option<&Extra>| {
            let told = column.and_then(|column| Some((column.at, column.cell(record)?)));
            told.map(|(at, cell)| {
                cell.parse::<f64>()
                    .map_err(|_| Reject::cell(Some(at), format!("`{cell}` is no number")))
            })
            .transpose()
        };
        let (latitude, longitude) = (read(self.latitude.as_ref())?, read(self.longitude.as_ref())?);
        Ok((latitude.zip(longitude), latitude.is_some() || longitude.is_some()))
    }

    /// Files from before 2013 write `0` and `0` where no place is known.
    fn is_nowhere(&self, record: &Record) -> bool {
        let zero = |column: Option<&Extra>| {
            extra::cell(column, record).is_none_or(|cell| cell.parse() == Ok(0.0))
        };
        zero(self.kind.as_ref()) && zero(self.latitude.as_ref()) && zero(self.longitude.as_ref())
    }
}

/// A full name and what it lies in, the nearest first.
fn path(name: &str, geo_type: Option<&str>) -> Vec<(String, &'static str)> {
    let country = country_at(name);
    let city = name.find(", ").filter(|first| country.is_some_and(|country| first + 2 < country));
    let first = match geo_type.and_then(|kind| kind.bytes().next()) {
        Some(b'1') => return vec![(name.to_owned(), "country")],
        Some(b'2' | b'5') => "region",
        Some(b'3' | b'4') => "city",
        // Old rows have names without a type.
        _ if city.is_some() => "city",
        _ if country.is_some() => "region",
        _ => "country",
    };
    let mut path = Vec::with_capacity(3);
    path.push((name.to_owned(), first));
    let region = city.and_then(|comma| name.get(comma + 2..));
    path.extend(region.map(|region| (region.to_owned(), "region")));
    let country = country.and_then(|at| name.get(at..));
    path.extend(country.map(|country| (country.to_owned(), "country")));
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
