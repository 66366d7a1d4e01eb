//! Truth about what is only partly known.

use std::ops::Not;

/// One of Kleene's three values, ordered by how true it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kleene {
    /// False.
    False,
    /// Missing: nothing is known to compare.
    Unknown,
    /// True.
    True,
}

impl From<bool> for Kleene {
    fn from(value: bool) -> Self {
        if value { Kleene::True } else { Kleene::False }
    }
}

impl Not for Kleene {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Kleene::False => Kleene::True,
            Kleene::Unknown => Kleene::Unknown,
            Kleene::True => Kleene::False,
        }
    }
}

/// What a condition is at the worst and at the best choice of the days that are in doubt.
///
/// `where` keeps what is true at worst, `possibly` what is true at best. What is *missing* is unknown in both.
/// Invariant: `worst <= best`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Truth {
    /// The value at the worst choice.
    pub worst: Kleene,
    /// The value at the best choice.
    pub best: Kleene,
}

impl Truth {
    /// True whatever is chosen.
    pub const TRUE: Truth = Truth { worst: Kleene::True, best: Kleene::True };
    /// False whatever is chosen.
    pub const FALSE: Truth = Truth { worst: Kleene::False, best: Kleene::False };
    /// It depends on days that are in doubt.
    pub const POSSIBLE: Truth = Truth { worst: Kleene::False, best: Kleene::True };
    /// There is nothing to compare.
    pub const MISSING: Truth = Truth { worst: Kleene::Unknown, best: Kleene::Unknown };

    /// True when all choices are, false when not even some choice is.
    pub fn of(all: bool, some: bool) -> Truth {
        Truth { worst: all.into(), best: (all || some).into() }
    }

    /// True whatever is chosen?
    pub fn is_certain(self) -> bool {
        self.worst == Kleene::True
    }

    /// True for some choice?
    pub fn is_possible(self) -> bool {
        self.best == Kleene::True
    }

    /// Both true, as far as each goes.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        Truth { worst: self.worst.min(other.worst), best: self.best.min(other.best) }
    }

    /// Either true, as far as each goes.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        Truth { worst: self.worst.max(other.worst), best: self.best.max(other.best) }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::TRUE } else { Truth::FALSE }
    }
}

impl Not for Truth {
    type Output = Self;
    fn not(self) -> Self {
        Truth { worst: !self.best, best: !self.worst }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_possible_stays_possible_when_negated() {
        assert_eq!(!Truth::POSSIBLE, Truth::POSSIBLE);
        assert_eq!(!Truth::MISSING, Truth::MISSING);
        assert_eq!(!Truth::TRUE, Truth::FALSE);
    }

    #[test]
    fn kleene_and_is_the_lesser_or_the_greater() {
        assert_eq!(Truth::MISSING.and(Truth::FALSE), Truth::FALSE);
        assert_eq!(Truth::MISSING.and(Truth::TRUE), Truth::MISSING);
        assert_eq!(Truth::MISSING.or(Truth::TRUE), Truth::TRUE);
        assert_eq!(
            Truth::POSSIBLE.or(Truth::MISSING),
            Truth { worst: Kleene::Unknown, best: Kleene::True }
        );
    }
}
