//! Keys of groupings on columns: each different value has a number, and each cell the numbers of its values.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::catalog::FieldType;
use crate::error::Result;
use crate::model::{Event, Value};
use crate::planner::columnar;
use crate::planner::expression::Expr;
use crate::planner::plan::GroupKey;
use crate::storage::segment::{Cell, Codes, Column, ColumnId};

use super::super::group::{self, Part, Parts};
use super::super::{Context, Tuple, field};
use super::joint::{Combinations, Joint};
use super::probe::{ByCell, probe};
use super::segment::{Columns, Rows, table};

/// What stands for the values of a cell: the number of the only one, or one of these, or [`SEVERAL`] and the number of
/// a list.
pub(super) type Mark = u32;

/// Nobody has asked yet.
const UNSET: Mark = u32::MAX;
/// There are none: what other columns say counts.
const NONE: Mark = u32::MAX - 1;
/// The record must be asked.
const ASK_RECORD: Mark = u32::MAX - 2;
/// Set in the number of a list.
const SEVERAL: Mark = 1 << 31;

/// The different values of a key, with their numbers.
#[derive(Default)]
pub(in super::super) struct Values(Mutex<Known>);

#[derive(Default)]
struct Known {
    numbers: FxHashMap<Vec<u8>, u32>,
    parts: Vec<Part>,
}

impl Values {
    /// The number of a value.
    pub(in super::super) fn number(&self, part: &Part) -> u32 {
        let mut key = Vec::new();
        part.write_key(&mut key);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = known.numbers.get(&key) {
            return *number;
        }
        let number = u32::try_from(known.parts.len()).unwrap_or(ASK_RECORD);
        if number >= SEVERAL {
            return ASK_RECORD;
        }
        known.parts.push(part.clone());
        known.numbers.insert(key, number);
        number
    }

    /// The value of a number, as it stands in an answer.
    pub(in super::super) fn value(&self, number: u32) -> Value {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.parts.get(number as usize).map(Part::to_value).unwrap_or_default()
    }

    /// The values by their numbers.
    pub(super) fn parts(&self) -> Vec<Part> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).parts.clone()
    }
}

/// A key, with what is known of it from the segments so far.
pub(super) struct Key {
    group: GroupKey,
    /// Of all threads.
    values: Arc<Values>,
    form: Form,
    /// What the only column says where every row has something there.
    own: Option<(usize, ByCell<Mark>)>,
    /// The columns that it reads, by number.
    pub(super) columns: Vec<usize>,
}

enum Form {
    /// One column, or none at all.
    Cell(ByCell<Mark>),
    /// All values of the participants, each alone.
    EachCell(ByCell<Mark>),
    Joint(Joint<Mark>),
}

impl Key {
    /// Of a key that reads only these columns; none when it does not.
    pub(super) fn new(key: &GroupKey, names: &[ColumnId], values: Arc<Values>) -> Option<Key> {
        let read = columnar::columns(&key.expr)?;
        let number = |column: &ColumnId| names.iter().position(|name| name == column);
        let columns = read.iter().map(number).collect::<Option<Vec<usize>>>()?;
        let form = if columns.len() < 2 {
            Form::Cell(ByCell::new(UNSET))
        } else if key.period.is_none() && columnar::gives_each(&key.expr) {
            Form::EachCell(ByCell::new(UNSET))
        } else {
            let joint = Joint::new(columns.clone())?;
            let states = columnar::asks_for_states(&key.expr) && key.period.is_none();
            Form::Joint(if states { joint.of_states(names) } else { joint })
        };
        let own = columnar::own_column(&key.expr).and_then(|own| number(&own));
        let own = own.map(|number| (number, ByCell::new(UNSET)));
        Some(Key { own, group: key.clone(), values, form, columns })
    }

