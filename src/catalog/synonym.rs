//! The names under which data sets bring what are fields here, so that their users can type the names that they know.

use super::field::Field;
use crate::model::fold;

/// A data set's name, reduced to letters and digits, with the field that it means and the property, if it is one.
///
/// A name stands here only when every data set that has it means the same. Numbers of events are missing: the `key` has
/// the name of the data set in front.
const SYNONYMS: &[(&str, Field, Option<&str>)] = &[
    ("eventdate", Field::Date, None),
    ("sqldate", Field::Date, None),
    ("sourcename", Field::Source, None),
    ("actor1name", Field::Source, None),
    ("actor1", Field::Source, None),
    ("sidea", Field::Source, None),
    ("actor1code", Field::Source, Some("code")),
    ("targetname", Field::Target, None),
    ("actor2name", Field::Target, None),
    ("actor2", Field::Target, None),
    ("sideb", Field::Target, None),
    ("actor2code", Field::Target, Some("code")),
    ("cameocode", Field::Code, None),
    ("eventcode", Field::Code, None),
    ("eventrootcode", Field::Root, None),
    ("quadclass", Field::Quad, None),
    ("goldsteinscale", Field::Goldstein, None),
    ("intensity", Field::Goldstein, None),
    ("actiongeofullname", Field::Place, None),
    ("location", Field::Place, None),
    ("notes", Field::Summary, None),
    ("sourceurl", Field::Documents, Some("url")),
];

/// What a data set's name for a field means, however it writes case, blanks and underscores.
pub(crate) fn synonym(name: &str) -> Option<(Field, Option<&'static str>)> {
    let letters = letters(name);
    let found = SYNONYMS.iter().find(|(word, _, _)| *word == letters)?;
    Some((found.1, found.2))
}

/// A name reduced to its letters and digits: `Event Text`, `event_text` and `EventText` are the same.
pub(crate) fn letters(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A name in lower case, its words joined by `_`: `Event Text` and `EventText` become `event_text`.
pub(super) fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for c in name.chars() {
        let word = c.is_uppercase() && (before.is_lowercase() || before.is_numeric());
        if !snake.is_empty() && !snake.ends_with('_') && (word || !c.is_alphanumeric()) {
            snake.push('_');
        }
        if c.is_alphanumeric() {
            snake.push(c);
        }
        before = c;
    }
    fold(snake.trim_end_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_are_found_however_they_are_spelled() {
        for name in ["Event Date", "event_date", "EVENTDATE", "SQLDATE"] {
            assert_eq!(synonym(name), Some((Field::Date, None)), "{name}");
        }
        assert_eq!(synonym("Actor1Code"), Some((Field::Source, Some("code"))));
        assert_eq!(synonym("Actor1CountryCode"), None);
    }

    #[test]
    fn no_field_has_a_synonym_for_its_name() {
        for (word, _, _) in SYNONYMS {
            assert_eq!(letters(word), *word);
            assert_eq!(Field::from_name(word), None, "{word}");
        }
    }

    #[test]
    fn names_become_snake_case() {
        for (name, snake) in [
            ("Event Text", "event_text"),
            ("NumMentions", "num_mentions"),
            ("Actor1Geo_FullName", "actor1_geo_full_name"),
            ("event_id_cnty", "event_id_cnty"),
            ("GLOBALEVENTID", "globaleventid"),
            (" Tone (avg.) ", "tone_avg"),
        ] {
            assert_eq!(snake_case(name), snake);
            assert_eq!(letters(name), letters(snake));
        }
    }
}
