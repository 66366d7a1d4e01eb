//! GDELT mentions: which article tells which event, and with what confidence.

mod language;

use super::columns::{Columns, Holds, squashed};
use super::extra::{self, Extra, ROW_NUMBER};
use super::gdelt::key;
use super::{Layout, address, stamp};
use crate::import::draft::Draft;
use crate::import::record::{Record, Reject};
use crate::model::{Citation, Date};
use crate::parser::edtf::parse_edtf;

/// GDELT mentions of one file.
#[derive(Debug)]
pub(crate) struct Mentions {
    columns: usize,
    plans: Box<[Plan; 2]>,
    recent: Recent,
}

#[derive(Debug)]
struct Plan {
    id: Option<usize>,
    time: Option<usize>,
    publisher: Option<usize>,
    address: Option<usize>,
    sentence: Option<usize>,
    translation: Option<usize>,
    rest: Vec<Extra>,
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
        let day = stamp::day(cell).ok_or_else(wrong)?;
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

impl Mentions {
    /// A file with these columns, by its header or as they are published.
    pub(crate) fn new(columns: &Columns) -> Mentions {
        let plans = [Plan::new(columns), Plan::new(&extra::behind_row_numbers(columns))];
        Mentions { columns: columns.len(), plans: Box::new(plans), recent: Recent::default() }
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
            rest: Vec::new(),
        };
        let taken = [plan.id, plan.time, plan.publisher, plan.address, plan.sentence];
        plan.rest = (0..columns.len())
            .filter(|at| !taken.contains(&Some(*at)) && columns.name(*at) != ROW_NUMBER)
            .map(|at| Extra::new(columns, at, "gdelt", holds(columns.name(at))))
            .collect();
        plan
    }
}

impl Layout for Mentions {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let [plan, numbered] = self.plans.as_ref();
        let plan = if record.width() <= self.columns {
            plan
        } else if extra::rows_are_numbered(record, self.columns) {
            numbered
        } else {
            let (cells, columns) = (record.width(), self.columns);
            return Err(Reject::row(format!("has {cells} cells; mentions have {columns}")));
        };
        let missing = |column, what: &str| Reject::cell(column, format!("there is no {what}"));
        let id = record.cell(plan.id).ok_or_else(|| missing(plan.id, "number of an event"))?;
        let key = key(id, plan.id)?;
        let cell = record.cell(plan.address).ok_or_else(|| missing(plan.address, "document"))?;

        let mut document = address::document(cell);
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
        for column in &plan.rest {
            // An offset of -1 says that there is none.
            let cell =
                column.cell(record).filter(|cell| *cell != "-1" || column.holds != Holds::Int);
            if let Some(cell) = cell {
                let value = column.holds.value(cell);
                let value = value.map_err(|reason| Reject::cell(Some(column.at), reason))?;
                citation.claims.insert(column.name.clone(), value);
            }
        }
        Ok(Draft::Telling { key, citation, document })
    }
}

/// What the cells of a column are, by the codebook.
fn holds(name: &str) -> Holds {
    match squashed(name).as_str() {
        "eventtimedate" | "mentiontype" | "actor1charoffset" | "actor2charoffset"
        | "actioncharoffset" | "inrawtext" | "confidence" | "mentiondoclen" => Holds::Int,
        "mentiondoctone" => Holds::Float,
        "mentiondoctranslationinfo" | "extras" => Holds::Text,
        _ => Holds::Any,
    }
}

#[cfg(test)]
mod tests;
