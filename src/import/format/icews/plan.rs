//! Which column of ICEWS is what, and a row by it.

use super::Tally;
use crate::import::draft::{Draft, Hint};
use crate::import::fingerprint::{self, Heard};
use crate::import::format::attribute::{Attribute, Attributes};
use crate::import::format::cameo::{self, Signs};
use crate::import::format::columns::Columns;
use crate::import::format::day::{self, Recent};
use crate::import::format::holds::Holds;
use crate::import::format::number::Numbers;
use crate::import::format::place::{self, Coordinates};
use crate::import::record::{Record, Reject};
use crate::model::{Citation, Day, Document, Event, Participant, Role, Value};

/// The columns of a row.
#[derive(Debug)]
pub(super) struct Plan {
    id: Option<usize>,
    date: Option<usize>,
    sides: [Side; 2],
    text: Option<Attribute>,
    code: Option<usize>,
    intensity: Option<usize>,
    quad: Option<Attribute>,
    year: Option<Attribute>,
    story: Option<usize>,
    sentence: Option<Attribute>,
    publisher: Option<Attribute>,
    /// City, district, province and country, with their types.
    places: [(Option<usize>, &'static str); 4],
    coordinates: Coordinates,
    attributes: Attributes,
}

/// The columns of the one who acts or is acted upon.
#[derive(Debug)]
struct Side {
    role: Role,
    name: Option<usize>,
    sectors: Option<Attribute>,
    country: Option<Attribute>,
    /// The number of the country by the Correlates of War, in the reduced form.
    cow: Option<Attribute>,
}

impl Plan {
    pub(super) fn new(columns: &Columns) -> Plan {
        let keep = |names: &[&str], holds| Attribute::find(columns, names, "icews", holds);
        let mut plan = Plan {
            id: columns.find(&["Event ID"]),
            date: columns.find(&["Event Date", "Date"]),
            sides: [
                Side {
                    role: Role::Source,
                    name: columns.find(&["Source Name"]),
                    sectors: keep(&["Source Sectors", "sourceSec"], Holds::List(',')),
                    country: keep(&["Source Country"], Holds::Text),
                    cow: keep(&["Source COW"], Holds::Int),
                },
                Side {
                    role: Role::Target,
                    name: columns.find(&["Target Name", "tarName"]),
                    sectors: keep(&["Target Sectors", "tarSec"], Holds::List(',')),
                    country: keep(&["Target Country"], Holds::Text),
                    cow: keep(&["Target COW", "tarCOW"], Holds::Int),
                },
            ],
            text: keep(&["Event Text"], Holds::Text),
            code: columns.find(&["CAMEO Code", "CAMEO"]),
            intensity: columns.find(&["Intensity", "Goldstein"]),
            quad: keep(&["Quad Class", "quad"], Holds::Int),
            year: keep(&["Year"], Holds::Int),
            story: columns.find(&["Story ID"]),
            sentence: keep(&["Sentence Number"], Holds::Int),
            publisher: keep(&["Publisher"], Holds::Text),
            places: [
                (columns.find(&["City"]), "city"),
                (columns.find(&["District"]), "district"),
                (columns.find(&["Province"]), "region"),
                (columns.find(&["Country"]), "country"),
            ],
            coordinates: Coordinates::find(columns, &["Latitude"], &["Longitude"], "icews"),
            attributes: Attributes::default(),
        };
        plan.attributes = Attributes::rest(columns, plan.taken(), "icews", |_| Holds::Any);
        plan
    }

    /// The columns that need no place among the others.
    fn taken(&self) -> Vec<Option<usize>> {
        let [source, target] = &self.sides;
        let alone =
            [self.id, self.date, source.name, target.name, self.code, self.intensity, self.story];
        let kept = [
            &source.sectors,
            &source.country,
            &source.cow,
            &target.sectors,
            &target.country,
            &target.cow,
            &self.text,
            &self.quad,
            &self.year,
            &self.sentence,
            &self.publisher,
        ];
        let places = self.places.iter().map(|(at, _)| *at).chain(self.coordinates.taken());
        let kept = kept.into_iter().map(|column| column.as_ref().map(|column| column.at));
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
        let day = self.date(record, &mut event, recent, tally)?;
        self.key(record, &mut event)?;
        self.code(record, &mut event, tally)?;
        for side in &self.sides {
            side.read(record, &mut event, &mut hints, tally)?;
        }
        let names = self.sides.each_ref().map(|side| cell(record, side.name).unwrap_or(""));
        tally.visits.row(event.code.as_deref().unwrap_or(""), day, names[0], names[1]);
        let places = self.places.iter().map(|(at, kind)| (cell(record, *at), *kind));
        let (oddities, heard) = (&mut tally.oddities, Some(&tally.heard));
        let place = place::locate(places, &self.coordinates, record, &mut event, oddities, heard)?;
        hints.extend(place);
        let numbers = &mut oddities.numbers;
        self.document(record, &mut event, &mut hints, numbers, &tally.heard)?;
        if let Some((column, cell)) = kept(self.year.as_ref(), record)
            && (day.is_none() || cell.parse().ok() != day.map(|day| day.ymd().0))
        {
            column.keep(cell, &mut event, numbers)?;
        }
        for column in self.attributes.iter() {
            if let Some(cell) = cell(record, Some(column.at)) {
                column.keep(cell, &mut event, numbers)?;
            }
        }
        Ok(Draft::Event { event, hints })
    }

    fn date(
        &self,
        record: &Record,
        event: &mut Event,
        recent: &mut Recent,
        tally: &mut Tally,
    ) -> Result<Option<Day>, Reject> {
        let Some(cell) = cell(record, self.date) else { return Ok(None) };
        let (day, date) =
            recent.read(self.date, cell, |cell| day::day(cell).or_else(|| day::american(cell)))?;
        if cell.contains('/') {
            tally.american += 1;
            if tally.american_as.is_empty() {
                cell.clone_into(&mut tally.american_as);
            }
        }
        event.date = Some(date.clone());
        Ok(Some(day))
    }

    fn key(&self, record: &Record, event: &mut Event) -> Result<(), Reject> {
        let (Some(id), Some(date)) = (cell(record, self.id), &event.date) else { return Ok(()) };
        let digits = id.strip_suffix(".0").unwrap_or(id);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Reject::cell(self.id, format!("`{id}` is no number of an event")));
        }
        event.key = Some(["icews:", digits, ":", date.edtf()].concat());
        Ok(())
    }

