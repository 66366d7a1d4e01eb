//! Attaché, through its library.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use attache::{
    Database, Event, EventId, ImportOptions, Location, Participant, Query, Role, RunOptions, Value,
};

use super::Engine;
use crate::cell::{Answer, Cell};
use crate::error::{Error, Result};
use crate::generate::Row;
use crate::question::Question;

/// Which column of the CSV file is which field.
pub(crate) const MAPPING: [(&str, &str); 5] = [
    ("key", "id"),
    ("source", "actor1"),
    ("target", "actor2"),
    ("place", "country"),
    ("summary", "text"),
];

pub(super) fn version() -> String {
    let commit = std::process::Command::new("git")
        .args(["-C", env!("CARGO_MANIFEST_DIR"), "describe", "--always", "--dirty"])
        .output()
        .ok()
        .filter(|out| out.status.success())
        .and_then(|out| String::from_utf8(out.stdout).ok());
    commit.map_or_else(|| "unknown".to_owned(), |commit| format!("commit {}", commit.trim()))
}

pub(super) fn load(csv: &Path, database: &Path) -> Result<()> {
    let db = Database::open(database)?;
    let mapping = MAPPING.iter().map(|(f, c)| ((*f).to_owned(), vec![(*c).to_owned()])).collect();
    let report = db.import(csv, ImportOptions { mapping, ..ImportOptions::default() })?;
    if report.counts.loaded != report.counts.read {
        return Err(Error::said(format!("Attaché did not load all rows: {report}")));
    }
    Ok(db.close()?)
}

/// An open database, and the query that was asked last.
pub(super) struct Attache {
    db: Database,
    last: Option<(String, Query)>,
}

impl Attache {
    pub(super) fn open(database: &Path, write: bool) -> Result<Attache> {
        let db =
            if write { Database::open(database)? } else { Database::open_read_only(database)? };
        Ok(Attache { db, last: None })
    }

    fn query(&mut self, text: &str) -> Result<Query> {
        match &self.last {
            Some((last, query)) if last == text => Ok(query.clone()),
            _ => {
                let query = self.db.prepare(text)?;
                self.last = Some((text.to_owned(), query.clone()));
                Ok(query)
            }
        }
    }

    fn each(
        &mut self,
        question: &Question,
        ids: &[u64],
        mut see: impl FnMut(&[String], &[Value]),
    ) -> Result<()> {
        let Some(text) = &question.attache else { return Ok(()) };
        let query = self.query(text)?;
        let one = [0];
        for id in if question.lookup { ids } else { &one } {
            let key = id.to_string();
            let params = if question.lookup { vec![("id", key)] } else { Vec::new() };
            for row in self.db.run(&query, params, RunOptions::default())? {
                let row = row?;
                see(row.columns(), row.values());
            }
        }
        Ok(())
    }

    fn get(&self, id: u64) -> Result<Event> {
        self.db.get(EventId(id))?.ok_or_else(|| Error::said(format!("there is no event {id}")))
    }
}

impl Engine for Attache {
    fn answer(&mut self, question: &Question, ids: &[u64]) -> Result<Answer> {
        let mut answer = Answer::new();
        if question.attache.is_none() {
            for id in ids {
                answer.push(of_event(&self.get(*id)?)?);
            }
            return Ok(answer);
        }
        let mut fault = None;
        self.each(question, ids, |columns, values| {
            let cells = columns.iter().zip(values).map(|(column, value)| cell(column, value));
            match cells.collect() {
                Ok(row) => answer.push(row),
                Err(error) => fault = Some(error),
            }
        })?;
        fault.map_or(Ok(answer), Err)
    }

    fn take(&mut self, question: &Question, ids: &[u64]) -> Result<u64> {
        let mut rows = 0;
        if question.attache.is_none() {
            for id in ids {
                black_box(self.get(*id)?);
                rows += 1;
            }
            return Ok(rows);
        }
        self.each(question, ids, |_, values| {
            rows += 1;
            for value in values {
                black_box(value);
            }
        })?;
        Ok(rows)
    }

    fn insert(&mut self, rows: &[Row]) -> Result<Duration> {
        let events = rows.iter().map(event).collect::<Result<Vec<_>>>()?;
        let start = Instant::now();
        self.db.write(|tx| tx.insert_all(events))?;
        Ok(start.elapsed())
    }
}

/// The event that the import makes of a row.
fn event(row: &Row) -> Result<Event> {
    let digits = row.date.to_string();
    let (year, rest) = digits.split_at(4);
    let (month, day) = rest.split_at(2);
    Ok(Event {
        key: Some(row.id.to_string()),
        kind: row.code.kind.clone(),
        code: Some(row.code.digits.clone()),
        participants: vec![
            Participant::new(&row.actor1, Role::Source),
            Participant::new(&row.actor2, Role::Target),
        ],
        date: Some(
            format!("{year}-{month}-{day}")
                .parse()
                .map_err(|_| Error::said(format!("{digits} is no date")))?,
        ),
        places: vec![Location { name: row.country.clone(), coordinates: None }],
        summary: Some(row.text.clone()),
        goldstein: Some(row.code.goldstein),
        attributes: [("mentions".to_owned(), Value::Int(row.mentions.cast_signed()))].into(),
        ..Event::default()
    })
}

/// The columns of a whole row, from the record.
fn of_event(event: &Event) -> Result<Vec<Cell>> {
    let text = |text: Option<&String>| text.cloned().map_or(Cell::Null, Cell::Text);
    let of = |role: Role| event.participants.iter().find(|p| p.role == role).map(|p| &p.name);
    Ok(vec![
        number(event.key.as_deref().unwrap_or_default())?,
        event.date.as_ref().map_or(Ok(Cell::Null), |date| number(date.edtf()))?,
        text(of(Role::Source)),
        text(of(Role::Target)),
        text(event.code.as_ref()),
        text(event.places.first().map(|place| &place.name)),
        event.goldstein.map_or(Cell::Null, Cell::Float),
        cell("mentions", event.attributes.get("mentions").unwrap_or(&Value::Null))?,
        text(event.summary.as_ref()),
    ])
}

/// A value as all engines give it.
fn cell(column: &str, value: &Value) -> Result<Cell> {
    Ok(match value {
        Value::Null => Cell::Null,
        Value::Int(n) => Cell::Int(*n),
        Value::Float(n) => Cell::Float(*n),
        Value::Date(date) => number(date.edtf())?,
        Value::List(list) if list.len() == 1 => {
            return cell(column, list.first().unwrap_or(&Value::Null));
        }
        Value::Text(text) if column == "key" => number(text)?,
        other => Cell::Text(other.to_string()),
    })
}

/// Digits as a number; those of a date without what stands between them.
fn number(text: &str) -> Result<Cell> {
    text.replace('-', "")
        .parse()
        .map(Cell::Int)
        .map_err(|_| Error::said(format!("`{text}` is no number")))
}
