//! CAMEO codes as files have them: longer than the codebook's, as texts, or with their zero eaten by a spreadsheet.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::model::{Codebook, Kind, fold, table};

/// The table of texts that are no titles of the codebook.
const TEXTS: &str = include_str!("../../fixtures/codebook/icews_texts.tsv");

/// What else a row tells of the kind of its event, as evidence for its code.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Evidence<'a> {
    /// The root code, whose zero may be gone as well.
    pub(crate) root: Option<&'a str>,
    /// The quad class, 1 to 4.
    pub(crate) quad: Option<u8>,
    /// The text of ICEWS.
    pub(crate) text: Option<&'a str>,
    /// The Goldstein value or the intensity.
    pub(crate) score: Option<f64>,
}

/// The kind of a code: its own, or that of the longest code above it that the codebook has (`1312x` is a 1312).
pub(crate) fn kind_of(code: &str) -> Option<&'static Kind> {
    let book = Codebook::builtin();
    let ends = code.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
    ends.filter_map(|end| code.get(..end)).find_map(|prefix| book.by_code(prefix))
}

/// The code of a text of ICEWS, or of a title of the codebook.
pub(crate) fn code_of_text(text: &str) -> Option<&'static str> {
    static CODES: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
        let mut codes: FxHashMap<String, String> = FxHashMap::default();
        for kind in Codebook::builtin().kinds() {
            if let (Some(title), Some(code)) = (&kind.title, &kind.code) {
                // A root and the rest of it bear one title; the data have the rest.
                let known = codes.entry(plain(title)).or_default();
                if code.len() > known.len() {
                    known.clone_from(code);
                }
            }
        }
        for row in table::rows(TEXTS) {
            if let (Some(text), Some(code)) = (row.text("text"), row.text("code")) {
                codes.insert(plain(&text), code);
            }
        }
        codes
    });
    CODES.get(&plain(text)).map(String::as_str)
}

/// A text without what tells the rest of a root from the root.
fn plain(text: &str) -> String {
    let folded = fold(text);
    let rest = [", not specified below", " not specified below", ", not specified elsewhere"];
    let cut = rest.iter().find_map(|words| folded.strip_suffix(words));
    cut.map_or_else(|| folded.clone(), str::to_owned)
}

/// The code that a cell means, and whether it had to be mended: `43` and `43.0` are 043 with the zero eaten.
///
/// Where both readings are codes, as with `10`, what else the row tells decides; where it tells nothing the code
/// stays as it is.
pub(crate) fn mend<'a>(cell: &'a str, evidence: &Evidence<'_>) -> (Cow<'a, str>, bool) {
    let cell = cell.trim();
    let digits = cell.strip_suffix(".0").unwrap_or(cell);
    if digits.is_empty() || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return (Cow::Borrowed(cell), false);
    }
    let padded = format!("0{digits}");
    let book = Codebook::builtin();
    let eaten = match (book.by_code(digits), book.by_code(&padded)) {
        (Some(kept), Some(mended)) => decide(kept, mended, evidence).unwrap_or(false),
        (None, Some(_)) => true,
        (_, None) => false,
    };
    let changed = eaten || digits.len() != cell.len();
    (if eaten { Cow::Owned(padded) } else { Cow::Borrowed(digits) }, changed)
}

