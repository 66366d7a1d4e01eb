//! How dates stand to one another: true, false, or possible.
//!
//! A date stands for all the choices that it leaves: for one unknown day a day of its interval, for what lasted a first
//! day and a last day, each of its own interval, the first not after the last. A relation is true when all choices
//! satisfy it, false when none does, and else possible. None of them is possible only, when every day is known.

use super::Date;
use super::calendar::Days;
use crate::model::Truth;

/// The four comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl Date {
    /// `self < literal` and so on. `<` and `>=` look at the literal's first day, `<=` and `>` at its last.
    ///
    /// All days of what lasted must stand so. The literal counts as the days that it covers, whatever is in doubt
    /// about it; [`Date::compare_with`] compares two dates that are both in doubt.
    pub fn compare(&self, order: Order, literal: &Date) -> Truth {
        self.compare_days(order, literal.covering())
    }

    /// [`Date::compare`] with an interval of days in the literal's place.
    pub fn compare_days(&self, order: Order, literal: Days) -> Truth {
        let (first, last) = (Days::one(literal.first), Days::one(literal.last));
        self.stands(order, first, last)
    }

    /// `self < other` and so on between two events' dates, over all choices of the days of both.
    pub fn compare_with(&self, order: Order, other: &Date) -> Truth {
        self.stands(order, other.first_day(), other.last_day())
    }

    /// `=` and `in`: the day is among these days; what lasted has one of them.
    pub fn equals(&self, days: Days) -> Truth {
        self.overlaps(days)
    }

    /// It has a day among these days.
    pub fn overlaps(&self, days: Days) -> Truth {
        let (first, last) = (self.first_day(), self.last_day());
        Truth::of(
            first.last <= days.last && days.first <= last.first,
            first.first <= days.last && days.first <= last.last,
        )
    }

    /// All its days are among these days.
    pub fn during(&self, days: Days) -> Truth {
        let (first, last) = (self.first_day(), self.last_day());
        let earliest = first.first.max(days.first);
        let latest = last.last.min(days.last);
        Truth::of(
            days.first <= first.first && last.last <= days.last,
            earliest <= first.last && last.first <= latest && earliest <= latest,
        )
    }

    /// All its days are before the first of these days.
    pub fn before(&self, days: Days) -> Truth {
        self.compare_days(Order::Less, days)
    }

    /// All its days are after the last of these days.
    pub fn after(&self, days: Days) -> Truth {
        self.compare_days(Order::Greater, days)
    }

    /// It began on one of these days.
    pub fn start_within(&self, days: Days) -> Truth {
        let first = self.first_day();
        Truth::of(days.covers(first), days.overlaps(first))
    }

    /// The two have a day in common, over all choices of the days of both.
    pub fn shares_a_day_with(&self, other: &Date) -> Truth {
        let (first, last) = (self.first_day(), self.last_day());
        let (other_first, other_last) = (other.first_day(), other.last_day());
        Truth::of(
            first.last <= other_last.first && other_first.last <= last.first,
            first.first <= other_last.last && other_first.first <= last.last,
        )
    }

    /// All its days are among the days of `other`, over all choices of the days of both.
    pub fn during_all_of(&self, other: &Date) -> Truth {
        let (first, last) = (self.first_day(), self.last_day());
        let (other_first, other_last) = (other.first_day(), other.last_day());
        let some = if other.lasts {
            self.during(other.covering()).is_possible()
        } else {
            // First and last day must both be the one day of the other.
            last.first.max(other.start.first) <= first.last.min(other.start.last)
        };
        Truth::of(other_first.last <= first.first && last.last <= other_last.first, some)
    }

    /// Compares the day that counts for `order` with what the choice of the other's first and last day may be.
    fn stands(&self, order: Order, first: Days, last: Days) -> Truth {
        match order {
            Order::Less => less(self.last_day(), first),
            Order::LessEqual => !less(last, self.last_day()),
            Order::Greater => less(last, self.first_day()),
            Order::GreaterEqual => !less(self.first_day(), first),
        }
    }

    /// The days that may be its first: those of the start that are not after every possible end.
    fn first_day(&self) -> Days {
        Days { first: self.start.first, last: self.start.last.min(self.end.last) }
    }

    /// The days that may be its last: those of the end that are not before every possible start.
    fn last_day(&self) -> Days {
        Days { first: self.end.first.max(self.start.first), last: self.end.last }
    }
}

/// Is a day of `a` before a day of `b`?
fn less(a: Days, b: Days) -> Truth {
    Truth::of(a.last < b.first, a.first < b.last)
}
