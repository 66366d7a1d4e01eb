//! Which column of GDELT is what, and a row by it.

use super::Tally;
use super::place::Geo;
use crate::catalog::letters;
use crate::import::draft::{Draft, Hint};
use crate::import::fingerprint;
use crate::import::format::attribute::{Attribute, Attributes, cell, told};
use crate::import::format::cameo::{self, Signs};
use crate::import::format::columns::Columns;
use crate::import::format::day::{self, Recent};
use crate::import::format::document;
use crate::import::format::holds::Holds;
use crate::import::format::number::Numbers;
use crate::import::record::{Record, Reject};
use crate::model::{Citation, Day, Event, Participant, Precision, Role, Value};

/// The columns of a row.
#[derive(Debug)]
pub(super) struct Plan {
    id: Option<usize>,
    date: Option<Attribute>,
    added: Option<Attribute>,
    /// Code and name of either actor.
    actors: [(Option<usize>, Option<usize>, Role); 2],
    code: Option<usize>,
    goldstein: Option<usize>,
    address: Option<usize>,
    place: Geo,
    actor_places: [Geo; 2],
    base: Option<Attribute>,
    root: Option<Attribute>,
    quad: Option<Attribute>,
    year: Option<Attribute>,
    month: Option<Attribute>,
    attributes: Attributes,
}

impl Plan {
    pub(super) fn new(columns: &Columns) -> Plan {
        let keep = |names: &[&str], holds| Attribute::find(columns, names, "gdelt", holds);
        let apart = |names: &[&str], holds| keep(names, holds).map(|a| a.set_apart("gdelt"));
        let mut plan = Plan {
            id: columns.find(&["GLOBALEVENTID"]),
            date: apart(&["SQLDATE", "Day", "Date"], Holds::Any),
            added: keep(&["DATEADDED"], Holds::Any),
            actors: [
                (
                    columns.find(&["Actor1Code", "Source"]),
                    columns.find(&["Actor1Name"]),
                    Role::Source,
                ),
                (
                    columns.find(&["Actor2Code", "Target"]),
                    columns.find(&["Actor2Name"]),
                    Role::Target,
                ),
            ],
            code: columns.find(&["EventCode", "CAMEOCode"]),
            goldstein: columns.find(&["GoldsteinScale", "Goldstein"]),
            address: columns.find(&["SOURCEURL"]),
            place: Geo::new(columns, ["ActionGeo_", "ActionGeo"]),
            actor_places: [
                Geo::new(columns, ["Actor1Geo_", "SourceGeo"]),
                Geo::new(columns, ["Actor2Geo_", "TargetGeo"]),
            ],
            base: apart(&["EventBaseCode"], Holds::Text),
            root: apart(&["EventRootCode"], Holds::Text),
            quad: apart(&["QuadClass", "QuadCategory"], Holds::Int),
            year: keep(&["Year"], Holds::Int),
            month: keep(&["MonthYear"], Holds::Int),
            attributes: Attributes::default(),
        };
        plan.attributes = Attributes::rest(columns, plan.taken(), "gdelt", holds);
        plan
    }

    /// The columns that need no place among the others.
    fn taken(&self) -> Vec<Option<usize>> {
        let alone = [
            self.id,
            self.code,
            self.goldstein,
            self.address,
            self.actors[0].0,
            self.actors[0].1,
            self.actors[1].0,
            self.actors[1].1,
        ];
        let kept =
            [&self.date, &self.added, &self.base, &self.root, &self.quad, &self.year, &self.month];
        let kept = kept.into_iter().map(|column| column.as_ref().map(|column| column.at));
        let places = [&self.place].into_iter().chain(&self.actor_places).flat_map(Geo::taken);
        alone.into_iter().chain(kept).chain(places).collect()
    }

    /// What a row says.
    pub(super) fn read(
        &self,
        record: &Record,
        recent: &mut Recent,
        tally: &mut Tally,
    ) -> Result<Draft, Reject> {
        let mut event = Event::default();
        let mut hints = Vec::with_capacity(4);
        event.key = self.key(record)?;
        let mended = self.code(record, &mut event, tally)?;
        self.date(record, &mut event, recent, tally)?;
        for (code, name, role) in self.actors {
            let code = record.cell(code);
            let Some(name) = record.cell(name).or(code) else { continue };
            event.participants.push(Participant {
                name: name.to_owned(),
                code: code.filter(|code| *code != name).map(str::to_owned),
                role,
            });
            let code = code.filter(|code| !tally.heard.has(fingerprint::of_code(code)));
            hints.extend(code.map(|code| Hint::Code(code.to_owned())));
        }
        self.place.locate(record, &mut event, &mut hints, tally)?;
        for place in &self.actor_places {
            place.keep(record, &mut event, &mut tally.oddities.numbers)?;
        }
        if let Some(cell) = record.cell(self.address) {
            if !tally.heard.has(fingerprint::of_document(cell)) {
                hints.push(Hint::Document(Box::new(document::article(cell))));
            }
            let document = cell.to_owned();
            event.documents.push(Citation { document, ..Citation::default() });
        }
        let numbers = &mut tally.oddities.numbers;
        self.restated(record, mended, &mut event, numbers)?;
        self.attributes.fill(record, &mut event, numbers)?;
        Ok(Draft::Event { event, hints })
    }

    fn key(&self, record: &Record) -> Result<Option<String>, Reject> {
        record.cell(self.id).map(|id| key(id, self.id)).transpose()
    }

