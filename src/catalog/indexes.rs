//! What postings there are for a condition: how the planner learns of them.

use std::ops::Bound;

use crate::error::Result;
use crate::model::{Day, Days, fold, fold_name};
use crate::parser::quoted_name;
use crate::storage::{Posting, UNDATED, WIDE, year_value};

use super::catalog::Catalog;
use super::field::Field;
use super::synonym::{letters, snake_case};

impl Catalog {
    /// The attributes that events have, with the number of events that have each.
    pub(crate) fn attributes(&self) -> Result<Vec<(String, u64)>> {
        self.view.posting_values(Posting::Attribute, Bound::Unbounded, Bound::Unbounded)
    }

    /// An attribute as its data set spells it: of that very name, else in another case, else with the same letters and
    /// digits, so that `event_text` finds `Event Text`.
    pub(crate) fn attribute(&self, name: &str) -> Result<Option<String>> {
        if self.view.posting_len(Posting::Attribute, name)? > 0 {
            return Ok(Some(name.to_owned()));
        }
        Ok(among(&self.attributes()?, name).map(str::to_owned))
    }

    /// The attributes, each as one can type it, with its name and the number of events that have it.
    ///
    /// A plain name stands as it is. Any other is written in snake case where that finds it, else in back-quotes.
    pub(crate) fn typed_attributes(&self) -> Result<Vec<(String, String, u64)>> {
        let attributes = self.attributes()?;
        let typed = |name: &str| {
            let plain = quoted_name(name);
            let snake = snake_case(name);
            let finds = || {
                quoted_name(&snake) == snake
                    && Field::from_name(&snake).is_none()
                    && among(&attributes, &snake) == Some(name)
            };
            if plain != name && finds() { snake } else { plain }
        };
        let named = attributes.iter().map(|(name, events)| (typed(name), name.clone(), *events));
        Ok(named.collect())
    }

    /// The values under which every event is posted that may lie within these days: its years, and the undated.
    pub(crate) fn years_touching(&self, days: Days) -> Result<Vec<String>> {
        let year = |day: Day| day.is_known().then(|| year_value(day.ymd().0));
        let (from, to) = (year(days.first), year(days.last));
        let from = from.as_deref().map_or(Bound::Unbounded, Bound::Included);
        let to = to.as_deref().map_or(Bound::Unbounded, Bound::Included);
        let years = self.view.posting_values(Posting::Year, from, to)?;
        let mut values: Vec<String> = years.into_iter().map(|(value, _)| value).collect();
        values.extend([WIDE.to_owned(), UNDATED.to_owned()]);
        Ok(values)
    }

    /// The values under which events are posted and that start with a prefix.
    pub(crate) fn values_under(&self, field: Posting, prefix: &str) -> Result<Vec<String>> {
        // Behind all that start so comes nothing but what starts so and goes on with the last of all characters.
        let last = format!("{prefix}{}", char::MAX);
        let (from, to) = (Bound::Included(prefix), Bound::Included(last.as_str()));
        let values = self.view.posting_values(field, from, to)?;
        Ok(values
            .into_iter()
            .map(|(value, _)| value)
            .filter(|value| value.starts_with(prefix))
            .collect())
    }

    /// Have fewer than half of the events this value?
    pub(crate) fn is_rare(&self, field: Posting, value: &str) -> Result<bool> {
        Ok(self.view.posting_len(field, value)? < self.view.event_count()?.div_ceil(2))
    }

    /// The values between two bounds under which events are posted.
    pub(crate) fn posted_between(
        &self,
        field: Posting,
        from: Bound<&str>,
        to: Bound<&str>,
    ) -> Result<Vec<String>> {
        let values = self.view.posting_values(field, from, to)?;
        Ok(values.into_iter().map(|(value, _)| value).collect())
    }

    /// Names of actors as events write them, which fold to the same as this one.
    pub(crate) fn written_as(&self, field: Posting, name: &str) -> Result<Vec<String>> {
        self.view.written(field, &fold_name(name))
    }

    /// The kinds whose own code starts with a prefix: events of these need not give a code.
    pub(crate) fn kinds_with_code_under(&self, prefix: &str) -> Result<Vec<String>> {
        Ok(self
            .all_kinds()?
            .into_iter()
            .filter(|k| k.code.as_deref().is_some_and(|c| c.starts_with(prefix)))
            .map(|k| k.name)
            .collect())
    }
}

/// The attribute of a name, in any case; else the one with the same letters and digits.
fn among<'a>(attributes: &'a [(String, u64)], name: &str) -> Option<&'a str> {
    let (folded, plain) = (fold(name), letters(name));
    let find = |fits: &dyn Fn(&str) -> bool| {
        attributes.iter().map(|(attribute, _)| attribute.as_str()).find(|a| fits(a))
    };
    find(&|a| a == name)
        .or_else(|| find(&|a| fold(a) == folded))
        .or_else(|| find(&|a| !plain.is_empty() && letters(a) == plain))
}
