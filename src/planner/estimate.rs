//! How many rows a leaf will give, by the cardinalities of postings, before anything is read.

use std::fmt;

use crate::error::Result;
use crate::storage::View;

use super::plan::{Node, Postings};

/// How many events a leaf will give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Estimate {
    /// So many.
    Exactly(u64),
    /// So many, or fewer.
    AtMost(u64),
}

impl Estimate {
    /// The most that it can be.
    pub(crate) fn most(self) -> u64 {
        match self {
            Estimate::Exactly(n) | Estimate::AtMost(n) => n,
        }
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Estimate::Exactly(_) => "",
            Estimate::AtMost(_) => "at most ",
        })?;
        f.write_str(&super::explain::count(self.most(), "event"))
    }
}

/// How many events a leaf will give; none for other nodes.
pub(crate) fn estimate(node: &Node, view: &View) -> Result<Option<Estimate>> {
    Ok(match node {
        Node::Scan => Some(Estimate::Exactly(view.event_count()?)),
        Node::PostingsScan { postings } | Node::ColumnScan { postings: Some(postings), .. } => {
            Some(of_postings(postings, view)?)
        }
        Node::ColumnScan { postings: None, .. } => Some(Estimate::AtMost(view.event_count()?)),
        _ => None,
    })
}

fn of_postings(postings: &Postings, view: &View) -> Result<Estimate> {
    let all = view.event_count()?;
    Ok(match postings {
        Postings::AnyOf { field, values, .. } => match values.as_slice() {
            [value] => Estimate::Exactly(view.posting_len(*field, value)?),
            // An event may have several of the values.
            values => {
                let each = values.iter().map(|value| view.posting_len(*field, value));
                at_most(each.sum::<Result<u64>>()?, all)
            }
        },
        Postings::And(parts) => {
            let each = parts.iter().map(|part| of_postings(part, view).map(Estimate::most));
            at_most(each.collect::<Result<Vec<_>>>()?.into_iter().min().unwrap_or(all), all)
        }
        Postings::Or(parts) => {
            let each = parts.iter().map(|part| of_postings(part, view).map(Estimate::most));
            at_most(each.sum::<Result<u64>>()?, all)
        }
        Postings::Ids(ids) => at_most(ids.len() as u64, all),
        Postings::Key(_) => at_most(1, all),
    })
}

/// None at all is certain.
fn at_most(n: u64, all: u64) -> Estimate {
    match n.min(all) {
        0 => Estimate::Exactly(0),
        n => Estimate::AtMost(n),
    }
}
