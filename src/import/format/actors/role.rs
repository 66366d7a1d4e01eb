//! The role: a code and the days on which it is an actor's.

use crate::model::{Day, Days};

/// The code of nobody: on these days the name means no actor.
const NOBODY: &str = "---";
/// The last year that a dictionary can mean.
const LAST: i64 = 2099;

/// A code with its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    /// None for `---`.
    pub(super) code: Option<String>,
    /// None for the code of all days that have no other.
    pub(super) days: Option<Days>,
}

impl Role {
    /// The role between two brackets, or what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Role, String> {
        let text = text.trim();
        let (code, dates) = text
            .split_once(char::is_whitespace)
            .map_or((text, ""), |(code, rest)| (code, rest.trim()));
        let is_code =
            !code.is_empty() && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !is_code && code != NOBODY {
            return Err(format!("`[{text}]` has no code of capital letters"));
        }
        let days = days(dates).map_err(|why| format!("`[{text}]` {why}"))?;
        Ok(Role { code: (code != NOBODY).then(|| code.to_owned()), days })
    }
}

/// `<date`, `>date`, `date-date`, or nothing.
fn days(text: &str) -> Result<Option<Days>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let days = if let Some(date) = text.strip_prefix('<') {
        Days { first: Day::MIN, last: day(date)? }
    } else if let Some(date) = text.strip_prefix('>') {
        Days { first: day(date)?, last: Day::MAX }
    } else if let Some((first, last)) = text.split_once('-') {
        Days { first: day(first)?, last: day(last)? }
    } else {
        day(text)?;
        return Err("has a date that says neither from when (`>`) nor until when (`<`)".to_owned());
    };
    if days.last < days.first {
        return Err(format!("ends on {} before it begins on {}", days.last, days.first));
    }
    Ok(Some(days))
}

/// `YYYYMMDD` or `YYMMDD`.
fn day(text: &str) -> Result<Day, String> {
    let text = text.trim();
    let wrong = |why: &str| format!("has the date `{text}`, which {why}");
    if !text.bytes().all(|b| b.is_ascii_digit()) || !matches!(text.len(), 6 | 8) {
        return Err(wrong("is neither YYYYMMDD nor YYMMDD"));
    }
    let (year, rest) = text.split_at(text.len() - 4);
    let (month, day) = rest.split_at(2);
    let year = match (year.parse::<i64>(), year.len()) {
        (Ok(year @ 30..), 2) => 1900 + year,
        (Ok(year), 2) => 2000 + year,
        (Ok(year), _) => year,
        (Err(_), _) => return Err(wrong("has no year")),
    };
    if year > LAST {
        return Err(wrong("lies beyond all that is known"));
    }
    let found = month.parse().ok().zip(day.parse().ok());
    found
        .and_then(|(month, day)| Day::checked(year, month, day))
        .ok_or_else(|| wrong("is no day of the calendar"))
}

/// The days that none of the others covers, in their order.
pub(super) fn gaps(covered: &mut [Days]) -> Vec<Days> {
    covered.sort_by_key(|days| days.first);
    let mut gaps = Vec::new();
    let mut next = Day::MIN;
    for days in covered.iter() {
        if days.first > next {
            gaps.push(Days { first: next, last: days.first.plus_days(-1) });
        }
        if days.last == Day::MAX {
            return gaps;
        }
        next = next.max(days.last.plus_days(1));
    }
    gaps.push(Days { first: next, last: Day::MAX });
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: (i64, u8, u8), last: (i64, u8, u8)) -> Days {
        let day = |(year, month, day)| Day::checked(year, month, day).unwrap();
        Days { first: day(first), last: day(last) }
    }

    #[test]
    fn years_of_two_digits_begin_in_1930() {
        let days = |text: &str| Role::read(text).unwrap().days;
        assert_eq!(days("A 300101-291231"), Some(range((1930, 1, 1), (2029, 12, 31))));
        assert_eq!(days("A 20010620-080818"), Some(range((2001, 6, 20), (2008, 8, 18))));
        assert_eq!(days("A"), None);
        let open = days("A > 140608").unwrap();
        assert_eq!((open.first, open.last), (Day::checked(2014, 6, 8).unwrap(), Day::MAX));
        let open = days("A <20030320").unwrap();
        assert_eq!((open.first, open.last), (Day::MIN, Day::checked(2003, 3, 20).unwrap()));
        assert_eq!(Role::read("---"), Ok(Role { code: None, days: None }));
    }

    #[test]
    fn broken_dates_say_what_is_wrong() {
        for (text, part) in [
            ("A >22000101", "beyond"),
            ("A 20121231-18000101", "before it begins"),
            ("A 2004017-20061201", "neither YYYYMMDD nor YYMMDD"),
            ("A >201005011", "neither"),
            ("A <17041975", "no day"),
            ("A 010230-010301", "no day"),
            ("A 20121204", "from when"),
            ("s", "no code"),
            ("", "no code"),
        ] {
            let reason = Role::read(text).unwrap_err();
            assert!(reason.contains(part), "{text}: {reason}");
        }
    }

    #[test]
    fn what_is_not_covered_is_left() {
        let day = |n| Day(n);
        let mut covered =
            [Days { first: day(10), last: day(20) }, Days { first: day(1), last: day(12) }];
        let left = gaps(&mut covered);
        assert_eq!(
            left,
            [Days { first: Day::MIN, last: day(0) }, Days { first: day(21), last: Day::MAX }]
        );
        let mut all =
            [Days { first: Day::MIN, last: day(4) }, Days { first: day(5), last: Day::MAX }];
        assert_eq!(gaps(&mut all), []);
        assert_eq!(gaps(&mut []), [Days::ALL]);
    }
}
