//! ICEWS events: 20 columns as published, the six that matter, and the ten of a reduced form.
//!
//! Files of 2017 write American dates and have no CAMEO codes; an event's text stands for its code as well. A number is
//! unique together with its day alone.

mod plan;
mod visits;

use super::Layout;
use super::columns::Columns;
use super::extra;
use super::stamp::Recent;
use crate::import::draft::Draft;
use crate::import::record::{Record, Reject};
use plan::Plan;
use visits::Visits;

/// ICEWS events of one file.
#[derive(Debug)]
pub(crate) struct Icews {
    columns: usize,
    /// The second is for rows behind row numbers.
    plans: Box<[Plan; 2]>,
    recent: Recent,
    tally: Tally,
}

/// What was met in a file.
#[derive(Debug, Default)]
struct Tally {
    /// American dates, with one of them.
    american: u64,
    american_as: String,
    /// Codes told by the event's text alone.
    uncoded: u64,
    /// Codes that got their zero back.
    mended: u64,
    /// Scores that are not those of GDELT.
    other_scores: u64,
    visits: Visits,
}

impl Icews {
    /// A file with these columns, by its header or as they are published.
    pub(crate) fn new(columns: &Columns) -> Icews {
        let plans = [Plan::new(columns), Plan::new(&extra::behind_row_numbers(columns))];
        Icews {
            columns: columns.len(),
            plans: Box::new(plans),
            recent: Recent::default(),
            tally: Tally::default(),
        }
    }
}

impl Layout for Icews {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let [plan, numbered] = self.plans.as_ref();
        let plan = if record.width() <= self.columns {
            plan
        } else if extra::rows_are_numbered(record, self.columns) {
            numbered
        } else {
            let (cells, columns) = (record.width(), self.columns);
            return Err(Reject::row(format!("has {cells} cells; the file has {columns} columns")));
        };
        plan.read(record, &mut self.recent, &mut self.tally)
    }

    fn notes(&self) -> Vec<String> {
        let Tally { american, american_as, uncoded, mended, other_scores, visits } = &self.tally;
        let mut notes = Vec::new();
        if *american > 0 {
            let dates = extra::count(*american, "date is", "dates are");
            notes.push(format!(
                "{dates} written as `{american_as}`, which is read as month, day and year"
            ));
        }
        if *uncoded > 0 {
            let rows = extra::count(*uncoded, "row has", "rows have");
            notes.push(format!(
                "{rows} no CAMEO code: it is the one that ICEWS gives to the event text"
            ));
        }
        notes.extend(extra::mended_note(*mended));
        let (rows, mirrored) = visits.counts();
        if rows > 0 {
            notes.push(format!(
                "042 and 043 mirror each other: of {}, {mirrored} have their mirror on the same day; `unique date, visitor, host` counts each visit once",
                extra::count(rows, "row", "rows")
            ));
        }
        if *other_scores > 0 {
            notes.push(format!(
                "Intensity differs from GDELT's Goldstein for 016, 022, 164, 165: {} of these",
                extra::count(*other_scores, "row", "rows")
            ));
        }
        notes
    }
}

#[cfg(test)]
mod tests;
