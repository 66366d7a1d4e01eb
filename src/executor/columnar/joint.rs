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
    ties: Option<Ties>,
}

/// What tells whether the date of a row counts, where it is asked for nothing but the states of the participants: for
/// those who have always had the same it does not, and a pair of them is one combination whatever the day.
struct Ties {
    /// Which of the columns is the date.
    date: usize,
    /// Which are participants.
    participants: Vec<usize>,
    /// [`STEADY`] or [`CHANGING`].
    of_cell: ByCell<u8>,
}

/// Nobody has asked yet.
const UNASKED: u8 = 0;
/// The states of the participant are the same at every date.
const STEADY: u8 = 1;
/// They are not.
const CHANGING: u8 = 2;

/// Stands for the date where it does not count.
const ANY_DATE: u32 = u32::MAX - 1;

/// The combinations of a segment.
pub(super) struct Combinations<'s, T> {
    joint: &'s mut Joint<T>,
    /// For each column the codes of the rows, and the number of each code.
    columns: Vec<(Codes<'s>, Vec<u32>)>,
    ties: Option<BoundTies<'s>>,
}

/// The ties of the participants of a segment.
struct BoundTies<'s> {
    /// Which of the columns is the date.
    date: usize,
    /// For each participant the codes of the rows, and for each code [`STEADY`] or [`CHANGING`].
    participants: Vec<(Codes<'s>, Vec<u8>)>,
}

impl<T: Copy> Joint<T> {
    /// Of these columns; none when they are too many.
    pub(super) fn new(columns: Vec<usize>) -> Option<Joint<T>> {
        let numbers = columns.iter().map(|_| (ByCell::new(UNSET), Vec::new())).collect();
        let known = FxHashMap::default();
        (columns.len() <= MOST).then_some(Joint { columns, numbers, known, ties: None })
    }

    /// The same for an expression that asks the date for nothing but the states of the participants.
    pub(super) fn of_states(mut self, names: &[ColumnId]) -> Joint<T> {
        let is = |number: &usize, of: fn(&ColumnId) -> bool| names.get(*number).is_some_and(of);
        let is_date = |number: &usize| is(number, |name| *name == ColumnId::Date);
        let is_one = |(at, number): (usize, &usize)| {
            is(number, |name| matches!(name, ColumnId::Participant(_))).then_some(at)
        };
        let participants = self.columns.iter().enumerate().filter_map(is_one).collect();
        let date = self.columns.iter().position(is_date);
        self.ties = date.map(|date| Ties { date, participants, of_cell: ByCell::new(UNASKED) });
        self
    }

    /// The combinations of rows of a segment.
    pub(super) fn of<'s>(
        &'s mut self,
        segment: &'s Columns<'_>,
        rows: &Rows,
        context: &Context,
    ) -> Result<Combinations<'s, T>> {
        let ties = self.ties.as_mut().map(|ties| ties.of(&self.columns, segment, rows, context));
        let ties = ties.transpose()?;
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
        Ok(Combinations { joint: self, columns, ties })
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

impl Ties {
    /// For each participant of a segment whether the date counts.
    fn of<'s>(
        &mut self,
        numbers: &[usize],
        segment: &'s Columns<'_>,
        rows: &Rows,
        context: &Context,
    ) -> Result<BoundTies<'s>> {
        let mut all = Vec::with_capacity(self.participants.len());
        for number in self.participants.iter().filter_map(|at| numbers.get(*at)) {
            let column = segment.get(*number)?;
            let of_cell = &mut self.of_cell;
            let table = table(column, rows, UNASKED, |cell| {
                of_cell.get(cell, || {
                    let Cell::Text(text) = cell else { return Ok(STEADY) };
                    for name in context.view.participant(text)?.written() {
                        if !context.catalog.is_steady(name)? {
                            return Ok(CHANGING);
                        }
                    }
                    Ok(STEADY)
                })
            })?;
            all.push((column.codes(), table));
        }
        Ok(BoundTies { date: self.date, participants: all })
    }
}

impl<T: Copy> Combinations<'_, T> {
    /// Which column's cell does not count for a row, if one does not.
    fn left_out(&self, row: u16) -> Option<usize> {
        let ties = self.ties.as_ref()?;
        let steady = |(codes, table): &(Codes<'_>, Vec<u8>)| {
            let code = codes.get(usize::from(row));
            table.get(usize::from(code)) == Some(&STEADY)
        };
        ties.participants.iter().all(steady).then_some(ties.date)
    }

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
        if let Some(place) = self.left_out(row).and_then(|at| combination.get_mut(at)) {
            *place = ANY_DATE;
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