    /// Kind, code and score, by the code or by the text.
    fn code(&self, record: &Record, event: &mut Event, tally: &mut Tally) -> Result<(), Reject> {
        let text = self.text.as_ref().and_then(|text| cell(record, Some(text.at)));
        let quad = kept(self.quad.as_ref(), record);
        let numbers = &mut tally.oddities.numbers;
        event.goldstein = cell(record, self.intensity)
            .map(|cell| numbers.read(cell))
            .transpose()
            .map_err(|reason| Reject::cell(self.intensity, reason))?;
        let code = match (cell(record, self.code), text) {
            (Some(written), text) => {
                let signs = Signs {
                    root: None,
                    quad: quad.map(|(_, cell)| cell),
                    text,
                    goldstein: event.goldstein,
                };
                match cameo::mended(written, signs) {
                    Some(code) => {
                        tally.oddities.mended += 1;
                        code
                    }
                    None => written.to_owned(),
                }
            }
            (None, Some(text)) => {
                tally.uncoded += 1;
                let code = cameo::code_of_text(text).ok_or_else(|| {
                    let column = self.text.as_ref().map(|text| text.at);
                    Reject::cell(
                        column,
                        format!("there is no CAMEO code, and `{text}` is no event text of ICEWS"),
                    )
                })?;
                code.to_owned()
            }
            (None, None) => {
                return Err(Reject::cell(
                    self.code,
                    "there is neither a CAMEO code nor an event text",
                ));
            }
        };
        // A code of their own, as `13y`, is told by the text.
        let known = cameo::kind(&code).filter(|kind| kind.code.as_deref() == Some(code.as_str()));
        let by_text = || cameo::kind(text.and_then(cameo::code_of_text)?);
        let Some(kind) = known.or_else(by_text).or_else(|| cameo::kind(&code)) else {
            return Err(Reject::cell(self.code, format!("`{code}` is no CAMEO code")));
        };
        event.kind.clone_from(&kind.name);
        if let Some(given) = event.goldstein {
            let is = |score: Option<f64>| score.is_some_and(|score| (given - score).abs() < 1e-9);
            let other = is(kind.intensity) && !is(kind.goldstein);
            tally.other_scores += u64::from(other);
        }
        if let Some((column, cell)) = quad
            && cell.parse().ok() != kind.quad
        {
            column.keep(cell, event, &mut tally.oddities.numbers)?;
        }
        if let (Some(column), Some(text)) = (&self.text, text) {
            column.put(Value::from(text), event);
        }
        event.code = Some(code);
        Ok(())
    }

