//! CAMEO codes as data sets write them: cut short by spreadsheets, with digits of their own, or told in words alone.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::model::{Codebook, Kind, fold};

/// CAMEO codes have two to four digits.
const LONGEST: usize = 4;

/// The event texts of ICEWS that are no titles of codes.
const TEXTS: &str = include_str!("../../../fixtures/codebook/icews_texts.tsv");

/// The kind of a code: its own, or that of the longest beginning of it that is known. `13y` is a threat.
pub(crate) fn kind(code: &str) -> Option<&'static Kind> {
    let book = Codebook::builtin();
    if code.len() > LONGEST {
        return None;
    }
    (2..=code.len()).rev().find_map(|len| book.by_code(code.get(..len)?))
}

/// The code that an event text of ICEWS stands for. The two are one to one in ICEWS, and roots do not occur.
pub(crate) fn code_of_text(text: &str) -> Option<&'static str> {
    static CODES: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
        let titles = Codebook::builtin().kinds().iter().filter_map(|kind| {
            let code = kind.code.as_deref().filter(|code| code.len() > 2)?;
            let title = kind.title.as_deref()?;
            Some((title.strip_suffix(", not specified below").unwrap_or(title), code))
        });
        let texts = TEXTS.lines().filter(|line| !line.starts_with('#')).skip(1);
        let texts = texts.filter_map(|line| line.split_once('\t')).map(|(code, text)| (text, code));
        titles.chain(texts).map(|(text, code)| (fold(text), code)).collect()
    });
    CODES.get(fold(text).as_str()).copied()
}

/// What a row says beside a code, by which a code that lost its zero is told from one that never had one.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signs<'a> {
    /// The root code, which may have lost its zero too.
    pub(crate) root: Option<&'a str>,
    /// The quad class.
    pub(crate) quad: Option<&'a str>,
    /// The event text of ICEWS.
    pub(crate) text: Option<&'a str>,
    /// The score, on the scale of GDELT or of ICEWS.
    pub(crate) goldstein: Option<f64>,
}

/// The code with the zero in front that a spreadsheet took from it; none when it has lost none, or nobody can tell.
///
/// `43` can only be `043`. Of all codes, only `10` to `20` are codes with and without the zero, and only for them are the
/// signs looked at: `10` is a demand, `010` a statement.
pub(crate) fn mended(code: &str, signs: Signs<'_>) -> Option<String> {
    if code.starts_with('0') || code.len() >= LONGEST {
        return None;
    }
    let book = Codebook::builtin();
    let plain = book.by_code(code);
    if plain.is_some() && code.len() > 2 {
        return None;
    }
    let padded = format!("0{code}");
    let with_zero = book.by_code(&padded)?;
    plain.is_none_or(|plain| lost(code, plain, &padded, with_zero, signs)).then_some(padded)
}

/// Do the signs speak for the code with the zero? The first that speaks for one of the two decides.
fn lost(code: &str, plain: &Kind, padded: &str, with_zero: &Kind, signs: Signs<'_>) -> bool {
    let root = signs.root.map(|root| root.trim_start_matches('0'));
    let quad: Option<u8> = signs.quad.and_then(|quad| quad.parse().ok());
    let text = signs.text.and_then(code_of_text);
    let scores = |kind: &Kind| {
        let is = |score: Option<f64>| {
            signs.goldstein.zip(score).is_some_and(|(given, score)| (given - score).abs() < 1e-9)
        };
        is(kind.goldstein) || is(kind.intensity)
    };
    let verdicts = [
        (root == padded.get(1..2), root == Some(code)),
        (quad.is_some() && quad == with_zero.quad, quad.is_some() && quad == plain.quad),
        (text == Some(padded), text.is_some_and(|text| text.starts_with(code))),
        (scores(with_zero), scores(plain)),
    ];
    let decided = verdicts.into_iter().find(|(zero, none)| zero != none);
    decided.is_some_and(|(zero, _)| zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(code: &str) -> Option<&'static str> {
        kind(code).map(|kind| kind.name.as_str())
    }

    #[test]
    fn codes_are_kinds_by_their_longest_known_beginning() {
        assert_eq!(name("043"), Some("hosted visit"));
        assert_eq!(name("13y"), name("13"));
        assert_eq!(name("1215"), name("121"));
        assert_eq!(name("106"), Codebook::builtin().by_code("106").map(|k| k.name.as_str()));
        assert_eq!(name("1213"), Some("rejection of judicial cooperation"));
        for nothing in ["", "9", "99", "---", "19999", "é1"] {
            assert_eq!(name(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn only_two_digits_are_codes_with_and_without_a_zero() {
        let book = Codebook::builtin();
        let codes = book.kinds().iter().filter_map(|kind| kind.code.as_deref());
        let both: Vec<_> =
            codes.filter(|code| book.by_code(&format!("0{code}")).is_some()).collect();
        assert_eq!(both, ["10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"]);
    }

    #[test]
    fn lost_zeros_are_put_back_where_something_tells() {
        let none = Signs::default();
        let mend = |code: &str, signs| mended(code, signs).unwrap_or_else(|| code.to_owned());
        for (written, code) in
            [("43", "043"), ("1", "01"), ("214", "0214"), ("173", "173"), ("1312", "1312")]
        {
            assert_eq!(mend(written, none), code);
        }
        for untold in ["10", "20", "010", "99", "13y"] {
            assert_eq!(mend(untold, none), untold);
        }
        let root = |root| Signs { root: Some(root), ..none };
        let quad = |quad| Signs { quad: Some(quad), ..none };
        let text = |text| Signs { text: Some(text), ..none };
        let score = |score| Signs { goldstein: Some(score), ..none };
        for signs in [root("1"), root("01"), quad("1"), text("Make statement"), score(0.0)] {
            assert_eq!(mend("10", signs), "010", "{signs:?}");
        }
        for signs in [root("10"), quad("3"), text("Demand"), score(-5.0), score(7.7)] {
            assert_eq!(mend("10", signs), "10", "{signs:?}");
        }
        assert_eq!(mend("20", root("2")), "020");
        // GDELT's score and the one of ICEWS both tell.
        assert_eq!(mend("16", score(-5.0)), "016");
        assert_eq!(mend("16", score(-4.0)), "16");
    }

    #[test]
    fn event_texts_are_codes_one_to_one() {
        for (text, code) in [
            ("Consult", "040"),
            ("make statement", "010"),
            ("Demand", "100"),
            ("Appeal for aid", "023"),
            ("Threaten with repression", "137"),
            ("Reject judicial cooperation", "1213"),
            ("Meet at a 'third' location", "044"),
        ] {
            assert_eq!(code_of_text(text), Some(code), "{text}");
        }
        assert_eq!(code_of_text("Speak"), None);
        let rows = TEXTS.lines().filter(|line| !line.starts_with('#')).skip(1);
        for line in rows {
            let (code, text) = line.split_once('\t').unwrap();
            assert!(Codebook::builtin().by_code(code).is_some(), "{code}");
            assert_eq!(code_of_text(text), Some(code));
        }
    }
}
