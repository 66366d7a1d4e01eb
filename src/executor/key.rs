//! Values as bytes, equal exactly where the values say the same: what grouping and `unique` look up.

use crate::model::Value;

/// Appends the bytes of a value.
pub(super) fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0),
        Value::Bool(b) => out.extend([1, u8::from(*b)]),
        Value::Int(i) => int(*i, out),
        Value::Float(f) => float(*f, out),
        Value::Text(text) => {
            out.push(4);
            bytes(text, out);
        }
        Value::Date(date) => {
            out.push(5);
            let (start, end) = (date.start(), date.end());
            for day in [start.first, start.last, end.first, end.last] {
                out.extend(day.0.to_be_bytes());
            }
            out.push(u8::from(date.lasts()));
            bytes(date.edtf(), out);
        }
        Value::Duration(duration) => {
            out.push(6);
            for part in [duration.months, duration.days, duration.seconds] {
                out.extend(part.to_be_bytes());
            }
        }
        Value::Quantity(quantity) => {
            out.push(7);
            float(quantity.low, out);
            float(quantity.high, out);
            for text in [&quantity.unit, &quantity.of] {
                out.push(u8::from(text.is_some()));
                bytes(text.as_deref().unwrap_or_default(), out);
            }
            out.extend([u8::from(quantity.change), u8::from(quantity.approx)]);
        }
        Value::List(list) => {
            out.push(8);
            length(list.len(), out);
            for value in list {
                write(value, out);
            }
        }
        Value::Record(fields) => {
            out.push(9);
            length(fields.len(), out);
            for (name, value) in fields {
                bytes(name, out);
                write(value, out);
            }
        }
    }
}

/// The bytes of several values, one behind the other.
pub(super) fn of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Vec<u8> {
    let mut out = Vec::new();
    values.into_iter().for_each(|value| write(value, &mut out));
    out
}

fn int(value: i64, out: &mut Vec<u8>) {
    out.push(2);
    out.extend(value.to_be_bytes());
}

/// A float that is a whole number has the bytes of that number.
fn float(value: f64, out: &mut Vec<u8>) {
    if let Value::Int(i) = super::number::whole(value) {
        int(i, out);
    } else {
        out.push(3);
        let value = if value.is_nan() { f64::NAN } else { value };
        out.extend(value.to_bits().to_be_bytes());
    }
}

fn bytes(text: &str, out: &mut Vec<u8>) {
    length(text.len(), out);
    out.extend(text.as_bytes());
}

fn length(length: usize, out: &mut Vec<u8>) {
    out.extend((length as u64).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;

    #[test]
    fn equal_numbers_have_one_key() {
        assert_eq!(of([&Value::Int(2)]), of([&Value::Float(2.0)]));
        assert_eq!(of([&Value::Float(0.0)]), of([&Value::Float(-0.0)]));
        assert_ne!(of([&Value::Int(2)]), of([&Value::Float(2.5)]));
    }

    #[test]
    fn how_a_date_was_told_does_not_count() {
        let date = Date::year(2015);
        let told = Value::from(date.clone().told_as("some time in 2015"));
        assert_eq!(of([&told]), of([&Value::from(date)]));
    }

    #[test]
    fn the_seams_between_values_count() {
        let (ab, c, a, bc) = ("ab".into(), "c".into(), "a".into(), "bc".into());
        assert_ne!(of([&ab, &c]), of([&a, &bc]));
        assert_ne!(of([&Value::Null]), of([&Value::from("")]));
        assert_ne!(of([&Value::from(vec!["a", "b"])]), of([&a, &Value::from("b")]));
    }
}