    /// Kind, code and score. True when the code got its zero back.
    fn code(&self, record: &Record, event: &mut Event, tally: &mut Tally) -> Result<bool, Reject> {
        let Some(written) = record.cell(self.code) else {
            return Err(Reject::cell(self.code, "there is no event code"));
        };
        event.goldstein = tally.oddities.numbers.cell(record, self.goldstein)?;
        let mended = cameo::mended(
            written,
            Signs {
                root: cell(self.root.as_ref(), record),
                quad: cell(self.quad.as_ref(), record),
                text: None,
                goldstein: event.goldstein,
            },
        );
        let zero_was_lost = mended.is_some();
        tally.oddities.mended += u64::from(zero_was_lost);
        let code = mended.unwrap_or_else(|| written.to_owned());
        let Some(kind) = cameo::kind(&code) else {
            return Err(Reject::cell(self.code, format!("`{written}` is no CAMEO code")));
        };
        event.kind.clone_from(&kind.name);
        event.code = Some(code);
        Ok(zero_was_lost)
    }

    fn date(
        &self,
        record: &Record,
        event: &mut Event,
        recent: &mut Recent,
        tally: &mut Tally,
    ) -> Result<(), Reject> {
        let added = told(self.added.as_ref(), record)
            .and_then(|(column, cell)| added(column, cell, event, tally));
        let Some((column, cell)) = told(self.date.as_ref(), record) else { return Ok(()) };
        let (day, date) = recent.read(Some(column.at), cell, day::day)?;
        // What has no address comes from the files before April 2013, which were all added in one go.
        let guessed = match added.filter(|_| self.address.is_some()).map(|added| added.0 - day.0) {
            Some(30) => Some(Precision::Month),
            Some(365 | 3650) => Some(Precision::Year),
            _ => None,
        };
        event.date = Some(match guessed {
            None => date.clone(),
            Some(precision) => {
                column.keep(cell, event, &mut tally.oddities.numbers)?;
                let count = if precision == Precision::Month {
                    &mut tally.months
                } else {
                    &mut tally.years
                };
                *count += 1;
                day::about(day, precision)
            }
        });
        Ok(())
    }

    /// Keeps the columns that say again what code and date say, where they say something else.
    fn restated(
        &self,
        record: &Record,
        mended: bool,
        event: &mut Event,
        numbers: &mut Numbers,
    ) -> Result<(), Reject> {
        let code = event.code.clone().unwrap_or_default();
        for (column, digits) in [(&self.root, 2), (&self.base, 3)] {
            let Some((column, cell)) = told(column.as_ref(), record) else { continue };
            let derived = code.get(..digits).unwrap_or(&code);
            // Where the code lost its zero, so did these.
            if cell != derived && !(mended && derived.strip_prefix('0') == Some(cell)) {
                column.keep(cell, event, numbers)?;
            }
        }
        if let Some((column, cell)) = told(self.quad.as_ref(), record) {
            let derived = cameo::kind(&code).and_then(|kind| kind.quad);
            if derived.is_none() || cell.parse().ok() != derived {
                column.keep(cell, event, numbers)?;
            }
        }
        // The day as GDELT writes it, even where it is a guess.
        let day = cell(self.date.as_ref(), record).and_then(day::day).map(Day::ymd);
        for (column, with_month) in [(&self.year, false), (&self.month, true)] {
            let Some((column, cell)) = told(column.as_ref(), record) else { continue };
            let derived = day.map(
                |(year, month, _)| {
                    if with_month { year * 100 + i64::from(month) } else { year }
                },
            );
            if derived.is_none() || cell.parse().ok() != derived {
                column.keep(cell, event, numbers)?;
            }
        }
        Ok(())
    }
}

/// Keeps the time at which GDELT added the event, and tells its day.
fn added(column: &Attribute, cell: &str, event: &mut Event, tally: &mut Tally) -> Option<Day> {
    let digits = cell.strip_suffix(".0").unwrap_or(cell);
    let day = day::day(digits);
    let number = day.and_then(|_| digits.parse().ok());
    if day.is_none() {
        tally.unread += 1;
        if tally.unread_as.is_empty() {
            cell.clone_into(&mut tally.unread_as);
        }
    }
    column.put(number.map_or_else(|| Value::from(cell), Value::Int), event);
    day
}

/// The natural key of an event by its number.
pub(in super::super) fn key(id: &str, column: Option<usize>) -> Result<String, Reject> {
    let digits = id.strip_suffix(".0").unwrap_or(id);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty() {
        Ok(["gdelt:", digits].concat())
    } else {
        Err(Reject::cell(column, format!("`{id}` is no number of an event")))
    }
}

/// What the cells of a column of GDELT are, by the codebook of September 2016; of another, whatever they look like.
fn holds(name: &str) -> Holds {
    let name = letters(name);
    let numbers =
        ["isrootevent", "nummentions", "numsources", "numarticles", "numevents", "numarts"];
    let texts = ["actor1", "actor2", "actiongeo"];
    if numbers.contains(&name.as_str()) || name.ends_with("geotype") {
        Holds::Int
    } else if name == "fractiondate" || name == "avgtone" {
        Holds::Float
    } else if texts.iter().any(|text| name.starts_with(text)) || name.ends_with("code") {
        Holds::Text
    } else {
        Holds::Any
    }
}
