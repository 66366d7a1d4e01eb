//! Events by number on columns: what a few columns tell of one event, without its record.
//!
//! A record is one page and tells everything; a column is many pages and tells of all events of a segment. So columns are
//! read of those segments alone of which many events are asked for.

use std::sync::Arc;

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::EventId;
use crate::storage::segment::{Column, ColumnId, Odd, Segment};

use super::super::{Context, Stored, Tuple};
use super::probe::probe;

/// So many events of a segment are asked of their records first, for each column.
const FEW: usize = 16;

/// So many columns are kept.
const MOST: usize = 256;

/// The columns that are kept, by the first event of their segment.
#[derive(Default)]
pub(in super::super) struct Lookup {
    segments: FxHashMap<u64, Known>,
    columns: usize,
}

/// What is known of a segment.
#[derive(Default)]
struct Known {
    asked: usize,
    columns: Vec<(ColumnId, Column)>,
    gone: Option<RoaringBitmap>,
}

impl Lookup {
    /// An event of which these columns tell; none where its record must.
    pub(in super::super) fn event(
        &mut self,
        id: EventId,
        wanted: &[ColumnId],
        context: &Context,
    ) -> Result<Option<Arc<Stored>>> {
        let segments = context.view.segments();
        let behind = segments.partition_point(|segment| segment.first() <= id.0);
        let Some(segment) = behind.checked_sub(1).and_then(|at| segments.get(at)) else {
            return Ok(None);
        };
        let Some(row) = segment.row_of(id.0) else { return Ok(None) };
        let known = self.segments.entry(segment.first()).or_default();
        known.asked += 1;
        if known.asked <= FEW * wanted.len() {
            return Ok(None);
        }
        let before = known.columns.len();
        known.read(segment, wanted, context)?;
        self.columns += known.columns.len() - before;
        let found = known.event(id, row, wanted, context)?;
        if self.columns > MOST {
            *self = Lookup::default();
        }
        Ok(found)
    }
}

impl Known {
    /// Reads the columns that are not there yet.
    fn read(&mut self, segment: &Segment, wanted: &[ColumnId], context: &Context) -> Result<()> {
        if self.columns.is_empty() {
            self.gone = context.view.gone(segment);
        }
        for name in wanted {
            if !self.columns.iter().any(|(other, _)| other == name) {
                let column = context.view.column(segment, name)?;
                self.columns.push((name.clone(), column));
            }
        }
        Ok(())
    }

    /// The event of a row, unless it is gone or odd in one of the columns.
    fn event(
        &self,
        id: EventId,
        row: u32,
        wanted: &[ColumnId],
        context: &Context,
    ) -> Result<Option<Arc<Stored>>> {
        if self.gone.as_ref().is_some_and(|gone| gone.contains(row)) {
            return Ok(None);
        }
        let mut cells = Vec::with_capacity(wanted.len());
        for (name, column) in self.columns.iter().filter(|(name, _)| wanted.contains(name)) {
            let is_odd = match column.odd() {
                Odd::None => false,
                Odd::All => true,
                Odd::Rows(odd) => odd.contains(row),
            };
            if is_odd {
                return Ok(None);
            }
            cells.push((name, column.cell(column.codes().get(row as usize))));
        }
        let Tuple { event, .. } = probe(&cells, context)?;
        Ok(event.map(|stored| Arc::new(Stored { id, event: Arc::unwrap_or_clone(stored).event })))
    }
}