    /// The key for rows of a segment.
    pub(super) fn of<'s>(
        &'s mut self,
        segment: &'s Columns<'_>,
        names: &'s [ColumnId],
        rows: &Rows,
        lists: &mut Lists,
        context: &'s Arc<Context>,
    ) -> Result<BoundKey<'s>> {
        let (key, values) = (&self.group, &*self.values);
        let name_of = |number: &usize| names.get(*number);
        if let Some((number, known)) = &mut self.own
            && let (column, Some(name)) = (segment.get(*number)?, name_of(number))
            && column.cell(0) != Cell::Missing
        {
            let marks = table(column, rows, UNSET, |cell| {
                known.get(cell, || of_cell(key, name, cell, values, lists, context))
            })?;
            return Ok(BoundKey::of_table(column, marks));
        }
        Ok(match &mut self.form {
            Form::Cell(known) => match self.columns.first().and_then(|n| Some((*n, name_of(n)?))) {
                None => {
                    let mark = marked(key, &probe(&[], context)?, values, lists, context);
                    BoundKey::Fixed(mark)
                }
                Some((number, name)) => {
                    let column = segment.get(number)?;
                    let marks = table(column, rows, UNSET, |cell| {
                        known.get(cell, || of_cell(key, name, cell, values, lists, context))
                    })?;
                    BoundKey::of_table(column, marks)
                }
            },
            Form::EachCell(known) => {
                let null = values.number(&Part::Value(Value::Null));
                let mut all = Vec::with_capacity(self.columns.len());
                for number in &self.columns {
                    let Some(name) = name_of(number) else { continue };
                    let column = segment.get(*number)?;
                    let marks = table(column, rows, UNSET, |cell| {
                        known.get(cell, || {
                            let mark = of_cell(key, name, cell, values, lists, context)?;
                            Ok(if mark == null { NONE } else { mark })
                        })
                    })?;
                    if marks.iter().any(|mark| !matches!(*mark, NONE | UNSET)) {
                        all.push((column, marks));
                    }
                }
                match all.len() {
                    0 => BoundKey::Fixed(null),
                    1 => {
                        let (column, mut marks) = all.swap_remove(0);
                        marks
                            .iter_mut()
                            .filter(|mark| **mark == NONE)
                            .for_each(|mark| *mark = null);
                        BoundKey::of_table(column, marks)
                    }
                    _ => BoundKey::EachTable { all, null },
                }
            }
            Form::Joint(joint) => {
                let combinations = joint.of(segment, rows, context)?;
                BoundKey::Joint { combinations, names, key, values, context }
            }
        })
    }

    /// How many bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        match &self.form {
            Form::Cell(known) | Form::EachCell(known) => known.bytes(),
            Form::Joint(joint) => joint.bytes(),
        }
    }
}

/// What stands for the values of a cell.
fn of_cell(
    key: &GroupKey,
    name: &ColumnId,
    cell: Cell,
    values: &Values,
    lists: &mut Lists,
    context: &Arc<Context>,
) -> Result<Mark> {
    // The period of a day is that of its date, which need not be written first.
    if let (Cell::Day(day), Some(unit), Expr::Field(of)) = (cell, key.period, &key.expr)
        && field::is_of_date(*of)
    {
        let part = Part::Period { unit, ordinal: unit.ordinal(day), of_event: true };
        return Ok(values.number(&part));
    }
    // Nor needs a participant an event around him to tell his name.
    if let (Cell::Text(text), ColumnId::Participant(_), Expr::Field(of)) = (cell, name, &key.expr)
        && columnar::gives_each(&key.expr)
        && of.field_type() == FieldType::Actors
    {
        let participants = vec![context.view.participant(text)?];
        let event = Event { participants, ..Event::default() };
        let mut mark = NONE;
        field::each_participant(*of, &event, context, &mut |participant| {
            mark = values.number(&Part::Value(participant.name.as_str().into()));
        })?;
        return Ok(mark);
    }
    Ok(marked(key, &probe(&[(name, cell)], context)?, values, lists, context))
}

/// What stands for the values of a key for a probe.
fn marked(
    key: &GroupKey,
    tuple: &Tuple,
    values: &Values,
    lists: &mut Lists,
    context: &Arc<Context>,
) -> Mark {
    match group::parts(key, tuple, context) {
        Ok(Parts { parts, possible: false, .. }) => match parts.as_slice() {
            [part] => values.number(part),
            parts => lists.add(parts.iter().map(|part| values.number(part)).collect()),
        },
        // What is possible counts otherwise, and an error is one only if a row comes so far.
        Ok(_) | Err(_) => ASK_RECORD,
    }
}

