//! What several layouts read alike: days, numbers, coordinates, paths of places, tables of kinds.

use rustc_hash::FxHashMap;

use super::columns::{Attributes, Columns, Holds};
use crate::catalog::Field;
use crate::import::draft::Hint;
use crate::import::record::{Record, Reject};
use crate::model::{Day, Location, Quantity, Role, fold};

/// A day as data sets write it: `2009-02-20`, `20090220`, the former also with a time of day behind `T` or a blank.
pub(super) fn day(cell: &str) -> Option<Day> {
    let date = cell.split(['T', ' ']).next()?;
    let (year, month, day) = match date.len() {
        8 => (date.get(..4)?, date.get(4..6)?, date.get(6..)?),
        10 => {
            let mut parts = date.splitn(3, '-');
            (parts.next()?, parts.next()?, parts.next()?)
        }
        _ => return None,
    };
    let digits = |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return None;
    }
    Day::checked(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// The day in a cell that must hold one.
pub(super) fn needed_day(record: &Record, at: Option<usize>, name: &str) -> Result<Day, Reject> {
    let cell = record.cell(at).ok_or_else(|| Reject::cell(at, format!("no {name}")))?;
    day(cell).ok_or_else(|| {
        Reject::cell(
            at,
            format!("`{cell}` is no day; expected year, month, day as in `2015-06-12`"),
        )
    })
}

/// The number in a cell.
pub(super) fn number(record: &Record, at: Option<usize>) -> Result<Option<f64>, Reject> {
    let Some(cell) = record.cell(at) else { return Ok(None) };
    match cell.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(Reject::cell(at, format!("`{cell}` is no number"))),
    }
}

/// Latitude and longitude; none where either is missing.
pub(super) fn coordinates(
    record: &Record,
    latitude: Option<usize>,
    longitude: Option<usize>,
) -> Result<Option<(f64, f64)>, Reject> {
    let (Some(lat), Some(lon)) = (number(record, latitude)?, number(record, longitude)?) else {
        return Ok(None);
    };
    if lat.abs() > 90.0 {
        return Err(Reject::cell(latitude, format!("`{lat}` is no latitude: beyond 90 degrees")));
    }
    if lon.abs() > 180.0 {
        return Err(Reject::cell(
            longitude,
            format!("`{lon}` is no longitude: beyond 180 degrees"),
        ));
    }
    Ok(Some((lat, lon)))
}

