//! Conditions on columns: what reads one column is a table of verdicts by code, what reads several is a combination of
//! such, or of cells.

use std::sync::Arc;

use crate::catalog::Field;
use crate::error::Result;
use crate::model::{Days, Period, Truth};
use crate::planner::columnar;
use crate::planner::expression::Expr;
use crate::storage::segment::{Cell, Codes, Column, ColumnId};

use super::super::{Context, Tuple, truth};
use super::joint::{Combinations, Joint};
use super::probe::{ByCell, probe};
use super::segment::{Columns, Rows, table};

/// What a condition says of a cell: a truth, or that the record must be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// So it is.
    Is(Truth),
    /// An error, which is one only if a row comes so far: the record will tell.
    AskRecord,
    /// Nobody has asked yet.
    Unset,
}

impl Verdict {
    pub(super) const TRUE: Verdict = Verdict::Is(Truth::TRUE);
    pub(super) const FALSE: Verdict = Verdict::Is(Truth::FALSE);

    /// Of an expression for a probe.
    fn of(expr: &Expr, tuple: &Tuple, context: &Arc<Context>) -> Verdict {
        truth(expr, tuple, context).map_or(Verdict::AskRecord, Verdict::Is)
    }

    /// May a row of it still fulfil the condition?
    pub(super) fn is_open(self) -> bool {
        match self {
            Verdict::Is(truth) => truth.is_possible(),
            Verdict::AskRecord | Verdict::Unset => true,
        }
    }

    fn with(self, other: Verdict, join: impl Fn(Truth, Truth) -> Truth) -> Verdict {
        match (self, other) {
            (Verdict::Is(a), Verdict::Is(b)) => Verdict::Is(join(a, b)),
            _ => Verdict::AskRecord,
        }
    }

    fn map(self, of: impl Fn(Truth) -> Truth) -> Verdict {
        match self {
            Verdict::Is(truth) => Verdict::Is(of(truth)),
            other => other,
        }
    }
}

/// A condition, with what is known of it from the segments so far.
pub(super) struct Condition {
    expr: Expr,
    form: Form,
    /// What the only column says where every row has something there.
    own: Option<(usize, ByCell<Verdict>)>,
    /// The columns that it reads, by number.
    pub(super) columns: Vec<usize>,
}

enum Form {
    /// One column, or none at all.
    Cell(ByCell<Verdict>),
    /// Any of the participants, each alone.
    AnyCell(ByCell<Verdict>),
    Joint(Joint<Verdict>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
}

impl Condition {
    /// Of an expression that reads only these columns; none when it does not.
    pub(super) fn new(expr: &Expr, names: &[ColumnId]) -> Option<Condition> {
        let read = columnar::columns(expr)?;
        let number = |column: &ColumnId| names.iter().position(|name| name == column);
        let columns = read.iter().map(number).collect::<Option<Vec<usize>>>()?;
        let parts = |parts: &[Expr]| -> Option<Vec<Condition>> {
            parts.iter().map(|part| Condition::new(part, names)).collect()
        };
        let form = match expr {
            _ if columns.len() < 2 => Form::Cell(ByCell::new(Verdict::Unset)),
            _ if columnar::holds_for_any(expr) => Form::AnyCell(ByCell::new(Verdict::Unset)),
            Expr::And(all) => Form::And(parts(all)?),
            Expr::Or(any) => Form::Or(parts(any)?),
            Expr::Not(of) => Form::Not(Box::new(Condition::new(of, names)?)),
            _ => Form::Joint(Joint::new(columns.clone())?),
        };
        let own = columnar::own_column(expr).and_then(|own| number(&own));
        let own = own.map(|number| (number, ByCell::new(Verdict::Unset)));
        Some(Condition { expr: expr.clone(), form, own, columns })
    }

    /// The days of a segment within which it may hold; none when it says nothing of them.
    pub(super) fn hull(&self) -> Option<Days> {
        let (field, days) = columnar::hull(&self.expr)?;
        Some(widened(field, days))
    }

