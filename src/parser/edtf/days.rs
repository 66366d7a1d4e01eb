//! What the components of a written date mean: which days, how fine, with what doubt.

use std::ops::Range;

use nom::Offset;

use super::DateError;
use super::grammar::{Component, Written};
use crate::model::{Date, Day, Days, Part, Precision, Qualifier, TimeOfDay, YEARS, YearText};

/// A date without ends of its own.
#[derive(Debug, Clone)]
pub(super) struct Point {
    /// The days that it may be, with what `~` adds.
    pub(super) days: Days,
    pub(super) precision: Precision,
    pub(super) qualifier: Qualifier,
    pub(super) time: Option<TimeOfDay>,
    /// How a query writes it without `@`, where that is more readable.
    told: Option<String>,
}

impl Point {
    pub(super) fn into_date(self, edtf: &str) -> Date {
        let mut date = Date::within(self.days, self.precision);
        edtf.clone_into(&mut date.edtf);
        date.told = self.told;
        date.qualifier = self.qualifier;
        date.time = self.time;
        date
    }
}

/// What is at fault, to be said with the whole text in view.
struct Fault<'t> {
    text: &'t str,
}

impl Fault<'_> {
    fn at(&self, part: &str) -> Range<usize> {
        let start = self.text.offset(part);
        start..start + part.len()
    }

    fn error(&self, part: &str, why: impl std::fmt::Display) -> DateError {
        DateError::new(format!("`{}` is not a date: {why}", self.text), self.at(part))
    }

    /// An error that is mended by writing `with` for `part`.
    fn mend(&self, part: &str, why: impl std::fmt::Display, with: &str) -> DateError {
        let at = self.at(part);
        let (before, after) = (self.text.get(..at.start), self.text.get(at.end..));
        let fixed = format!("{}{with}{}", before.unwrap_or(""), after.unwrap_or(""));
        self.error(part, why).fix(fixed)
    }

    /// Unspecified digits in a place where they leave gaps between the days.
    fn mask(&self, part: &str) -> DateError {
        DateError::new(
            format!("`{}` leaves digits open in a place that is not supported", self.text),
            self.at(part),
        )
        .help("`X` may stand for the last digit or two of a lone year, a month without a day, or a day: `201X`, `20XX`, `2004-XX`, `1985-04-XX`, `1985-XX-XX`; other choices are a set, `[1985-04,1985-06]`")
    }
}

/// The days of a written date.
pub(super) fn resolve(text: &str, written: &Written<'_>) -> Result<Point, DateError> {
    let fault = Fault { text };
    let (mut days, mut precision) = year(&fault, written.year.text)?;
    let mut units = vec![(written.year, precision)];
    let mut told = None;
    let whole_year = precision == Precision::Year;
    let known_year = days.first.ymd().0;
    let mut month = None;

    if let Some(second) = written.second {
        if second.text == "XX" && (whole_year || days == Days::ALL) {
            // The year as it is.
        } else if second.text.contains('X') {
            return Err(fault.mask(second.text));
        } else if whole_year {
            let number = two_digits(&fault, written, second.text)?;
            if (1..=12).contains(&number) {
                month = Some(number);
                days = Days::months(known_year, number, 1);
                precision = Precision::Month;
            } else {
                let part = part(&fault, known_year, second.text, number)?;
                if let Some(day) = written.day {
                    return Err(fault.error(day.text, "a part of a year has no days of its own"));
                }
                days = part.days(known_year);
                precision = part.precision;
                told = Some(format!("{}-{}", YearText(known_year), part.word));
            }
        } else {
            return Err(fault.mask(written.year.text));
        }
        units.push((second, precision));
    }

    if let Some(day) = written.day {
        match month {
            _ if day.text == "XX" => {}
            _ if day.text.contains('X') => return Err(fault.mask(day.text)),
            None => return Err(fault.mask(written.second.map_or("", |s| s.text))),
            Some(month) => {
                let number = two_digits(&fault, written, day.text)?;
                let known = Day::checked(known_year, month, number).ok_or_else(|| {
                    let last = days.last.ymd().2;
                    fault.error(day.text, format_args!("this month has the days 1 to {last}"))
                })?;
                days = Days::one(known);
                precision = Precision::Day;
            }
        }
        units.push((day, precision));
    }

    let time = match written.time {
        None => None,
        Some(text) if precision == Precision::Day => Some(time(&fault, text)?),
        Some(text) => return Err(fault.error(text, "a time of day needs a day")),
    };

    let (days, qualifier) = qualify(days, &units);
    if qualifier != Qualifier::default() {
        told = None;
    }
    Ok(Point { days, precision, qualifier, time, told })
}