/// The place of an event and what it lies in, the nearest first.
///
/// The name of each is its path, `Rawson, Chubut, Argentina`: many provinces have a `Capital`, and several countries a
/// `Central`. What is named like the place around it is that place.
pub(super) fn place(
    path: &[(Option<&str>, &'static str)],
    coordinates: Option<(f64, f64)>,
) -> Option<(Location, Hint)> {
    let mut named: Vec<(String, &'static str)> = Vec::with_capacity(path.len());
    let mut above = "";
    for (name, kind) in path.iter().rev() {
        let Some(name) = name.filter(|name| !name.eq_ignore_ascii_case(above)) else { continue };
        named.push(match named.last() {
            Some((around, _)) => (format!("{name}, {around}"), *kind),
            None => (name.to_owned(), *kind),
        });
        above = name;
    }
    named.reverse();
    let name = named.first()?.0.clone();
    Some((
        Location { name, coordinates },
        Hint::Place { path: named, codes: Vec::new(), coordinates },
    ))
}

/// People killed: the unit is people, so that they add up with those of other sources.
pub(super) fn killed(low: f64, high: f64) -> Quantity {
    Quantity::new(low, high, Some("people")).of("fatalities")
}

/// The members of a cell with a mark between them.
pub(super) fn members(cell: Option<&str>, mark: char) -> impl Iterator<Item = &str> {
    let members = cell.into_iter().flat_map(move |cell| cell.split(mark)).map(str::trim);
    members.filter(|member| !member.is_empty() && *member != "None")
}

/// Is it the name of a field or a role, so that an attribute of this name could never be asked for?
pub(super) fn is_field(name: &str) -> bool {
    Field::from_name(name).is_some()
        || Role::from_word(name).is_some()
        || name.eq_ignore_ascii_case("quantities")
}

/// All columns but those that are taken. One that bears the name of a field gets `prefix` in front: `acled_source`.
pub(super) fn attributes(
    columns: &Columns,
    taken: &[Option<usize>],
    prefix: &str,
    holds: impl Fn(&str) -> Holds,
) -> Attributes {
    let mut attributes = Attributes::rest(columns, taken, holds);
    for name in (0..columns.len()).map(|at| columns.name(at)).filter(|name| is_field(name)) {
        attributes.rename(name, &format!("{prefix}_{}", fold(name)));
    }
    attributes
}

/// A table of kinds by type and type within it, tab-separated with a header, `#` in front of comments.
#[derive(Debug)]
pub(super) struct Kinds(FxHashMap<(String, String), &'static str>);

impl Kinds {
    /// The kinds of a table.
    pub(super) fn read(text: &'static str) -> Kinds {
        let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(|line| {
            let mut cells = line.split('\t');
            let (above, within) = (cells.next()?, cells.next()?);
            Some(((fold(above), fold(within)), cells.next()?.trim()))
        });
        Kinds(rows.collect())
    }

    /// The kind of a type within another; where it is not known, that of the type around it.
    pub(super) fn get(&self, above: &str, within: &str) -> Option<&'static str> {
        let (above, within) = (fold(above), fold(within));
        let mut found = self.0.get(&(above.clone(), within));
        if found.is_none() {
            found = self.0.get(&(above, String::new()));
        }
        found.copied()
    }

    /// All kinds of the table.
    #[cfg(test)]
    pub(super) fn all(&self) -> impl Iterator<Item = &'static str> {
        self.0.values().copied()
    }
}

#[cfg(test)]
pub(super) mod testing {
    //! Files of the tests: rows of a fixture, and those of the folder that `ATTACHE_DATA` names.

    use super::super::Layout;
    use super::Columns;
    use crate::import::draft::{Draft, Hint};
    use crate::import::record::{Record, Reject};
    use crate::model::Event;

    /// The records of a text: between commas, quoted, or between another mark, not quoted.
    pub(in super::super) fn records(text: &str, mark: char) -> Vec<Record> {
        let mut records = Vec::new();
        let (mut record, mut cell) = (Record::default(), String::new());
        let (mut quoted, mut line) = (false, 1);
        record.start(line);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            line += u64::from(c == '\n');
            match c {
                '"' if mark == ',' && quoted && chars.peek() == Some(&'"') => {
                    cell.push('"');
                    chars.next();
                }
                '"' if mark == ',' => quoted = !quoted,
                '\r' if !quoted => {}
                c if (c == mark || c == '\n') && !quoted => {
                    record.push(&std::mem::take(&mut cell));
                    if c == '\n' {
                        records.push(std::mem::take(&mut record));
                        record.start(line);
                    }
                }
                c => cell.push(c),
            }
        }
        records
    }

    /// The columns of a header, and the records behind it.
    pub(in super::super) fn headed(text: &str, mark: char) -> (Columns, Vec<Record>) {
        let mut records = records(text, mark);
        let header = records.remove(0);
        (Columns::new(header.cells()), records)
    }

    /// The event of a record with its hints.
    pub(in super::super) fn event(layout: &mut dyn Layout, record: &Record) -> (Event, Vec<Hint>) {
        match layout.read(record) {
            Ok(Draft::Event { event, hints }) => (event, hints),
            other => panic!("line {}: {other:?}", record.line),
        }
    }

    /// Why a record is not taken.
    pub(in super::super) fn reject(layout: &mut dyn Layout, record: &Record) -> Reject {
        match layout.read(record) {
            Err(reject) => reject,
            other => panic!("line {}: {other:?}", record.line),
        }
    }

    /// A file of the folder that `ATTACHE_DATA` names; says aloud that it skips.
    pub(in super::super) fn sample(path: &str) -> Option<String> {
        let Some(folder) = std::env::var_os("ATTACHE_DATA") else {
            println!("ATTACHE_DATA is not set: {path} is skipped");
            return None;
        };
        let bytes = std::fs::read(std::path::Path::new(&folder).join(path)).unwrap();
        Some(String::from_utf8(bytes).unwrap())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_data_sets_write_them() {
        let there = Day::checked(2009, 2, 20);
        for text in ["2009-02-20", "2009-02-20T00:00:00", "2009-02-20 00:00:00.000", "20090220"] {
            assert_eq!(day(text), there, "{text}");
        }
        for text in ["2009-02-30", "2009-2-20", "20-02-2009", "200902", "", "2009-02-2x"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_named_like_the_place_around_it_is_that_place() {
        let path = [
            (Some("Bangui city"), "city"),
            (None, "district"),
            (Some("Bangui"), "province"),
            (Some("Bangui"), "country"),
        ];
        let Some((location, Hint::Place { path, .. })) = place(&path, None) else { panic!() };
        assert_eq!(location.name, "Bangui city, Bangui");
        assert_eq!(path.iter().map(|(_, kind)| *kind).collect::<Vec<_>>(), ["city", "country"]);
        assert_eq!(place(&[(None, "city")], None), None);
    }
}
