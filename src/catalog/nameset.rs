//! What a name in a query stands for: the names as written that mean it, and when they do.

use rustc_hash::FxHashMap;

use crate::model::{Affiliation, Date, Day, Days, Truth};

/// When a name as written means what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Validity {
    /// At any time.
    Always,
    /// Within these intervals: an office, a dated alias.
    During(Vec<Days>),
}

impl Validity {
    /// When a tie holds; a missing end is open.
    pub(super) fn of(tie: &Affiliation) -> Validity {
        Validity::between(tie.from.as_ref(), tie.to.as_ref())
    }

    /// From the first to the last of two dates; always where there is neither.
    pub(super) fn between(from: Option<&Date>, to: Option<&Date>) -> Validity {
        if from.is_none() && to.is_none() {
            return Validity::Always;
        }
        Validity::During(vec![Days {
            first: from.map_or(Day::MIN, Date::earliest),
            last: to.map_or(Day::MAX, Date::latest),
        }])
    }

    /// When both hold; none when they never do.
    pub(super) fn and(&self, other: &Validity) -> Option<Validity> {
        match (self, other) {
            (Validity::Always, other) | (other, Validity::Always) => Some(other.clone()),
            (Validity::During(a), Validity::During(b)) => {
                let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
                let both: Vec<Days> = pairs
                    .map(|(x, y)| Days { first: x.first.max(y.first), last: x.last.min(y.last) })
                    .filter(|days| days.first <= days.last)
                    .collect();
                (!both.is_empty()).then_some(Validity::During(both))
            }
        }
    }

    /// Does it hold at the date of an event? Without a date any time counts.
    pub(crate) fn at(&self, date: Option<&Date>) -> Truth {
        match (self, date) {
            (Validity::Always, _) | (Validity::During(_), None) => Truth::TRUE,
            (Validity::During(intervals), Some(date)) => held_at(intervals, date),
        }
    }
}

/// Does what held within these intervals hold at a date? True when they cover all its days, unknown when some.
pub(super) fn held_at(intervals: &[Days], date: &Date) -> Truth {
    let wanted = date.covering();
    let mut sorted: Vec<Days> = intervals.iter().copied().filter(|d| d.overlaps(wanted)).collect();
    sorted.sort_by_key(|days| days.first);
    let mut covered: Option<Days> = None;
    for days in &sorted {
        covered = Some(match covered {
            // One term ends on the day before the next begins, or later: no day is between them.
            Some(so_far) if days.first <= so_far.last.plus_days(1) => so_far.hull(*days),
            _ if days.covers(wanted) => *days,
            Some(so_far) => so_far,
            None => *days,
        });
    }
    Truth::of(covered.is_some_and(|days| days.covers(wanted)), !sorted.is_empty())
}

/// A set of names as written, each with the times within which it belongs to the set.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameSet {
    names: FxHashMap<String, Validity>,
    /// Does it also hold every participant of whose state nothing is known?
    with_stateless: bool,
}

impl NameSet {
    /// Adds a name; what holds always wins over what holds at times.
    pub(crate) fn insert(&mut self, written: String, validity: Validity) {
        match (self.names.get_mut(&written), validity) {
            (Some(Validity::Always), _) => {}
            (Some(Validity::During(have)), Validity::During(more)) => have.extend(more),
            (Some(slot), Validity::Always) => *slot = Validity::Always,
            (None, validity) => {
                self.names.insert(written, validity);
            }
        }
    }

    /// Adds all of another set.
    pub(crate) fn extend(&mut self, other: &NameSet) {
        for (name, validity) in &other.names {
            self.insert(name.clone(), validity.clone());
        }
        self.with_stateless |= other.with_stateless;
    }

    /// Adds every participant of whose state nothing is known: the set of those who may be meant.
    pub(crate) fn add_stateless(&mut self) {
        self.with_stateless = true;
    }

    /// Does it hold every participant of whose state nothing is known? Then its names are not all.
    pub(crate) fn has_stateless(&self) -> bool {
        self.with_stateless
    }

    /// Does one of its names belong to it only at times, so that the date of the event counts?
    pub(crate) fn is_dated(&self) -> bool {
        self.names.values().any(|validity| *validity != Validity::Always)
    }

    /// Does a name as written belong to the set at the date of its event?
    pub(crate) fn contains(&self, written: &str, date: Option<&Date>) -> Truth {
        self.names.get(written).map_or(Truth::FALSE, |validity| validity.at(date))
    }

    /// The names, in no order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Number of names.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }
}
