//! Dates as they are stored: by their days alone where all else follows from them.

use std::borrow::Cow;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::calendar::{Day, Days};
use super::{Date, Precision, Qualifier, TimeOfDay};

/// A date in the shortest form that says all of it.
#[derive(Serialize, Deserialize)]
enum Stored<'a> {
    /// [`Date::day`] of a year of four digits.
    Day(Day),
    /// [`Date::spanning`].
    Spanning(Days),
    /// [`Date::lasting`].
    Lasting(Days, Days),
    /// Any other, by all its fields.
    Whole {
        edtf: Cow<'a, str>,
        told: Option<Cow<'a, str>>,
        start: Days,
        end: Days,
        lasts: bool,
        precision: Precision,
        qualifier: Qualifier,
        time: Option<TimeOfDay>,
    },
}

impl<'a> From<&'a Date> for Stored<'a> {
    fn from(date: &'a Date) -> Self {
        let plain = date.qualifier == Qualifier::default() && date.time.is_none();
        if plain && !date.lasts && date.start == date.end && date.start.first <= date.start.last {
            let day = date.start.first;
            if date.start.is_one()
                && date.precision == Precision::Day
                && date.told.is_none()
                && digits(day).is_some_and(|digits| digits == date.edtf.as_bytes())
            {
                return Stored::Day(day);
            }
            if is_same(date, &Date::spanning(date.start)) {
                return Stored::Spanning(date.start);
            }
        }
        if plain && date.lasts && is_same(date, &Date::lasting(date.start, date.end)) {
            return Stored::Lasting(date.start, date.end);
        }
        Stored::Whole {
            edtf: Cow::Borrowed(&date.edtf),
            told: date.told.as_deref().map(Cow::Borrowed),
            start: date.start,
            end: date.end,
            lasts: date.lasts,
            precision: date.precision,
            qualifier: date.qualifier,
            time: date.time,
        }
    }
}

impl TryFrom<Stored<'_>> for Date {
    type Error = &'static str;

    fn try_from(stored: Stored<'_>) -> Result<Date, Self::Error> {
        match stored {
            Stored::Day(day) => {
                let digits = digits(day).ok_or("a day of no year of four digits")?;
                Ok(Date {
                    edtf: digits.into_iter().map(char::from).collect(),
                    told: None,
                    start: Days::one(day),
                    end: Days::one(day),
                    lasts: false,
                    precision: Precision::Day,
                    qualifier: Qualifier::default(),
                    time: None,
                })
            }
            Stored::Spanning(days) if days.first > days.last => {
                Err("days that end before they begin")
            }
            Stored::Spanning(days) => Ok(Date::spanning(days)),
            Stored::Lasting(start, end) => Ok(Date::lasting(start, end)),
            Stored::Whole { edtf, told, start, end, lasts, precision, qualifier, time } => {
                let edtf = edtf.into_owned();
                let told = told.map(Cow::into_owned);
                Ok(Date { edtf, told, start, end, lasts, precision, qualifier, time })
            }
        }
    }
}

impl Date {
    /// The day, of a date that is [`Date::day`] of a year of four digits and says no more than that.
    pub(crate) fn as_plain_day(&self) -> Option<Day> {
        match Stored::from(self) {
            Stored::Day(day) => Some(day),
            _ => None,
        }
    }
}

/// Are they the same in every field? Equality leaves some out.
fn is_same(a: &Date, b: &Date) -> bool {
    a == b
        && (&a.told, a.precision, a.qualifier, a.time)
            == (&b.told, b.precision, b.qualifier, b.time)
}

/// `2014-03-12`; none for a day of a year of more than four digits or before the year 0.
fn digits(day: Day) -> Option<[u8; 10]> {
    let (year, month, day) = day.ymd();
    let year = u16::try_from(year).ok().filter(|year| *year <= 9999)?;
    let digit = |n: u16| b'0' + u8::try_from(n % 10).unwrap_or_default();
    let [month, day] = [month, day].map(|n| [digit(u16::from(n) / 10), digit(u16::from(n))]);
    let [y, e, a, r] = [1000, 100, 10, 1].map(|unit| digit(year / unit));
    Some([y, e, a, r, b'-', month[0], month[1], b'-', day[0], day[1]])
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Date::try_from(Stored::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(first: i64, last: i64) -> Days {
        Days { first: Day(first), last: Day(last) }
    }

    /// The number of the form, after a date went through it and came back the same in every field.
    fn form(date: &Date) -> u8 {
        let stored = Stored::from(date);
        let form = match stored {
            Stored::Day(_) => 0,
            Stored::Spanning(_) => 1,
            Stored::Lasting(..) => 2,
            Stored::Whole { .. } => 3,
        };
        let back = Date::try_from(stored).unwrap();
        assert!(is_same(&back, date), "{back:?} is not {date:?}");
        form
    }

    #[test]
    fn a_date_is_stored_in_the_shortest_form_and_comes_back_the_same() {
        for day in (-719_528..2_932_896).step_by(37).chain([2_932_896]) {
            assert_eq!(form(&Date::day(Day(day))), 0);
        }
        for day in [-719_529, 2_932_897, -1_000_000_000, 1 << 40] {
            assert_eq!(form(&Date::day(Day(day))), 1);
        }
        for date in [
            Date::month(2014, 2),
            Date::year(-44),
            Date::spanning(Days::months(2014, 6, 3)),
            Date::spanning(Days::ALL),
            Date::spanning(days(16_000, 16_010)),
            Date::spanning(Days { first: Day::MIN, last: Day(5) }),
        ] {
            assert_eq!(form(&date), 1, "{date:?}");
        }
        let (march, may) = (Days::months(2014, 3, 1), Days::months(2014, 5, 1));
        assert_eq!(form(&Date::lasting(march, may)), 2);
        assert_eq!(form(&Date::lasting(march, Days::one(Day::MAX))), 2);
        let day = Date::day(Day(16_000));
        let time = Some(TimeOfDay { seconds: 60, offset: None });
        let qualifier = Qualifier { uncertain: true, approximate: false };
        for date in [
            Date { time, ..day.clone() },
            Date { qualifier, ..day.clone() },
            Date { edtf: "2013-10-2X".to_owned(), ..day.clone() },
            Date { precision: Precision::Month, ..day.clone() },
            day.told_as("the other day"),
            Date::within(Days::months(2014, 6, 3), Precision::Interval),
            Date { told: None, ..Date::spanning(Days::months(2014, 6, 3)) },
            Date::within(days(9, 3), Precision::Interval),
            Date { precision: Precision::Year, ..Date::lasting(march, may) },
        ] {
            assert_eq!(form(&date), 3, "{date:?}");
        }
    }

    #[test]
    fn days_that_no_date_has_are_refused_and_none_is_too_far() {
        assert!(Date::try_from(Stored::Day(Day(2_932_897))).is_err());
        assert!(Date::try_from(Stored::Day(Day::MIN)).is_err());
        assert!(Date::try_from(Stored::Spanning(days(1, 0))).is_err());
        let far = [i64::MIN, i64::MIN + 1, -719_528, 0, 2_932_896, i64::MAX - 1, i64::MAX];
        for (first, last) in far.iter().flat_map(|&a| far.map(|b| (a, b))) {
            let spanning = Date::try_from(Stored::Spanning(days(first, last)));
            assert_eq!(spanning.is_ok(), first <= last);
            for (from, to) in far.iter().flat_map(|&a| far.map(|b| (a, b))) {
                let lasting = Stored::Lasting(days(first, last), days(from, to));
                assert!(Date::try_from(lasting).is_ok());
            }
        }
    }
}