    /// The condition for rows of a segment.
    pub(super) fn of<'s>(
        &'s mut self,
        segment: &'s Columns<'_>,
        names: &'s [ColumnId],
        rows: &Rows,
        context: &'s Arc<Context>,
    ) -> Result<Bound<'s>> {
        let expr = &self.expr;
        let verdict = |known: &mut ByCell<Verdict>, name: &ColumnId, cell: Cell| {
            known.get(cell, || Ok(Verdict::of(expr, &probe(&[(name, cell)], context)?, context)))
        };
        let name_of = |number: &usize| names.get(*number);
        if let Some((number, known)) = &mut self.own
            && let (column, Some(name)) = (segment.get(*number)?, name_of(number))
            && column.cell(0) != Cell::Missing
        {
            let verdicts = table(column, rows, Verdict::Unset, |cell| verdict(known, name, cell))?;
            return Ok(Bound::of_table(column, verdicts));
        }
        Ok(match &mut self.form {
            Form::Cell(known) => match self.columns.first().and_then(|n| Some((*n, name_of(n)?))) {
                None => Bound::Fixed(Verdict::of(expr, &probe(&[], context)?, context)),
                Some((number, name)) => {
                    let column = segment.get(number)?;
                    let mut of = |cell| verdict(known, name, cell);
                    let hull = columnar::hull(expr).filter(|_| *name == ColumnId::Date);
                    let verdicts = match hull {
                        Some(hull) if rows.len() >= column.len() => days(column, hull, &mut of)?,
                        _ => table(column, rows, Verdict::Unset, of)?,
                    };
                    Bound::of_table(column, verdicts)
                }
            },
            Form::AnyCell(known) => {
                let mut all = Vec::with_capacity(self.columns.len());
                for number in &self.columns {
                    let Some(name) = name_of(number) else { continue };
                    let column = segment.get(*number)?;
                    let of = |cell| verdict(known, name, cell);
                    let verdicts = table(column, rows, Verdict::Unset, of)?;
                    // Of the columns that nobody is in, nothing can come.
                    if verdicts.iter().any(|v| !matches!(*v, Verdict::FALSE | Verdict::Unset)) {
                        all.push((column.codes(), verdicts));
                    }
                }
                if all.is_empty() { Bound::Fixed(Verdict::FALSE) } else { Bound::AnyTable(all) }
            }
            Form::Joint(joint) => {
                let combinations = joint.of(segment, rows, context)?;
                Bound::Joint { combinations, names, expr, context }
            }
            Form::And(parts) => Bound::And(bind_all(parts, segment, names, rows, context)?),
            Form::Or(parts) => Bound::Or(bind_all(parts, segment, names, rows, context)?),
            Form::Not(of) => Bound::Not(Box::new(of.of(segment, names, rows, context)?)),
        })
    }

    /// How many bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        match &self.form {
            Form::Cell(known) | Form::AnyCell(known) => known.bytes(),
            Form::Joint(joint) => joint.bytes(),
            Form::And(parts) | Form::Or(parts) => parts.iter().map(Condition::bytes).sum(),
            Form::Not(of) => of.bytes(),
        }
    }
}

fn bind_all<'s>(
    parts: &'s mut [Condition],
    segment: &'s Columns<'_>,
    names: &'s [ColumnId],
    rows: &Rows,
    context: &'s Arc<Context>,
) -> Result<Vec<Bound<'s>>> {
    parts.iter_mut().map(|part| part.of(segment, names, rows, context)).collect()
}

/// The days of the periods of a field that have one of these days.
fn widened(of: Field, days: Days) -> Days {
    let unit = match of {
        Field::Year => Period::Year,
        Field::Quarter => Period::Quarter,
        Field::Month => Period::Month,
        Field::Decade => Period::Decade,
        _ => return days,
    };
    let first =
        if days.first.is_known() { unit.days(unit.ordinal(days.first)).first } else { days.first };
    let last =
        if days.last.is_known() { unit.days(unit.ordinal(days.last)).last } else { days.last };
    Days { first, last }
}