/// The numbers of several values.
#[derive(Default)]
pub(super) struct Lists(Vec<Vec<u32>>);

impl Lists {
    fn add(&mut self, list: Vec<u32>) -> Mark {
        match u32::try_from(self.0.len()) {
            Ok(at) if at < ASK_RECORD - SEVERAL && !list.contains(&ASK_RECORD) => {
                self.0.push(list);
                SEVERAL + at
            }
            _ => ASK_RECORD,
        }
    }

    /// Adds the numbers that a mark stands for, each once; false when the record must be asked.
    fn extend(&self, mark: Mark, out: &mut Vec<u32>) -> bool {
        match mark {
            NONE => {}
            UNSET | ASK_RECORD => return false,
            number if number < SEVERAL => {
                if !out.contains(&number) {
                    out.push(number);
                }
            }
            list => {
                for number in self.0.get((list - SEVERAL) as usize).into_iter().flatten() {
                    if !out.contains(number) {
                        out.push(*number);
                    }
                }
            }
        }
        true
    }
}

/// A key for rows of one segment.
pub(super) enum BoundKey<'s> {
    /// The same for all.
    Fixed(Mark),
    Table {
        column: &'s Column,
        codes: Codes<'s>,
        marks: Vec<Mark>,
        /// Has each row one value?
        single: bool,
    },
    EachTable {
        all: Vec<(&'s Column, Vec<Mark>)>,
        null: u32,
    },
    Joint {
        combinations: Combinations<'s, Mark>,
        names: &'s [ColumnId],
        key: &'s GroupKey,
        values: &'s Values,
        context: &'s Arc<Context>,
    },
}

impl<'s> BoundKey<'s> {
    fn of_table(column: &'s Column, marks: Vec<Mark>) -> BoundKey<'s> {
        let codes = column.codes();
        let single = marks.iter().all(|mark| *mark < SEVERAL || *mark == UNSET);
        match (codes, marks.as_slice()) {
            (Codes::One, [mark]) => BoundKey::Fixed(*mark),
            _ => BoundKey::Table { column, codes, marks, single },
        }
    }

    /// The number of the value of each code, where each row has one.
    pub(super) fn single(&self) -> Option<(Codes<'s>, &[u32])> {
        match self {
            BoundKey::Fixed(number) if *number < SEVERAL => {
                Some((Codes::One, std::slice::from_ref(number)))
            }
            BoundKey::Table { codes, marks, single: true, .. } => Some((*codes, marks)),
            _ => None,
        }
    }

    /// The column whose cells each have one value; none where the rows have others.
    pub(super) fn column(&self) -> Option<&'s Column> {
        match self {
            BoundKey::Table { column, single: true, .. } => Some(column),
            _ => None,
        }
    }

    /// The numbers of the values of a row, at least one; false when the record must be asked.
    pub(super) fn values(
        &mut self,
        row: u16,
        lists: &mut Lists,
        out: &mut Vec<u32>,
    ) -> Result<bool> {
        out.clear();
        let at = |codes: &Codes<'_>, marks: &[Mark]| {
            marks.get(usize::from(codes.get(usize::from(row)))).copied().unwrap_or(ASK_RECORD)
        };
        match self {
            BoundKey::Fixed(mark) => Ok(lists.extend(*mark, out)),
            BoundKey::Table { codes, marks, .. } => Ok(lists.extend(at(codes, marks), out)),
            BoundKey::EachTable { all, null } => {
                for (column, marks) in all {
                    if !lists.extend(at(&column.codes(), marks), out) {
                        return Ok(false);
                    }
                }
                if out.is_empty() {
                    out.push(*null);
                }
                Ok(true)
            }
            BoundKey::Joint { combinations, names, key, values, context } => {
                let mark = combinations.get(row, names, context, |tuple| {
                    Ok(marked(key, tuple, values, lists, context))
                })?;
                Ok(lists.extend(mark, out))
            }
        }
    }
}
