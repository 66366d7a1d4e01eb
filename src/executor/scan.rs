//! Where tuples come from: all events, the events of postings, rows that are known.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::Result;
use crate::model::Value;
use crate::planner::plan::Postings;
use crate::storage::{Ids, View};

use super::context::Watch;
use super::pipe::{deferred, stream};
use super::{Context, Stored, Tuple, Tuples};

/// Up to so many ids are looked up one by one; more are met with all there are.
const FEW: usize = 256;

/// Every event, in order of id.
pub(super) fn scan(context: &Arc<Context>) -> Tuples {
    let context = Arc::clone(context);
    deferred(move || {
        let ids = context.view.all()?;
        Ok(read(ids, &context))
    })
}

/// The events of postings, in order of id.
pub(super) fn postings_scan(postings: &Postings, context: &Arc<Context>) -> Tuples {
    let (postings, context) = (postings.clone(), Arc::clone(context));
    deferred(move || {
        let ids = ids(&postings, &context.view)?;
        Ok(read(ids, &context))
    })
}

/// The events of ids.
pub(super) fn read(ids: Ids, context: &Arc<Context>) -> Tuples {
    let context = Arc::clone(context);
    let mut watch = Watch::new(&context);
    let mut events = context.view.scan(ids);
    stream(move || {
        watch.row()?;
        let Some((id, event)) = events.next().transpose()? else { return Ok(None) };
        context.tally.count_scanned();
        let event = Some(Arc::new(Stored { id, event }));
        Ok(Some(Tuple { event, values: Vec::new() }))
    })
}

/// The same tuples with their events read whole.
pub(super) fn fetch(mut input: Tuples, context: &Arc<Context>) -> Tuples {
    let context = Arc::clone(context);
    stream(move || {
        let Some(tuple) = input.next().transpose()? else { return Ok(None) };
        let Some(id) = tuple.id() else { return Ok(Some(tuple)) };
        context.tally.count_scanned();
        let event = context.view.event(id)?.map(|event| Arc::new(Stored { id, event }));
        Ok(Some(Tuple { event, ..tuple }))
    })
}

/// The ids that postings leave.
pub(super) fn ids(postings: &Postings, view: &View) -> Result<Ids> {
    match postings {
        Postings::AnyOf { field, values, .. } => {
            let mut found = Ids::default();
            for value in values {
                found = found.or(&view.postings(*field, value)?);
            }
            Ok(found)
        }
        Postings::And(parts) => {
            let mut sets = parts.iter().map(|part| ids(part, view)).collect::<Result<Vec<_>>>()?;
            // Smallest first: what is met with little stays little.
            sets.sort_by_key(Ids::len);
            let mut sets = sets.into_iter();
            let Some(mut found) = sets.next() else { return view.all() };
            for set in sets {
                if found.is_empty() {
                    break;
                }
                found = found.and(&set);
            }
            Ok(found)
        }
        Postings::Or(parts) => {
            let mut found = Ids::default();
            for part in parts {
                found = found.or(&ids(part, view)?);
            }
            Ok(found)
        }
        Postings::Ids(wanted) => {
            let wanted: BTreeSet<_> = wanted.iter().copied().collect();
            if wanted.len() > FEW {
                return Ok(wanted.into_iter().map(|id| id.0).collect::<Ids>().and(&view.all()?));
            }
            let mut found = Vec::new();
            for id in wanted {
                if view.event(id)?.is_some() {
                    found.push(id.0);
                }
            }
            Ok(found.into_iter().collect())
        }
        Postings::Key(key) => Ok(view.event_by_key(key)?.map(|id| id.0).into_iter().collect()),
    }
}

/// Rows that are known before the query runs.
pub(super) fn rows(rows: &Arc<Vec<Vec<Value>>>, context: &Arc<Context>) -> Tuples {
    let rows = Arc::clone(rows);
    let mut watch = Watch::new(context);
    let mut at = 0;
    stream(move || {
        watch.row()?;
        let row = rows.get(at).cloned();
        at += 1;
        Ok(row.map(Tuple::of))
    })
}