/// Is it the second kind rather than the first? The first piece of evidence that fits only one of them decides.
fn decide(kept: &Kind, mended: &Kind, evidence: &Evidence<'_>) -> Option<bool> {
    let only = |fits: &dyn Fn(&Kind) -> bool| {
        let second = fits(mended);
        (fits(kept) != second).then_some(second)
    };
    let code = |kind: &Kind| kind.code.clone().unwrap_or_default();
    let text = evidence.text.and_then(code_of_text);
    let by_text = text.and_then(|told| only(&|kind| code(kind) == told));
    let by_root = || {
        let root = evidence.root?.trim();
        let root = format!("{:0>2}", root.strip_suffix(".0").unwrap_or(root));
        only(&|kind| code(kind).get(..2) == Some(root.as_str()))
    };
    let by_quad = || evidence.quad.and_then(|quad| only(&|kind| kind.quad == Some(quad)));
    let by_score = || {
        let told = evidence.score?;
        let near = |score: Option<f64>| score.is_some_and(|score| (score - told).abs() < 1e-6);
        only(&|kind| near(kind.goldstein) || near(kind.intensity))
    };
    by_text.or_else(by_root).or_else(by_quad).or_else(by_score)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn data(path: &str) -> Option<String> {
        let Some(folder) = std::env::var_os("ATTACHE_DATA") else {
            println!("ATTACHE_DATA is not set: codes are not compared with {path}");
            return None;
        };
        let bytes = std::fs::read(PathBuf::from(folder).join(path)).unwrap();
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn the_table_of_texts_is_whole() {
        let mut texts = Vec::new();
        for row in table::rows(TEXTS) {
            let (code, text) = (row.text("code").unwrap(), row.text("text").unwrap());
            assert!(Codebook::builtin().by_code(&code).is_some(), "{code}");
            assert!(!texts.contains(&plain(&text)), "`{text}` is told twice");
            texts.push(plain(&text));
        }
    }

    #[test]
    fn codes_that_the_codebook_lacks_are_kinds_of_the_nearest_above() {
        let code = |code: &str| kind_of(code).and_then(|kind| kind.code.as_deref());
        assert_eq!(code("1213"), Some("1213"));
        assert_eq!(code("13y"), Some("13"));
        assert_eq!(code("0429"), Some("042"));
        assert_eq!(code("99"), None);
        assert_eq!(code("4ü"), None);
        assert_eq!(code(""), None);
    }

    #[test]
    fn texts_are_codes() {
        for (text, code) in [
            ("Make statement", Some("010")),
            ("Consult", Some("040")),
            ("Demand", Some("100")),
            ("Accuse", Some("112")),
            ("Threaten", Some("130")),
            ("Use conventional military force", Some("190")),
            ("Meet at a ‘third’ location", Some("044")),
            ("Sing", None),
        ] {
            assert_eq!(code_of_text(text), code, "{text}");
        }
    }

    #[test]
    fn an_eaten_zero_is_put_back() {
        let none = Evidence::default();
        let mended = |cell, evidence: Evidence<'_>| {
            let (code, mended) = mend(cell, &evidence);
            (code.into_owned(), mended)
        };
        for (cell, code) in [("43", "043"), ("811", "0811"), ("43.0", "043"), ("1", "01")] {
            assert_eq!(mended(cell, none), (code.to_owned(), true), "{cell}");
        }
        for cell in ["043", "190", "10", "13y", "1213", "99", "", "---"] {
            assert_eq!(mended(cell, none), (cell.to_owned(), false), "{cell}");
        }
        assert_eq!(mended("190.0", none), ("190".to_owned(), true));
        let statement = ("010".to_owned(), true);
        assert_eq!(mended("10", Evidence { root: Some("1"), ..none }), statement);
        assert_eq!(mended("10", Evidence { quad: Some(1), ..none }), statement);
        assert_eq!(mended("10", Evidence { score: Some(0.0), ..none }), statement);
        assert_eq!(mended("10", Evidence { text: Some("Make statement"), ..none }), statement);
        let demand = ("10".to_owned(), false);
        assert_eq!(mended("10", Evidence { root: Some("10"), ..none }), demand);
        assert_eq!(mended("10", Evidence { score: Some(-5.0), ..none }), demand);
    }

    #[test]
    fn the_texts_of_icews_are_known() {
        for file in ["icews/icews_events_2005_2018.tsv", "icews/events.2018.sample.tab"] {
            let Some(file) = data(file) else { continue };
            let mut lines = file.lines();
            let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
            let at = |name| header.iter().position(|column| *column == name).unwrap();
            let (text, code) = (at("Event Text"), at("CAMEO Code"));
            for line in lines {
                let cells: Vec<&str> = line.split('\t').collect();
                assert_eq!(code_of_text(cells[text]), Some(cells[code]), "{line}");
            }
        }
    }

    #[test]
    fn a_file_that_a_spreadsheet_has_mangled_is_mended() {
        let Some(file) = data("gdelt/gdelt_v2_20190121220000.excel_mangled_semicolon.CSV") else {
            return;
        };
        let (mut rows, mut changed) = (0, 0);
        for line in file.lines().skip(1).filter(|line| !line.contains('"')) {
            let cells: Vec<&str> = line.split(';').collect();
            let (cell, root) = (cells[26], cells[28]);
            let evidence = Evidence { root: Some(root), ..Evidence::default() };
            let (code, mended) = mend(cell, &evidence);
            let kind = Codebook::builtin().by_code(&code).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(code[..2].trim_start_matches('0'), root, "{line}");
            assert_eq!(kind.quad.map(|quad| quad.to_string()).as_deref(), Some(cells[29]));
            let by_quad = Evidence { quad: kind.quad, ..Evidence::default() };
            assert_eq!(mend(cell, &by_quad).0, code);
            rows += 1;
            changed += usize::from(mended);
        }
        assert!(rows > 1000 && changed > rows / 2, "{changed} of {rows}");
    }
}