    /// The story that tells the event; without one, sentence and publisher stay attributes.
    fn document(
        &self,
        record: &Record,
        event: &mut Event,
        hints: &mut Vec<Hint>,
        numbers: &mut Numbers,
        heard: &Heard,
    ) -> Result<(), Reject> {
        let sentence = kept(self.sentence.as_ref(), record);
        let publisher = kept(self.publisher.as_ref(), record);
        let Some(story) = cell(record, self.story) else {
            for (column, cell) in [sentence, publisher].into_iter().flatten() {
                column.keep(cell, event, numbers)?;
            }
            return Ok(());
        };
        let key = ["icews-story:", story.strip_suffix(".0").unwrap_or(story)].concat();
        if !heard.has(fingerprint::of_document(&key)) {
            hints.push(Hint::Document(Box::new(Document {
                key: key.clone(),
                publisher: publisher.map(|(_, publisher)| publisher.to_owned()),
                ..Document::default()
            })));
        }
        let locator = sentence.map(|(_, sentence)| ["sentence ", sentence].concat());
        event.documents.push(Citation { document: key, locator, ..Citation::default() });
        Ok(())
    }
}

impl Side {
    fn read(
        &self,
        record: &Record,
        event: &mut Event,
        hints: &mut Vec<Hint>,
        tally: &mut Tally,
    ) -> Result<(), Reject> {
        let numbers = &mut tally.oddities.numbers;
        let sectors = || {
            let cell = kept(self.sectors.as_ref(), record).into_iter();
            let sectors = cell.flat_map(|(_, cell)| cell.split(','));
            let blank = |c: char| c == '"' || c.is_whitespace();
            sectors.map(move |s| s.trim_matches(blank)).filter(|sector| !sector.is_empty())
        };
        let list: Vec<Value> = sectors().map(Value::from).collect();
        if let Some(column) = self.sectors.as_ref().filter(|_| !list.is_empty()) {
            column.put(Value::List(list), event);
        }
        let (country, cow) = (kept(self.country.as_ref(), record), kept(self.cow.as_ref(), record));
        for (column, cell) in [country, cow].into_iter().flatten() {
            column.keep(cell, event, numbers)?;
        }
        let Some(name) = cell(record, self.name) else { return Ok(()) };
        event.participants.push(Participant::new(name, self.role));
        // The number 0 stands for organisations of several states.
        let cow = cow.filter(|(_, cell)| *cell != "0");
        let country = country.or(cow).map(|(_, cell)| cell);
        let print = fingerprint::of_actor(name, country, sectors(), None, std::iter::empty());
        if !tally.heard.has(print) {
            hints.push(Hint::Actor {
                name: name.to_owned(),
                country: country.map(str::to_owned),
                sectors: sectors().map(str::to_owned).collect(),
                kind: None,
                codes: Vec::new(),
            });
        }
        Ok(())
    }
}

/// A column with its cell.
fn kept<'a>(column: Option<&'a Attribute>, record: &'a Record) -> Option<(&'a Attribute, &'a str)> {
    column.and_then(|column| Some((column, cell(record, Some(column.at))?)))
}

/// A cell without the quotes around it: some downloads quote every text, and the names would not match.
fn cell(record: &Record, at: Option<usize>) -> Option<&str> {
    let cell = record.cell(at)?;
    match cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')) {
        None => Some(cell),
        Some(cell) => Some(cell.trim()).filter(|cell| !matches!(*cell, "" | "NA" | "NULL")),
    }
}
