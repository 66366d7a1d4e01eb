//! Days as data sets write them.

use crate::import::record::{Record, Reject};
use crate::model::{Date, Day, Days, Precision, Qualifier};
use crate::parser::edtf::parse_edtf;

/// The day of `20171202`, `20171202154500` or `2017-12-02`, the last also with a time of day behind `T` or a blank.
pub(super) fn day(cell: &str) -> Option<Day> {
    if let Some(day) = iso(cell) {
        return Some(day);
    }
    let (date, time) = cell.split_once(['T', ' ']).unwrap_or((cell, "0"));
    let is_time = |byte: u8| byte.is_ascii_digit() || b":.+-Z".contains(&byte);
    if !time.starts_with(|c: char| c.is_ascii_digit()) || !time.bytes().all(is_time) {
        return None;
    }
    let digits = date.bytes().all(|byte| byte.is_ascii_digit());
    match (date.len(), date.get(4..5)) {
        (8 | 14, _) if digits => checked(date.get(..4)?, date.get(4..6)?, date.get(6..8)?),
        (10, Some("-")) if date.get(7..8) == Some("-") => {
            checked(date.get(..4)?, date.get(5..7)?, date.get(8..)?)
        }
        _ => None,
    }
}

/// The day of `2017-12-02` and no more, as most files write it.
fn iso(cell: &str) -> Option<Day> {
    let &[y3, y2, y1, y0, b'-', m1, m0, b'-', d1, d0] = cell.as_bytes() else { return None };
    if ![y3, y2, y1, y0, m1, m0, d1, d0].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let two = |tens: u8, ones: u8| (tens - b'0') * 10 + (ones - b'0');
    let year = i64::from(two(y3, y2)) * 100 + i64::from(two(y1, y0));
    Day::checked(year, two(m1, m0), two(d1, d0))
}

/// The date of a cell that is a day and nothing else: `2017-12-02`, `20171202`.
pub(super) fn certain(cell: &str) -> Option<Date> {
    match iso(cell) {
        // The cell is the EDTF text already.
        Some(day) => Some(Date {
            edtf: cell.to_owned(),
            told: None,
            start: Days::one(day),
            end: Days::one(day),
            lasts: false,
            precision: Precision::Day,
            qualifier: Qualifier::default(),
            time: None,
        }),
        None => day(cell).filter(|_| cell.len() == 8).map(Date::day),
    }
}

/// The day of `12/1/2017`, month first.
pub(super) fn american(cell: &str) -> Option<Day> {
    let (month, rest) = cell.split_once('/')?;
    let (day, year) = rest.split_once('/')?;
    if year.len() == 4 { checked(year, month, day) } else { None }
}

fn checked(year: &str, month: &str, day: &str) -> Option<Day> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse::<u16>().ok() } else { None }
    };
    let small = |text: &str| u8::try_from(number(text)?).ok();
    Day::checked(number(year)?.into(), small(month)?, small(day)?)
}

/// The day in a cell that must hold one.
pub(super) fn needed(record: &Record, at: Option<usize>, name: &str) -> Result<Day, Reject> {
    let cell = record.cell(at).ok_or_else(|| Reject::cell(at, format!("there is no `{name}`")))?;
    day(cell).ok_or_else(|| no_day(at, cell))
}

/// A cell that holds no day.
fn no_day(at: Option<usize>, cell: &str) -> Reject {
    Reject::cell(at, format!("`{cell}` is no day of the calendar"))
}

/// The month or the year of a day, about.
pub(super) fn about(day: Day, precision: Precision) -> Date {
    let (year, month, _) = day.ymd();
    let (plain, text) = match precision {
        Precision::Year => (Date::year(year), format!("{year:04}~")),
        _ => (Date::month(year, month), format!("{year:04}-{month:02}~")),
    };
    parse_edtf(&text).unwrap_or(plain)
}

/// The last date that was read: files are mostly in the order of their days.
#[derive(Debug, Default)]
pub(super) struct Recent {
    cell: String,
    date: Option<(Day, Date)>,
}

impl Recent {
    /// The day of a cell and the date that it is.
    pub(super) fn read(
        &mut self,
        column: Option<usize>,
        cell: &str,
        read: impl Fn(&str) -> Option<Day>,
    ) -> Result<(Day, &Date), Reject> {
        if self.date.is_none() || self.cell != cell {
            let day = read(cell).ok_or_else(|| no_day(column, cell))?;
            cell.clone_into(&mut self.cell);
            self.date = Some((day, Date::day(day)));
        }
        match &self.date {
            Some((day, date)) => Ok((*day, date)),
            None => Err(no_day(column, cell)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_data_sets_write_them() {
        let expected = Day::checked(2017, 12, 2);
        for cell in [
            "20171202",
            "20171202154500",
            "2017-12-02",
            "2017-12-02T15:45:00",
            "2017-12-02T15:45:00Z",
            "2017-12-02 15:45:00.0",
        ] {
            assert_eq!(day(cell), expected, "{cell}");
        }
        assert_eq!(american("12/2/2017"), expected);
        assert_eq!(american("12/02/2017"), expected);
        for cell in [
            "20180231",
            "2018-02-31",
            "2.02E+13",
            "",
            "2017",
            "2017-12",
            "201712",
            "2017-2-20",
            "20-02-2017",
            "2017-02-2x",
            "2017/12/02",
            "2017-12-02 or later",
            "+2017120",
        ] {
            assert_eq!(day(cell), None, "{cell}");
        }
        for cell in ["13/1/2017", "1/2/17", "2017-12-02", "a/b/2017", "2/31/2017"] {
            assert_eq!(american(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_certain_day_is_the_date_of_that_day_in_every_field() {
        for cell in ["2017-12-02", "20171202", "0000-02-29", "9999-12-31", "1900-02-28"] {
            let date = certain(cell).unwrap();
            let expected = Date::day(day(cell).unwrap());
            assert_eq!(format!("{date:?}"), format!("{expected:?}"), "{cell}");
        }
        for cell in ["1900-02-29", "2017-13-01", "2017-00-10", "20171202154500", "2017-1-020"] {
            assert!(certain(cell).is_none(), "{cell}");
        }
    }

    #[test]
    fn about_is_a_month_or_a_year() {
        let day = Day::from_ymd(2017, 12, 2);
        assert_eq!(about(day, Precision::Month).edtf(), "2017-12~");
        assert_eq!(about(day, Precision::Year).edtf(), "2017~");
        assert!(about(day, Precision::Year).qualifier().approximate);
    }
}
