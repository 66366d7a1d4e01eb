//! Queries within conditions: `place in (coups | select place)`. Each runs once.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::catalog::FieldType;
use crate::error::Result;
use crate::model::{Truth, Value, fold};
use crate::parser::ast::CmpOp;
use crate::planner::plan::Node;

use super::compare::Comparison;
use super::{Context, execute, key, memory};

/// The values of the first column of a query.
pub(super) struct Found {
    /// Texts, folded.
    texts: FxHashSet<String>,
    /// Numbers and truth values, as keys.
    exact: FxHashSet<Vec<u8>>,
    /// What can only be compared: dates, stretches of time, quantities.
    others: Vec<Value>,
    /// The plan, so that its address stays its own.
    _query: Arc<Node>,
}

/// The values of a query, run when they are asked for first.
pub(super) fn found(query: &Arc<Node>, context: &Arc<Context>) -> Result<Arc<Found>> {
    let address = Arc::as_ptr(query) as usize;
    let lock = || context.found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(found) = lock().get(&address) {
        return Ok(Arc::clone(found));
    }
    let mut found = Found {
        texts: FxHashSet::default(),
        exact: FxHashSet::default(),
        others: Vec::new(),
        _query: Arc::clone(query),
    };
    for tuple in execute(query, context)? {
        if let Some(value) = tuple?.values.into_iter().next() {
            // The cache goes with the query, and so do these bytes.
            context.hold("in", memory::of_value(&value))?;
            found.add(value);
        }
    }
    let found = Arc::new(found);
    lock().insert(address, Arc::clone(&found));
    Ok(found)
}

impl Found {
    fn add(&mut self, value: Value) {
        match value {
            Value::Null => {}
            Value::Text(text) => {
                self.texts.insert(fold(&text));
            }
            Value::List(list) => list.into_iter().for_each(|value| self.add(value)),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                self.exact.insert(key::of([&value]));
            }
            other => self.others.push(other),
        }
    }

    /// Has the query given no value?
    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.exact.is_empty() && self.others.is_empty()
    }

    /// Is the value, or one of its values, among them? Names are the same when they mean the same entry.
    pub(super) fn holds(
        &self,
        value: &Value,
        names: FieldType,
        context: &Context,
    ) -> Result<Truth> {
        match value {
            Value::Null => Ok(if self.is_empty() { Truth::FALSE } else { Truth::MISSING }),
            Value::List(list) => {
                let mut any = Truth::FALSE;
                for value in list.iter().filter(|value| !value.is_null()) {
                    any = any.or(self.holds(value, names, context)?);
                    if any == Truth::TRUE {
                        break;
                    }
                }
                Ok(any)
            }
            Value::Text(text) => Ok(Truth::from(
                self.texts.contains(&fold(text)) || self.holds_entry(text, names, context)?,
            )),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                Ok(Truth::from(self.exact.contains(&key::of([value]))))
            }
            _ => {
                let units = |name: &str| context.catalog.unit(name);
                let same = Comparison { op: CmpOp::Eq, literal: false, units: &units };
                let mut any = Truth::FALSE;
                for other in &self.others {
                    any = any.or(same.of(value, other)?);
                }
                Ok(any)
            }
        }
    }

    /// Is a name or an alias of what this name means among them?
    fn holds_entry(&self, name: &str, names: FieldType, context: &Context) -> Result<bool> {
        let has = |name: &str| self.texts.contains(&fold(name));
        Ok(match names {
            FieldType::Actors => context
                .catalog
                .actors(name)?
                .iter()
                .any(|actor| has(&actor.name) || actor.aliases.iter().any(|a| has(&a.name))),
            FieldType::Places => context.catalog.place(name)?.is_some_and(|place| {
                has(&place.name) || place.aliases.iter().any(|a| has(&a.name))
            }),
            _ => false,
        })
    }
}