/// The verdicts on days: beyond the hull there is nothing to ask, and between two days of which it is true it is true.
fn days(
    column: &Column,
    (of, hull): (Field, Days),
    verdict: &mut impl FnMut(Cell) -> Result<Verdict>,
) -> Result<Vec<Verdict>> {
    let hull = widened(of, hull);
    let cells = (0..column.len()).map(|at| column.cell(u16::try_from(at).unwrap_or(u16::MAX)));
    let cells: Vec<Cell> = cells.collect();
    let within = |cell: &Cell| matches!(cell, Cell::Day(day) if hull.contains(*day));
    let mut inside = cells.iter().filter(|cell| within(cell)).copied();
    let (first, last) = (inside.next(), inside.last());
    let mut all_true = true;
    for end in first.iter().chain(&last) {
        all_true &= verdict(*end)? == Verdict::TRUE;
    }
    cells
        .iter()
        .map(|cell| match cell {
            Cell::Day(_) if !within(cell) => Ok(Verdict::FALSE),
            Cell::Day(_) if all_true => Ok(Verdict::TRUE),
            other => verdict(*other),
        })
        .collect()
}

/// A condition on rows of one segment.
pub(super) enum Bound<'s> {
    Fixed(Verdict),
    Table {
        codes: Codes<'s>,
        verdicts: Vec<Verdict>,
        /// Of how many rows it may hold.
        open: usize,
    },
    AnyTable(Vec<(Codes<'s>, Vec<Verdict>)>),
    Joint {
        combinations: Combinations<'s, Verdict>,
        names: &'s [ColumnId],
        expr: &'s Expr,
        context: &'s Arc<Context>,
    },
    And(Vec<Bound<'s>>),
    Or(Vec<Bound<'s>>),
    Not(Box<Bound<'s>>),
}

impl<'s> Bound<'s> {
    fn of_table(column: &'s Column, verdicts: Vec<Verdict>) -> Bound<'s> {
        let mut asked = verdicts.iter().filter(|verdict| **verdict != Verdict::Unset);
        let first = asked.next().copied().unwrap_or(Verdict::FALSE);
        if asked.all(|verdict| *verdict == first) {
            return Bound::Fixed(first);
        }
        let counts = verdicts.iter().enumerate().filter(|(_, verdict)| verdict.is_open());
        let open =
            counts.map(|(code, _)| u16::try_from(code).map_or(0, |c| column.count(c) as usize));
        let open = open.sum();
        Bound::Table { codes: column.codes(), verdicts, open }
    }

    /// Of how many of so many rows it may hold, as far as that is known.
    pub(super) fn open(&self, rows: usize) -> usize {
        match self {
            Bound::Table { open, .. } => *open,
            Bound::Fixed(verdict) if !verdict.is_open() => 0,
            // What is dear to ask comes last.
            Bound::Joint { .. } => rows.saturating_add(1),
            _ => rows,
        }
    }

    /// What it says of a row.
    pub(super) fn verdict(&mut self, row: u16) -> Result<Verdict> {
        let at = |codes: &Codes<'_>, verdicts: &[Verdict]| {
            let code = codes.get(usize::from(row));
            verdicts.get(usize::from(code)).copied().unwrap_or(Verdict::AskRecord)
        };
        Ok(match self {
            Bound::Fixed(verdict) => *verdict,
            Bound::Table { codes, verdicts, .. } => at(codes, verdicts),
            Bound::AnyTable(all) => all
                .iter()
                .map(|(codes, verdicts)| at(codes, verdicts))
                .fold(Verdict::FALSE, |a, b| a.with(b, Truth::or)),
            Bound::Joint { combinations, names, expr, context } => {
                combinations
                    .get(row, names, context, |tuple| Ok(Verdict::of(expr, tuple, context)))?
            }
            Bound::And(parts) => join(parts, row, Verdict::TRUE, Truth::and)?,
            Bound::Or(parts) => join(parts, row, Verdict::FALSE, Truth::or)?,
            Bound::Not(of) => of.verdict(row)?.map(|truth| !truth),
        })
    }
}

fn join(
    parts: &mut [Bound<'_>],
    row: u16,
    none: Verdict,
    with: impl Fn(Truth, Truth) -> Truth,
) -> Result<Verdict> {
    // One that decides spares the rest.
    let decided = if none == Verdict::TRUE { Verdict::FALSE } else { Verdict::TRUE };
    let mut all = none;
    for part in parts {
        all = all.with(part.verdict(row)?, &with);
        if all == decided {
            break;
        }
    }
    Ok(all)
}
