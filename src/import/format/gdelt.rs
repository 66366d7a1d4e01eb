//! GDELT events: raw files of 61, 58 and 57 columns, the reduced files, and what other programs saved of them.
//!
//! GDELT counts an event's day back from the day on which an article was read: *last month* becomes just 30 days, *last
//! year* 365, *ten years ago* 3650. These are guesses, and so become the month or the year, about.

mod place;
mod plan;

use super::columns::Columns;
use super::day::Recent;
use super::oddities::Oddities;
use super::row_number::Numbered;
use super::{Format, Layout, names};
use crate::import::draft::Draft;
use crate::import::fingerprint::Heard;
use crate::import::record::{Record, Reject};
use crate::import::report::{count, grouped};
use plan::Plan;
pub(super) use plan::key;

/// GDELT events of one file.
#[derive(Debug)]
pub(crate) struct Gdelt {
    width: Width,
    recent: Recent,
    tally: Tally,
}

/// By what the columns of a row are known.
#[derive(Debug)]
enum Width {
    /// By its width alone: files without a header mix them.
    Published(Vec<(usize, Plan)>),
    /// By the header.
    Header(Numbered<Plan>),
}

/// What was met in a file.
#[derive(Debug, Default)]
struct Tally {
    /// Days that became months.
    months: u64,
    /// Days that became years.
    years: u64,
    oddities: Oddities,
    /// Times of addition that cannot be read, with one of them.
    unread: u64,
    unread_as: String,
    /// Columns without a name in the header, for which all were named by their place.
    nameless: usize,
    /// The hints that need not be told again.
    heard: Heard,
}

impl Gdelt {
    /// A file with these columns, or one without a header, where each row's width tells its columns.
    pub(crate) fn new(header: Option<&Columns>) -> Gdelt {
        let mut tally = Tally::default();
        let width = match header {
            None => Width::Published(
                published().map(|names| (names.len(), Plan::new(&Columns::new(names)))).collect(),
            ),
            Some(header) => {
                let by_place = by_place(header);
                if by_place.is_some() {
                    tally.nameless = nameless(header);
                }
                let columns = by_place.as_ref().unwrap_or(header);
                Width::Header(Numbered::new(columns, Plan::new))
            }
        };
        Gdelt { width, recent: Recent::default(), tally }
    }
}

impl Layout for Gdelt {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let plan = match &self.width {
            Width::Published(plans) => {
                let cells = record.width();
                let plan = plans.iter().find(|(width, _)| *width == cells);
                plan.map(|(_, plan)| plan).ok_or_else(|| {
                    Reject::row(format!("has {cells} cells; GDELT has 61, 58 or 57"))
                })?
            }
            Width::Header(plans) => plans.plan(record)?,
        };
        plan.read(record, &mut self.recent, &mut self.tally)
    }

    fn heard(&mut self, hints: &[u64]) {
        self.tally.heard.add(hints);
    }

    fn notes(&self) -> Vec<String> {
        let Tally { months, years, oddities, unread, unread_as, nameless, heard: _ } = &self.tally;
        let mut notes = Vec::new();
        if *nameless > 0 {
            notes.push(
                "the header leaves columns without a name: all are read by their place".to_owned(),
            );
        }
        if months + years > 0 {
            let dates = count(months + years, "date is a guess", "dates are guesses");
            let became = [(months, "month"), (years, "year")];
            let became = became.iter().filter(|(dates, _)| **dates > 0);
            let became: Vec<String> = became
                .map(|(dates, unit)| format!("{} about the {unit}", grouped(**dates)))
                .collect();
            notes.push(format!(
                "{dates}, just 30, 365 or 3650 days before GDELT read of the event: {}; the day is kept as the attribute gdelt_SQLDATE",
                became.join(", ")
            ));
        }
        notes.extend(oddities.notes());
        if *unread > 0 {
            let rows = count(*unread, "row", "rows");
            notes.push(format!(
                "DATEADDED is no time in {rows}, as `{unread_as}`, which a spreadsheet rounds it to: which dates are guesses cannot be told there"
            ));
        }
        notes
    }
}

/// The columns of the files that GDELT publishes.
fn published() -> impl Iterator<Item = &'static [&'static str]> {
    [Format::Gdelt2, Format::Gdelt1].into_iter().flat_map(names::all).copied()
}

fn nameless(header: &Columns) -> usize {
    (0..header.len()).filter(|at| header.name(*at).is_empty()).count()
}

/// The published names for a header that leaves some out and has nearly all others in their places: a name beside a gap
/// may have moved.
fn by_place(header: &Columns) -> Option<Columns> {
    let names = published().find(|names| names.len() == header.len())?;
    let same = names.iter().enumerate().filter(|(at, name)| header.name(*at) == **name).count();
    let trusted = nameless(header) > 0 && same * 10 >= names.len() * 9;
    trusted.then(|| Columns::new(names))
}

#[cfg(test)]
mod tests;
