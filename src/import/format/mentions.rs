//! GDELT mentions: which article tells which event, and with what confidence.

mod language;

use super::attribute::Attributes;
use super::columns::Columns;
use super::gdelt::key;
use super::holds::Holds;
use super::number::Numbers;
use super::row_number::Numbered;
use super::{Layout, day, document};
use crate::catalog::letters;
use crate::import::draft::Draft;
use crate::import::record::{Record, Reject};
use crate::model::{Citation, Date};
use crate::parser::edtf::parse_edtf;

/// GDELT mentions of one file.
#[derive(Debug)]
pub(crate) struct Mentions {
    plans: Numbered<Plan>,
    recent: Recent,
    numbers: Numbers,
}

#[derive(Debug)]
struct Plan {
    id: Option<usize>,
    time: Option<usize>,
    publisher: Option<usize>,
    address: Option<usize>,
    sentence: Option<usize>,
    translation: Option<usize>,
    attributes: Attributes,
}

impl Mentions {
    /// A file with these columns, by its header or as they are published.
    pub(crate) fn new(columns: &Columns) -> Mentions {
        Mentions {
            plans: Numbered::new(columns, Plan::new),
            recent: Recent::default(),
            numbers: Numbers::default(),
        }
    }
}

impl Plan {
    fn new(columns: &Columns) -> Plan {
        let mut plan = Plan {
            id: columns.find(&["GLOBALEVENTID"]),
            time: columns.find(&["MentionTimeDate"]),
            publisher: columns.find(&["MentionSourceName"]),
            address: columns.find(&["MentionIdentifier"]),
            sentence: columns.find(&["SentenceID"]),
            translation: columns.find(&["MentionDocTranslationInfo"]),
            attributes: Attributes::default(),
        };
        let taken = [plan.id, plan.time, plan.publisher, plan.address, plan.sentence];
        plan.attributes = Attributes::rest(columns, taken, "gdelt", holds);
        plan
    }
}

impl Layout for Mentions {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let plan = self.plans.plan(record)?;
        let missing = |column, what: &str| Reject::cell(column, format!("there is no {what}"));
        let id = record.cell(plan.id).ok_or_else(|| missing(plan.id, "number of an event"))?;
        let key = key(id, plan.id)?;
        let cell = record.cell(plan.address).ok_or_else(|| missing(plan.address, "document"))?;

        let mut document = document::article(cell);
        if let Some(publisher) = record.cell(plan.publisher) {
            document.publisher = Some(publisher.to_owned());
        }
        if let Some(cell) = record.cell(plan.time) {
            document.published = Some(self.recent.read(plan.time, cell)?);
        }
        document.language = record.cell(plan.translation).and_then(language::of);

        let mut citation = Citation { document: cell.to_owned(), ..Citation::default() };
        citation.locator =
            record.cell(plan.sentence).map(|sentence| ["sentence ", sentence].concat());
        for column in plan.attributes.iter() {
            // An offset of -1 says that there is none.
            let cell =
                column.cell(record).filter(|cell| *cell != "-1" || column.holds != Holds::Int);
            if let Some(cell) = cell {
                let value = column.value(cell, &mut self.numbers)?;
                citation.claims.insert(column.name.clone(), value);
            }
        }
        Ok(Draft::Telling { key, citation, document })
    }

    fn notes(&self) -> Vec<String> {
        self.numbers.note().into_iter().collect()
    }
}

/// The last time that was read: a file holds a quarter of an hour.
#[derive(Debug, Default)]
struct Recent {
    cell: String,
    date: Option<Date>,
}

impl Recent {
    fn read(&mut self, column: Option<usize>, cell: &str) -> Result<Date, Reject> {
        if let Some(date) = self.date.as_ref().filter(|_| self.cell == cell) {
            return Ok(date.clone());
        }
        let wrong = || Reject::cell(column, format!("`{cell}` is no time"));
        let day = day::day(cell).ok_or_else(wrong)?;
        let date = match (cell.get(8..10), cell.get(10..12), cell.get(12..14)) {
            (Some(hour), Some(minute), Some(second)) if cell.len() == 14 => {
                parse_edtf(&format!("{day}T{hour}:{minute}:{second}Z")).map_err(|_| wrong())?
            }
            _ => Date::day(day),
        };
        cell.clone_into(&mut self.cell);
        self.date = Some(date.clone());
        Ok(date)
    }
}

/// What the cells of a column are, by the codebook.
fn holds(name: &str) -> Holds {
    match letters(name).as_str() {
        "eventtimedate" | "mentiontype" | "actor1charoffset" | "actor2charoffset"
        | "actioncharoffset" | "inrawtext" | "confidence" | "mentiondoclen" => Holds::Int,
        "mentiondoctone" => Holds::Float,
        "mentiondoctranslationinfo" | "extras" => Holds::Text,
        _ => Holds::Any,
    }
}

#[cfg(test)]
mod tests;
