//! What the cells of a column hold.

use super::number::Numbers;
use crate::model::Value;

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Text, codes among it: zeros in front are kept.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// Texts with this between them.
    List(char),
    /// Whatever it looks like: a number that would be written the same way, else text.
    Any,
}

impl Holds {
    /// A cell as a value, its number as the file writes numbers.
    pub(super) fn value(self, cell: &str, numbers: &mut Numbers) -> Result<Value, String> {
        Ok(match self {
            Holds::Text => Value::Text(cell.to_owned()),
            // Table programs write `4.0` where other cells of the column are empty.
            Holds::Int => Value::Int(
                (cell.strip_suffix(".0").or_else(|| cell.strip_suffix(",0")))
                    .unwrap_or(cell)
                    .parse()
                    .map_err(|_| format!("`{cell}` is no whole number"))?,
            ),
            Holds::Float => Value::Float(numbers.read(cell)?),
            Holds::List(between) => {
                let texts = cell.split(between).map(str::trim).filter(|text| !text.is_empty());
                Value::List(texts.map(Value::from).collect())
            }
            Holds::Any => guess(cell),
        })
    }
}

/// `12` and `-3.5` are numbers; `007`, `1e5` and `+4` stay text, for a number would lose how they are written.
fn guess(cell: &str) -> Value {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let plain = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && (!digits.starts_with('0') || digits == "0" || digits.starts_with("0."));
    let number = match cell.parse::<i64>() {
        _ if !plain => None,
        Ok(whole) => Some(Value::Int(whole)),
        Err(_) => cell.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float),
    };
    number.unwrap_or_else(|| Value::Text(cell.to_owned()))
}

/// The members of a cell with a mark between them.
pub(super) fn members(cell: Option<&str>, mark: char) -> impl Iterator<Item = &str> {
    let members = cell.into_iter().flat_map(move |cell| cell.split(mark)).map(str::trim);
    members.filter(|member| !member.is_empty() && *member != "None")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_would_lose_their_looks_stay_text() {
        for text in ["007", "1e5", "+4", "-", "1.2.3", "0431", "12a", "99999999999999999999.1.1"] {
            assert_eq!(guess(text), Value::Text(text.to_owned()), "{text}");
        }
        assert_eq!(guess("12"), Value::Int(12));
        assert_eq!(guess("-0.5"), Value::Float(-0.5));
        assert_eq!(guess("0"), Value::Int(0));
    }
}
