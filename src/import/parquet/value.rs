//! Values as the text that a table of text would have for them.

use std::fmt::{Display, Write};

use jiff::Timestamp;
use jiff::tz::Offset;

/// The most digits behind the point of a decimal.
pub(super) const SCALE: usize = 76;

const DAY: i128 = 86_400_000_000_000;

/// The day 1970-01-01 in days of the Julian period.
const EPOCH: i128 = 2_440_588;

/// What the values of a column mean beside what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    Itself,
    Unsigned,
    /// Days since 1970.
    Date,
    /// Since midnight, in units of so many nanoseconds.
    Time(i64),
    /// Since 1970, in units of so many nanoseconds; true when it is in UTC, not in a zone that nobody names.
    Timestamp(i64, bool),
    /// A whole number with so many digits behind the point.
    Decimal(usize),
    Uuid,
}

impl Means {
    pub(super) fn int32(self, value: i32, to: &mut String) -> Result<(), String> {
        match self {
            Means::Unsigned => put(value.cast_unsigned(), to),
            _ => self.int64(value.into(), to),
        }
    }

    pub(super) fn int64(self, value: i64, to: &mut String) -> Result<(), String> {
        match self {
            Means::Unsigned => put(value.cast_unsigned(), to),
            Means::Date => {
                let moment = moment(i128::from(value) * DAY)?;
                put(Offset::UTC.to_datetime(moment).date(), to)
            }
            Means::Time(unit) => {
                let nanos = i128::from(value) * i128::from(unit);
                if !(0..DAY).contains(&nanos) {
                    return Err("it is no time of day".to_owned());
                }
                put(Offset::UTC.to_datetime(moment(nanos)?).time(), to)
            }
            Means::Timestamp(unit, utc) => stamp(i128::from(value) * i128::from(unit), utc, to),
            Means::Decimal(scale) => decimal(value.into(), scale, to),
            Means::Itself | Means::Uuid => put(value, to),
        }
    }

    /// Nanoseconds of a day in two words, and the day of the Julian period.
    pub(super) fn int96(self, words: &[u32], to: &mut String) -> Result<(), String> {
        let utc = matches!(self, Means::Timestamp(_, true));
        match words {
            &[low, high, day] => {
                let nanos = (i128::from(high) << 32) | i128::from(low);
                stamp((i128::from(day) - EPOCH) * DAY + nanos, utc, to)
            }
            _ => Err("it is no moment".to_owned()),
        }
    }

    pub(super) fn bytes(self, value: &[u8], to: &mut String) -> Result<(), String> {
        match self {
            Means::Decimal(scale) => decimal(whole(value)?, scale, to),
            Means::Uuid => {
                for (at, byte) in value.iter().enumerate() {
                    if [4, 6, 8, 10].contains(&at) {
                        to.push('-');
                    }
                    put(format_args!("{byte:02x}"), to)?;
                }
                Ok(())
            }
            _ => {
                let text = str::from_utf8(value).map_err(|_| {
                    "it holds bytes that are no UTF-8: write the column as text, or leave it out"
                })?;
                to.push_str(text);
                Ok(())
            }
        }
    }
}

/// A number that reads back as the same; nothing for what is none.
pub(super) fn float(value: f32, to: &mut String) -> Result<(), String> {
    if value.is_nan() { Ok(()) } else { put(value, to) }
}

/// As [`float`].
pub(super) fn double(value: f64, to: &mut String) -> Result<(), String> {
    if value.is_nan() { Ok(()) } else { put(value, to) }
}

/// `2018-01-01T00:15:00Z`, without the `Z` where the zone is unknown.
fn stamp(nanos: i128, utc: bool, to: &mut String) -> Result<(), String> {
    put(Offset::UTC.to_datetime(moment(nanos)?), to)?;
    if utc {
        to.push('Z');
    }
    Ok(())
}

fn moment(nanos: i128) -> Result<Timestamp, String> {
    Timestamp::from_nanosecond(nanos)
        .map_err(|_| "its date lies beyond the years -9999 to 9999".to_owned())
}

