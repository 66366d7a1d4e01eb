//! Arguments of aggregate functions on columns: what each cell adds, worked out once a cell.

use std::sync::Arc;

use crate::error::Result;
use crate::model::Value;
use crate::planner::columnar;
use crate::planner::function::Function;
use crate::planner::plan::AggregateCall;
use crate::storage::segment::{Cell, Codes, Column, ColumnId};

use super::super::aggregate;
use super::super::total::Addend;
use super::super::{Context, Tuple};
use super::joint::{Combinations, Joint};
use super::probe::{ByCell, probe};
use super::segment::{Columns, Rows, table};

/// What a cell says to a function: nothing, or one of the numbers of [`Measure::found`].
type Mark = u32;

/// Nobody has asked yet.
const UNSET: Mark = u32::MAX;
/// The record must be asked.
const ASK_RECORD: Mark = u32::MAX - 1;

/// What a value adds to a group.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The value.
    pub(super) value: Value,
    /// Does it count for `count`?
    pub(super) counts: bool,
    /// What it adds to a sum.
    pub(super) addend: Addend,
}

/// A call of an aggregate function, with what is known of its argument from the segments so far.
pub(super) struct Measure {
    pub(super) call: AggregateCall,
    /// The different values met, by their marks.
    pub(super) found: Vec<Found>,
    form: Form,
    /// What the only column says where every row has something there.
    own: Option<(usize, ByCell<Mark>)>,
    /// The columns that its argument reads, by number.
    pub(super) columns: Vec<usize>,
}

enum Form {
    /// Every row counts.
    Rows,
    /// One column, or none at all.
    Cell(ByCell<Mark>),
    Joint(Joint<Mark>),
}

impl Measure {
    /// Of a call that reads only these columns; none when it does not.
    pub(super) fn new(call: &AggregateCall, names: &[ColumnId]) -> Option<Measure> {
        columnar::columns_of_call(call)?;
        let read = call.argument.as_ref().map(columnar::columns);
        let number = |column: &ColumnId| names.iter().position(|name| name == column);
        let (form, columns) = match read {
            None => (Form::Rows, Vec::new()),
            Some(read) => {
                let columns = read?.iter().map(number).collect::<Option<Vec<usize>>>()?;
                let form = if columns.len() < 2 {
                    Form::Cell(ByCell::new(UNSET))
                } else {
                    Form::Joint(Joint::new(columns.clone())?)
                };
                (form, columns)
            }
        };
        let own = call.argument.as_ref().and_then(columnar::own_column);
        let own = own.and_then(|own| number(&own)).map(|number| (number, ByCell::new(UNSET)));
        Some(Measure { call: call.clone(), found: Vec::new(), form, own, columns })
    }

    /// The argument for rows of a segment.
    pub(super) fn of<'s>(
        &'s mut self,
        segment: &'s Columns<'_>,
        names: &'s [ColumnId],
        rows: &Rows,
        context: &'s Arc<Context>,
    ) -> Result<(BoundMeasure<'s>, &'s mut Vec<Found>)> {
        let (call, found) = (&self.call, &mut self.found);
        if let Some((number, known)) = &mut self.own
            && let (column, Some(name)) = (segment.get(*number)?, names.get(*number))
            && column.cell(0) != Cell::Missing
        {
            let marks = table(column, rows, UNSET, |cell: Cell| {
                known.get(cell, || {
                    Ok(marked(call, &probe(&[(name, cell)], context)?, found, context))
                })
            })?;
            return Ok((BoundMeasure::Table { column, codes: column.codes(), marks }, found));
        }
        let bound = match &mut self.form {
            Form::Rows => BoundMeasure::Rows,
            Form::Cell(known) => {
                let with_name = |number: &usize| Some((*number, names.get(*number)?));
                match self.columns.first().and_then(with_name) {
                    None => {
                        BoundMeasure::Fixed(marked(call, &probe(&[], context)?, found, context))
                    }
                    Some((number, name)) => {
                        let column = segment.get(number)?;
                        let marks = table(column, rows, UNSET, |cell: Cell| {
                            known.get(cell, || {
                                Ok(marked(call, &probe(&[(name, cell)], context)?, found, context))
                            })
                        })?;
                        BoundMeasure::Table { column, codes: column.codes(), marks }
                    }
                }
            }
            Form::Joint(joint) => {
                let combinations = joint.of(segment, rows, context)?;
                BoundMeasure::Joint { combinations, names, call, context }
            }
        };
        Ok((bound, found))
    }

    /// How many bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        let known = match &self.form {
            Form::Rows => 0,
            Form::Cell(known) => known.bytes(),
            Form::Joint(joint) => joint.bytes(),
        };
        known + self.found.len() * size_of::<Found>()
    }
}

/// The mark of what a call makes of a probe.
fn marked(
    call: &AggregateCall,
    tuple: &Tuple,
    found: &mut Vec<Found>,
    context: &Arc<Context>,
) -> Mark {
    // An error is one only if a row comes so far: the record will tell.
    let Ok(value) = aggregate::argument(call, tuple, context) else { return ASK_RECORD };
    let addend = match call.function {
        Function::Sum | Function::Avg => match Addend::of(&value) {
            Some(addend) => addend,
            None => return ASK_RECORD,
        },
        _ => Addend::Nothing,
    };
    let counts = match &value {
        Value::Null | Value::Bool(false) => false,
        Value::List(list) => !list.is_empty(),
        _ => true,
    };
    let mark = u32::try_from(found.len()).unwrap_or(ASK_RECORD);
    if mark < ASK_RECORD {
        found.push(Found { value, counts, addend });
    }
    mark
}

/// An argument for rows of one segment.
pub(super) enum BoundMeasure<'s> {
    /// Every row counts.
    Rows,
    /// The same for all.
    Fixed(Mark),
    Table {
        column: &'s Column,
        codes: Codes<'s>,
        marks: Vec<Mark>,
    },
    Joint {
        combinations: Combinations<'s, Mark>,
        names: &'s [ColumnId],
        call: &'s AggregateCall,
        context: &'s Arc<Context>,
    },
}

impl BoundMeasure<'_> {
    /// Takes the rows out that only their records tell.
    pub(super) fn ask_records(
        &mut self,
        found: &mut Vec<Found>,
        rows: &mut Rows,
        untold: &mut Vec<u16>,
    ) -> Result<()> {
        let ask = match self {
            BoundMeasure::Rows => false,
            BoundMeasure::Fixed(mark) => *mark == ASK_RECORD,
            BoundMeasure::Table { marks, .. } => marks.contains(&ASK_RECORD),
            BoundMeasure::Joint { .. } => true,
        };
        let mut failed = None;
        if ask {
            rows.retain(untold, |row| match self.mark(row, found) {
                Ok(mark) => mark != ASK_RECORD,
                Err(error) => {
                    failed = Some(error);
                    false
                }
            });
        }
        failed.map_or(Ok(()), Err)
    }

    /// The mark of a row.
    pub(super) fn mark(&mut self, row: u16, found: &mut Vec<Found>) -> Result<Mark> {
        Ok(match self {
            BoundMeasure::Rows => 0,
            BoundMeasure::Fixed(mark) => *mark,
            BoundMeasure::Table { codes, marks, .. } => {
                let code = codes.get(usize::from(row));
                marks.get(usize::from(code)).copied().unwrap_or(ASK_RECORD)
            }
            BoundMeasure::Joint { combinations, names, call, context } => {
                combinations
                    .get(row, names, context, |tuple| Ok(marked(call, tuple, found, context)))?
            }
        })
    }
}
