//! One date of a phrase: `late March 2016`, `14 July`, `Q3 2020`. Two that share a month or a year lend it to each other.

use super::words::Piece;
use super::{Reading, Told, wrong};
use crate::model::{Day, Days, Part, Qualifier, THIRDS_OF_MONTH};

/// What a day or a piece is of, besides a year.
#[derive(Debug, Clone, Copy)]
pub(super) enum Base {
    Month(u8),
    Part(&'static Part),
    /// So many years from the year.
    Years(u8),
    Span(Days),
}

/// A date as far as its own words tell it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Partial {
    pub(super) piece: Option<Piece>,
    pub(super) day: Option<u8>,
    pub(super) base: Option<Base>,
    pub(super) year: Option<i64>,
    pub(super) qualifier: Qualifier,
}

/// Two dates, each completed out of the other: `14-16 July 2001`, `July 14-16, 2001`, `early to mid 2014`.
pub(super) fn both(phrase: &str, mut a: Partial, mut b: Partial) -> Reading<(Told, Told)> {
    if a.base.is_none() && a.year.is_none() && (a.day.is_some() || a.piece.is_some()) {
        a.base = b.base;
    }
    if b.base.is_none() && b.day.is_some() {
        b.base = a.base;
    }
    let borrowed = a.year.is_none();
    a.year = a.year.or(b.year);
    b.year = b.year.or(a.year);
    let (mut first, second) = (a.resolve(phrase)?, b.resolve(phrase)?);
    if borrowed && first.days.first > second.days.last {
        // `from November to February 2015` began in 2014.
        a.year = a.year.map(|y| y - 1);
        first = a.resolve(phrase)?;
    }
    Ok((first, second))
}

impl Partial {
    /// Its days.
    pub(super) fn resolve(self, phrase: &str) -> Reading<Told> {
        let told = |days| Told { days, qualifier: self.qualifier };
        if let Some(Base::Span(days)) = self.base {
            return match self.piece {
                None => Ok(told(days)),
                Some(piece) => piece_of(piece, self.base, days).map(told).ok_or(None),
            };
        }
        let Some(year) = self.year else {
            let why = "has no year";
            return Err(Some(wrong(phrase, why).help("write the year: `14 July 2001`")));
        };
        if let Some(day) = self.day {
            let Some(Base::Month(month)) = self.base else { return Err(None) };
            return match Day::checked(year, month, day) {
                Some(day) => Ok(told(Days::one(day))),
                None => Err(Some(wrong(phrase, "has a day that its month has not"))),
            };
        }
        let days = match self.base {
            None => Days::year(year),
            Some(Base::Month(month)) => Days::months(year, month, 1),
            Some(Base::Part(part)) => part.days(year),
            Some(Base::Years(count)) => {
                Days::year(year).hull(Days::year(year + i64::from(count) - 1))
            }
            Some(Base::Span(days)) => days,
        };
        match self.piece {
            None => Ok(told(days)),
            Some(piece) => piece_of(piece, self.base, days).map(told).ok_or_else(|| {
                Some(wrong(phrase, "divides a stretch of time that is not divided so"))
            }),
        }
    }
}

/// The days of a piece. Years go in months, decades and centuries in years (four, three and three to a decade), months in days.
fn piece_of(piece: Piece, base: Option<Base>, whole: Days) -> Option<Days> {
    let (year, month, _) = whole.first.ymd();
    let of_month = |from: u8, to: u8| Days {
        first: Day::from_ymd(year, month, from),
        last: Day::from_ymd(year, month, to),
    };
    let is_month = whole == Days::months(year, month, 1);
    let (count, index) = match piece {
        Piece::LastWeek => {
            let first = whole.last.plus_days(-6);
            return is_month.then_some(Days { first, last: whole.last });
        }
        Piece::Week(n) => return is_month.then(|| of_month(n * 7 - 6, n * 7)),
        Piece::Third(n) if is_month => {
            return THIRDS_OF_MONTH
                .get(usize::from(n) - 1)
                .map(|&(_, from, to)| of_month(from, to));
        }
        Piece::Half(1) if is_month => return Some(of_month(1, 15)),
        Piece::Half(_) if is_month => return Some(of_month(16, 31)),
        Piece::Quarter(_) if is_month => return None,
        Piece::Third(n) => (3, i64::from(n) - 1),
        Piece::Half(n) => (2, i64::from(n) - 1),
        Piece::Quarter(n) => (4, i64::from(n) - 1),
    };
    let start = |at: i64, length: i64| (at * length + count - 1).div_euclid(count);
    if let Some(Base::Years(years)) = base {
        let (from, to) = (start(index, i64::from(years)), start(index + 1, i64::from(years)) - 1);
        return Some(Days::year(year + from).hull(Days::year(year + to)));
    }
    let end = whole.last.plus_days(1);
    let months = end.ymd().0 * 12 + i64::from(end.ymd().1) - year * 12 - i64::from(month);
    let divides = whole.first.ymd().2 == 1 && end.ymd().2 == 1 && months % count == 0;
    let length = months / count;
    let first = whole.first.plus_months(index * length);
    divides.then(|| Days { first, last: first.plus_months(length).plus_days(-1) })
}
