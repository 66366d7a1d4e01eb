//! Expressions over several columns: worked out once for each combination of cells that some row has.

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::storage::segment::{Cell, Codes, ColumnId};

use super::super::{Context, Tuple};
use super::probe::{ByCell, probe};
use super::segment::{Columns, Rows, table};

/// The most columns of a combination: four participants, kind, code, date, and one more.
const MOST: usize = 8;

/// The numbers of the cells of a combination.
type Combination = [u32; MOST];

/// No number of a cell.
const UNSET: u32 = u32::MAX;

/// What is known of combinations of cells, whatever segment they are in.
pub(super) struct Joint<T> {
    columns: Vec<usize>,
    /// For each column the number of each cell, and the cells by number.
    numbers: Vec<(ByCell<u32>, Vec<Cell>)>,
    known: FxHashMap<Combination, T>,
}

/// The combinations of a segment.
pub(super) struct Combinations<'s, T> {
    joint: &'s mut Joint<T>,
    /// For each column the codes of the rows, and the number of each code.
    columns: Vec<(Codes<'s>, Vec<u32>)>,
}

impl<T: Copy> Joint<T> {
    /// Of these columns; none when they are too many.
    pub(super) fn new(columns: Vec<usize>) -> Option<Joint<T>> {
        let numbers = columns.iter().map(|_| (ByCell::new(UNSET), Vec::new())).collect();
        (columns.len() <= MOST).then(|| Joint { columns, numbers, known: FxHashMap::default() })
    }

    /// The combinations of rows of a segment.
    pub(super) fn of<'s>(
        &'s mut self,
        segment: &'s Columns<'_>,
        rows: &Rows,
    ) -> Result<Combinations<'s, T>> {
        let mut columns = Vec::with_capacity(self.columns.len());
        for (number, (numbers, cells)) in self.columns.iter().zip(&mut self.numbers) {
            let column = segment.get(*number)?;
            let table = table(column, rows, UNSET, |cell| {
                numbers.get(cell, || {
                    cells.push(cell);
                    Ok(u32::try_from(cells.len() - 1).unwrap_or(UNSET))
                })
            })?;
            columns.push((column.codes(), table));
        }
        Ok(Combinations { joint: self, columns })
    }

    /// How many bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.known.capacity() * (size_of::<Combination>() + size_of::<T>() + 1)
            + self
                .numbers
                .iter()
                .map(|(numbers, cells)| numbers.bytes() + cells.len() * 16)
                .sum::<usize>()
    }
}

impl<T: Copy> Combinations<'_, T> {
    /// What is known of the combination of a row, found out where nothing is.
    pub(super) fn get(
        &mut self,
        row: u16,
        names: &[ColumnId],
        context: &Context,
        find: impl FnOnce(&Tuple) -> Result<T>,
    ) -> Result<T> {
        let mut combination = [0; MOST];
        for (place, (codes, table)) in combination.iter_mut().zip(&self.columns) {
            let code = codes.get(usize::from(row));
            *place = table.get(usize::from(code)).copied().unwrap_or(UNSET);
        }
        if let Some(known) = self.joint.known.get(&combination) {
            return Ok(*known);
        }
        let mut cells = Vec::with_capacity(self.columns.len());
        for ((column, (_, known)), number) in
            self.joint.columns.iter().zip(&self.joint.numbers).zip(combination)
        {
            let cell = known.get(number as usize).copied().unwrap_or(Cell::Missing);
            cells.extend(names.get(*column).map(|name| (name, cell)));
        }
        let found = find(&probe(&cells, context)?)?;
        self.joint.known.insert(combination, found);
        Ok(found)
    }
}
