//! A segment as a query reads it: the columns that it needs, each read when it is first asked for.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::error::Result;
use crate::storage::segment::{Cell, Codes, Column, ColumnId, Odd, Segment};

use super::super::Context;

/// The columns of a query, in the order of their numbers.
pub(super) type Names = Arc<[ColumnId]>;

/// A segment with the columns of a query.
pub(super) struct Columns<'q> {
    /// What is known of it without reading.
    pub(super) segment: &'q Segment,
    names: &'q [ColumnId],
    read: Vec<OnceCell<Column>>,
    context: &'q Context,
}

impl<'q> Columns<'q> {
    pub(super) fn new(segment: &'q Segment, names: &'q [ColumnId], context: &'q Context) -> Self {
        Columns { segment, names, read: names.iter().map(|_| OnceCell::new()).collect(), context }
    }

    /// A column by its number.
    pub(super) fn get(&self, number: usize) -> Result<&Column> {
        let missing = || crate::error::Error::Storage("a column was not asked for".to_owned());
        let (Some(place), Some(name)) = (self.read.get(number), self.names.get(number)) else {
            return Err(missing());
        };
        if let Some(column) = place.get() {
            return Ok(column);
        }
        let column = self.context.view.column(self.segment, name)?;
        Ok(place.get_or_init(|| column))
    }

    /// The rows that are odd in one of these columns.
    pub(super) fn odd(&self, columns: impl IntoIterator<Item = usize>) -> Result<Odd> {
        let mut rows: Option<RoaringBitmap> = None;
        for column in columns {
            match (self.get(column)?.odd(), &mut rows) {
                (Odd::None, _) => {}
                (Odd::All, _) => return Ok(Odd::All),
                (Odd::Rows(odd), None) => rows = Some(odd.clone()),
                (Odd::Rows(odd), Some(rows)) => *rows |= odd,
            }
        }
        Ok(rows.map_or(Odd::None, Odd::Rows))
    }
}

/// Rows of a segment.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rows {
    /// All of so many.
    All(u32),
    /// These, ascending.
    Some(Vec<u16>),
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        match self {
            Rows::All(count) => *count as usize,
            Rows::Some(rows) => rows.len(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows in pieces of so many. With each, which part of the codes of all rows is meant.
    pub(super) fn pieces(&self, size: usize) -> impl Iterator<Item = (Range<usize>, Rows)> + '_ {
        let all = self.len();
        (0..all.div_ceil(size)).map(move |piece| {
            let part = piece * size..((piece + 1) * size).min(all);
            match self {
                Rows::All(_) => {
                    let rows = u32::try_from(part.len()).unwrap_or(u32::MAX);
                    (part, Rows::All(rows))
                }
                // The numbers of the rows are those of the codes.
                Rows::Some(rows) => {
                    let rows = rows.get(part).unwrap_or_default();
                    (0..usize::MAX, Rows::Some(rows.to_vec()))
                }
            }
        })
    }

    /// Visits each row, in order.
    pub(super) fn each(&self, mut visit: impl FnMut(u16)) {
        match self {
            Rows::All(count) => {
                for row in (0..*count).filter_map(|row| u16::try_from(row).ok()) {
                    visit(row);
                }
            }
            Rows::Some(rows) => rows.iter().for_each(|row| visit(*row)),
        }
    }

    /// Takes the rows out for which it does not hold, into `others`.
    pub(super) fn retain(&mut self, others: &mut Vec<u16>, mut holds: impl FnMut(u16) -> bool) {
        let mut kept = Vec::with_capacity(self.len());
        self.each(|row| if holds(row) { kept.push(row) } else { others.push(row) });
        if kept.len() < self.len() {
            *self = Rows::Some(kept);
        }
    }

    /// Takes the odd rows out.
    pub(super) fn without_odd(&mut self, odd: &Odd) -> Vec<u16> {
        let mut taken = Vec::new();
        match odd {
            Odd::None => {}
            Odd::All => {
                self.each(|row| taken.push(row));
                *self = Rows::Some(Vec::new());
            }
            Odd::Rows(odd) => self.retain(&mut taken, |row| !odd.contains(u32::from(row))),
        }
        taken
    }
}

/// Visits the code of each row, in order of rows.
pub(super) fn each_code(codes: Codes<'_>, rows: &Rows, mut visit: impl FnMut(u16)) {
    match (codes, rows) {
        (Codes::Narrow(codes), Rows::All(_)) => {
            for code in codes {
                visit(u16::from(*code));
            }
        }
        (Codes::Wide(codes), Rows::All(_)) => {
            for code in codes {
                visit(u16::from_le_bytes(*code));
            }
        }
        (Codes::One, rows) => (0..rows.len()).for_each(|_| visit(0)),
        (codes, Rows::Some(rows)) => rows.iter().for_each(|row| visit(codes.get((*row).into()))),
    }
}

/// What is known of the cells of a column, by code: of all, or where there are fewer rows than cells of those of the rows.
pub(super) fn table<T: Copy + PartialEq>(
    column: &Column,
    rows: &Rows,
    unset: T,
    mut of: impl FnMut(Cell) -> Result<T>,
) -> Result<Vec<T>> {
    let cells = column.len();
    let code = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    if rows.len() >= cells {
        return (0..cells).map(|at| of(column.cell(code(at)))).collect();
    }
    let mut table = vec![unset; cells];
    let mut failed = None;
    each_code(column.codes(), rows, |code| {
        if let Some(place) = table.get_mut(usize::from(code))
            && *place == unset
        {
            match of(column.cell(code)) {
                Ok(found) => *place = found,
                Err(error) => failed = Some(error),
            }
        }
    });
    failed.map_or(Ok(table), Err)
}
