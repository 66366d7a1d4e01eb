//! ICEWS events: 20 columns as published, the six that matter, and the ten of a reduced form.
//!
//! Files of 2017 write American dates and have no CAMEO codes; an event's text stands for its code as well. A number is
//! unique together with its day alone.

mod plan;
mod visits;

use super::Layout;
use super::columns::Columns;
use super::day::Recent;
use super::oddities::Oddities;
use super::row_number::Numbered;
use crate::import::draft::Draft;
use crate::import::fingerprint::Heard;
use crate::import::record::{Record, Reject};
use crate::import::report::{count, grouped};
use plan::Plan;
use visits::Visits;

/// ICEWS events of one file.
#[derive(Debug)]
pub(crate) struct Icews {
    plans: Numbered<Plan>,
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
    oddities: Oddities,
    /// Scores that are not those of GDELT.
    other_scores: u64,
    visits: Visits,
    /// The hints that need not be told again.
    heard: Heard,
}

impl Icews {
    /// A file with these columns, by its header or as they are published.
    pub(crate) fn new(columns: &Columns) -> Icews {
        Icews {
            plans: Numbered::new(columns, Plan::new),
            recent: Recent::default(),
            tally: Tally::default(),
        }
    }
}

impl Layout for Icews {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        self.plans.plan(record)?.read(record, &mut self.recent, &mut self.tally)
    }

    fn heard(&mut self, hints: &[u64]) {
        self.tally.heard.add(hints);
    }

    fn notes(&self) -> Vec<String> {
        let Tally { american, american_as, uncoded, oddities, other_scores, visits, heard: _ } =
            &self.tally;
        let mut notes = Vec::new();
        if *american > 0 {
            let dates = count(*american, "date is", "dates are");
            notes.push(format!(
                "{dates} written as `{american_as}`, which is read as month, day and year"
            ));
        }
        if *uncoded > 0 {
            let rows = count(*uncoded, "row has", "rows have");
            notes.push(format!(
                "{rows} no CAMEO code: it is the one that ICEWS gives to the event text"
            ));
        }
        notes.extend(oddities.notes());
        let (rows, mirrored) = visits.counts();
        if rows > 0 {
            let least = if visits.all_seen() { "" } else { "at least " };
            notes.push(format!(
                "042 and 043 mirror each other: of {}, {least}{} have their mirror on the same day; `unique date, visitor, host` counts each visit once",
                count(rows, "row", "rows"),
                grouped(mirrored)
            ));
        }
        if *other_scores > 0 {
            notes.push(format!(
                "Intensity differs from GDELT's Goldstein for 016, 022, 164, 165: {} of these",
                count(*other_scores, "row", "rows")
            ));
        }
        notes
    }
}

#[cfg(test)]
mod tests;