fn decimal(value: i128, scale: usize, to: &mut String) -> Result<(), String> {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    put(format_args!("{sign}{whole}{point}{fraction}"), to)
}

/// The number that bytes are, the highest first.
fn whole(bytes: &[u8]) -> Result<i128, String> {
    let sign = if bytes.first().is_some_and(|first| *first >= 0x80) { 0xff } else { 0 };
    let mut wide = [sign; 16];
    let spare = bytes.len().saturating_sub(wide.len());
    let (high, low) = bytes.split_at(spare);
    let start = wide.len() - low.len();
    wide.iter_mut().skip(start).zip(low).for_each(|(to, from)| *to = *from);
    let value = i128::from_be_bytes(wide);
    if high.iter().any(|byte| *byte != sign) || (value < 0) != (sign > 0) {
        return Err("it is a decimal of more than 38 digits".to_owned());
    }
    Ok(value)
}

fn put(value: impl Display, to: &mut String) -> Result<(), String> {
    write!(to, "{value}").map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(write: impl FnOnce(&mut String) -> Result<(), String>) -> String {
        let mut text = String::new();
        match write(&mut text) {
            Ok(()) => text,
            Err(why) => why,
        }
    }

    #[test]
    fn moments_are_iso() {
        assert_eq!(told(|to| Means::Date.int32(17_532, to)), "2018-01-01");
        assert_eq!(told(|to| Means::Date.int32(-1, to)), "1969-12-31");
        assert!(told(|to| Means::Date.int32(i32::MAX, to)).contains("9999"));
        let millis = |utc| Means::Timestamp(1_000_000, utc);
        let at = 1_514_765_700_000;
        assert_eq!(told(|to| millis(true).int64(at, to)), "2018-01-01T00:15:00Z");
        assert_eq!(told(|to| millis(false).int64(at + 5, to)), "2018-01-01T00:15:00.005");
        assert!(told(|to| millis(true).int64(i64::MIN, to)).contains("9999"));
        assert_eq!(told(|to| Means::Time(1_000).int64(900_000_000, to)), "00:15:00");
        assert!(told(|to| Means::Time(1_000).int64(-1, to)).contains("no time of day"));
        let old = Means::Timestamp(1, false);
        assert_eq!(told(|to| old.int96(&[0, 0, 2_458_120], to)), "2018-01-01T00:00:00");
    }

    #[test]
    fn numbers_read_back() {
        assert_eq!(told(|to| Means::Unsigned.int32(-1, to)), "4294967295");
        assert_eq!(told(|to| Means::Itself.int64(20_180_101_000_000, to)), "20180101000000");
        assert_eq!(told(|to| float(0.1, to)), "0.1");
        assert_eq!(told(|to| double(-9.5, to)), "-9.5");
        assert_eq!(told(|to| double(4.0, to)), "4");
        assert_eq!(told(|to| double(f64::NAN, to)), "");
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(told(|to| Means::Decimal(2).int32(-7, to)), "-0.07");
        assert_eq!(told(|to| Means::Decimal(0).int64(12, to)), "12");
        assert_eq!(told(|to| Means::Decimal(3).bytes(&[0xff, 0x85], to)), "-0.123");
        let wide = [&[0xff; 24][..], &(-123_456i128).to_be_bytes()].concat();
        assert_eq!(told(|to| Means::Decimal(2).bytes(&wide, to)), "-1234.56");
        assert!(told(|to| Means::Decimal(2).bytes(&[1; 32], to)).contains("more than 38"));
        assert_eq!(told(|to| Means::Decimal(2).bytes(&[], to)), "0.00");
    }

    #[test]
    fn bytes_are_text_or_told() {
        assert_eq!(told(|to| Means::Itself.bytes("Muñoz".as_bytes(), to)), "Muñoz");
        assert!(told(|to| Means::Itself.bytes(b"\xff", to)).contains("no UTF-8"));
        let uuid: Vec<u8> = (0..16).collect();
        let text = "00010203-0405-0607-0809-0a0b0c0d0e0f";
        assert_eq!(told(|to| Means::Uuid.bytes(&uuid, to)), text);
    }
}
