//! A value as one line of text.

use crate::error::visible;
use crate::model::Value;

/// A value as people read it: dates as they were told, lists joined with `; `, nothing for what is not known.
pub(crate) fn told(value: &Value) -> String {
    value.to_string()
}

/// A value as programs read it: dates as EDTF, lists joined with `; `, nothing for what is not known.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Date(v) => v.edtf().to_owned(),
        Value::List(values) => {
            let texts: Vec<String> = values.iter().map(plain).collect();
            texts.join("; ")
        }
        Value::Record(fields) => {
            let texts: Vec<String> =
                fields.iter().map(|(name, v)| format!("{name}: {}", plain(v))).collect();
            texts.join(", ")
        }
        other => other.to_string(),
    }
}

/// Text from data made fit for a terminal and for one line of it: no control characters, no direction overrides.
pub(crate) fn on_screen(text: &str) -> String {
    visible(text).replace(['\n', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;

    #[test]
    fn a_date_is_told_to_people_and_edtf_to_programs() {
        let value: Value = Date::year(2015).told_as("sometime in 2015").into();
        assert_eq!(told(&value), "sometime in 2015");
        assert_eq!(plain(&value), "2015");
    }

    #[test]
    fn lists_and_records_are_one_line() {
        let record = Value::Record(vec![
            ("document".to_owned(), "observer".into()),
            ("locator".to_owned(), "p. 3".into()),
        ]);
        assert_eq!(plain(&vec![record, "b".into()].into()), "document: observer, locator: p. 3; b");
    }

    #[test]
    fn nothing_drives_the_terminal() {
        assert_eq!(on_screen("a\x1b[31m\u{202e}b\r\nc"), "a␛[31m\u{fffd}b␍ c");
    }
}