/// Every `~` or `%` adds one unit of the component that it stands at on both sides.
fn qualify(days: Days, units: &[(Component<'_>, Precision)]) -> (Days, Qualifier) {
    let (mut months, mut plain_days) = (0, 0);
    let mut all = Qualifier::default();
    for (component, precision) in units {
        for mark in [component.before, component.after].into_iter().flatten() {
            let about = matches!(mark, '~' | '%');
            all = all.or(Qualifier { uncertain: mark != '~', approximate: about });
            if about {
                let unit = precision.unit();
                months += unit.0;
                plain_days += unit.1;
            }
        }
    }
    (days.widened(months, plain_days), all)
}

/// The days of a year, and whether it is a year, a decade, a century or no matter which.
fn year(fault: &Fault<'_>, text: &str) -> Result<(Days, Precision), DateError> {
    let years = |first: i64, last: i64, precision| {
        Ok((Days { first: Days::year(first).first, last: Days::year(last).last }, precision))
    };
    if let Some(number) = text.strip_prefix('Y') {
        let year = long_year(fault, text, number)?;
        return years(year, year, Precision::Year);
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let sign = if negative { "-" } else { "" };
    if let Some((number, significant)) = digits.split_once('S') {
        let error = fault.error(text, "significant digits are not supported");
        return Err(match (number.len(), significant) {
            (4, "3") => error.fix(format!("{sign}{}X", number.get(..3).unwrap_or(""))),
            (4, "2") => error.fix(format!("{sign}{}XX", number.get(..2).unwrap_or(""))),
            _ => error.help("write the years that it may be as a set: `[1950..1959]`"),
        });
    }
    if digits.contains('E') {
        return Err(fault
            .error(text, "exponents are not supported")
            .help("write the year out, with `Y` in front where it has more than four digits"));
    }
    match digits.len() {
        4 => {}
        2 if !digits.contains('X') => {
            return Err(fault.mend(text, "a year has four digits", &format!("{text}XX")));
        }
        3 if !digits.contains('X') => {
            return Err(fault.mend(text, "a year has four digits", &format!("{text}X")));
        }
        5.. if !digits.contains('X') => {
            return Err(fault.mend(
                text,
                "a year of more than four digits has `Y` in front",
                &format!("Y{text}"),
            ));
        }
        _ => return Err(fault.error(text, "a year has four digits")),
    }
    let known = digits.trim_end_matches('X');
    if known.contains('X') {
        return Err(fault.mask(text));
    }
    let (low, high) = match known.len() {
        0 if !negative => return Ok((Days::ALL, Precision::Interval)),
        0 => return Err(fault.mask(text)),
        1 => {
            return Err(fault.mend(
                text,
                "that leaves a thousand years open",
                &format!("[{sign}{known}000..{sign}{known}999]"),
            ));
        }
        2 => (format!("{known}00"), format!("{known}99")),
        3 => (format!("{known}0"), format!("{known}9")),
        _ => (known.to_owned(), known.to_owned()),
    };
    let precision = match known.len() {
        2 => Precision::Century,
        3 => Precision::Decade,
        _ => Precision::Year,
    };
    let number = |digits: &str| {
        digits.parse::<i64>().map_err(|_| fault.error(text, "the year is not a number"))
    };
    let (low, high) = (number(&low)?, number(&high)?);
    match (negative, low) {
        (false, _) => years(low, high, precision),
        (true, 0) => Err(fault.mend(text, "the year 0 has no sign", digits)),
        (true, _) => years(-high, -low, precision),
    }
}

/// The year after a `Y`.
fn long_year(fault: &Fault<'_>, text: &str, number: &str) -> Result<i64, DateError> {
    let digits = number.trim_start_matches('-');
    if let Some((mantissa, exponent)) = number.split_once('E') {
        let error = fault.error(text, "exponents are not supported");
        let zeros = exponent.parse::<usize>().ok().filter(|&e| e <= 9);
        return Err(match zeros {
            Some(zeros) => error.fix(format!("Y{mantissa}{}", "0".repeat(zeros))),
            None => error.help("write the year out"),
        });
    }
    if number.contains('S') {
        return Err(fault.error(text, "significant digits are not supported"));
    }
    if digits.len() <= 4 || digits.starts_with('0') {
        let year: i64 = number.parse().unwrap_or(0);
        let why = "`Y` stands in front of years of more than four digits";
        return Err(fault.mend(text, why, &YearText(year).to_string()));
    }
    match number.parse::<i64>() {
        Ok(year) if year.unsigned_abs() <= YEARS.unsigned_abs() => Ok(year),
        _ => Err(fault.error(text, "years reach from -1000000000 to 1000000000")),
    }
}

/// A part of a year by its number.
fn part(fault: &Fault<'_>, year: i64, text: &str, number: u8) -> Result<&'static Part, DateError> {
    if let Some(part) = Part::of_code(number) {
        return Ok(part);
    }
    // The seasons of the southern hemisphere, spring to winter.
    if let Some(first) =
        [(29, 9), (30, 12), (31, 3), (32, 6)].iter().find(|(code, _)| *code == number)
    {
        let days = Days::months(year, first.1, 3);
        return Err(DateError::new(
            format!("`{}` is a season of the southern hemisphere, which is not supported: the same word would mean other months in two events", fault.text),
            fault.at(text),
        )
        .help("write its months")
        .fix(Date::within(days, Precision::Interval).edtf()));
    }
    let error = fault.error(text, format_args!("there is no month {number}"));
    Err(if i64::from(number) == (year + 1).rem_euclid(100) {
        let (this, next) = (YearText(year), YearText(year + 1));
        error
            .help(format!("write `{this}/{next}` for what lasted from the one year into the other"))
    } else {
        error
    })
}

/// The number of a month, a part or a day.
fn two_digits(fault: &Fault<'_>, written: &Written<'_>, text: &str) -> Result<u8, DateError> {
    match text.len() {
        2 => text.parse().map_err(|_| fault.error(text, "that is not a number")),
        1 => {
            let pad = |c: Component<'_>| format!("-{:0>2}", c.text);
            let fixed = format!(
                "{}{}{}",
                written.year.text,
                written.second.map_or(String::new(), pad),
                written.day.map_or(String::new(), pad)
            );
            let error = fault.error(text, "months and days have two digits");
            let plain = fault.text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            Err(if plain { error.fix(fixed) } else { error })
        }
        4 if written.day.is_none() => {
            Err(fault.error(text, "digits joined by `-` are year, month and day").help(format!(
                "write `[{0}..{text}]` for one unknown day, `{0}/{text}` for what lasted",
                written.year.text
            )))
        }
        _ => Err(fault.error(text, "months and days have two digits")),
    }
}

/// The time of day, by ISO 8601: hours, minutes, seconds, and how far from UTC. Fractions of seconds are dropped.
fn time(fault: &Fault<'_>, text: &str) -> Result<TimeOfDay, DateError> {
    let bad = || {
        fault.error(text, "a time of day is written `14:30:00`, with `Z` or `+05:00` for the zone")
    };
    let zone_at = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone_at);
    let clock = match clock.split_once('.') {
        Some((clock, fraction))
            if fraction.bytes().all(|b| b.is_ascii_digit()) && !fraction.is_empty() =>
        {
            clock
        }
        Some(_) => return Err(bad()),
        None => clock,
    };
    let mut numbers = clock.split(':').map(pair);
    let (Some(Some(hours)), Some(Some(minutes)), seconds, None) =
        (numbers.next(), numbers.next(), numbers.next(), numbers.next())
    else {
        return Err(bad());
    };
    let Some(seconds) = seconds else {
        return Err(fault.mend(clock, "a time of day has seconds", &format!("{clock}:00")));
    };
    let seconds = seconds.ok_or_else(bad)?;
    let total = u32::from(hours) * 3600 + u32::from(minutes) * 60 + u32::from(seconds);
    if minutes > 59 || seconds > 59 || total > 86_400 {
        return Err(fault.error(text, "there is no such time of day"));
    }
    Ok(TimeOfDay { seconds: total, offset: offset(fault, zone)? })
}

fn offset(fault: &Fault<'_>, zone: &str) -> Result<Option<i16>, DateError> {
    let bad = || fault.error(zone, "zones reach from -12:00 to +14:00");
    let (negative, rest) = match (zone.strip_prefix('+'), zone.strip_prefix('-')) {
        _ if zone.is_empty() => return Ok(None),
        _ if zone == "Z" => return Ok(Some(0)),
        (Some(rest), _) => (false, rest),
        (_, Some(rest)) => (true, rest),
        _ => return Err(bad()),
    };
    let (hours, minutes) = match (rest.get(..2), rest.get(2..)) {
        (Some(hours), Some("")) => (pair(hours), Some(0)),
        (Some(hours), Some(minutes)) => (pair(hours), pair(minutes.trim_start_matches(':'))),
        _ => return Err(bad()),
    };
    let (Some(hours), Some(minutes)) = (hours, minutes) else { return Err(bad()) };
    let total = i16::from(hours) * 60 + i16::from(minutes);
    match (negative, total) {
        _ if minutes > 59 => Err(bad()),
        (true, 0) => Err(fault.error(zone, "the zone of UTC has no minus sign")),
        (true, 1..=720) => Ok(Some(-total)),
        (false, 0..=840) => Ok(Some(total)),
        _ => Err(bad()),
    }
}

/// Two digits.
fn pair(text: &str) -> Option<u8> {
    let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}
