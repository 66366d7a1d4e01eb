//! Text held against patterns: globs, regular expressions, searches for words.

use crate::model::{fold, words};
use crate::planner::expression::{Pattern, Search, Term};
use crate::planner::search::stem;

/// Does the text fit the pattern?
pub(super) fn fits(pattern: &Pattern, text: &str) -> bool {
    match pattern {
        Pattern::Glob(glob) => fits_glob(glob, &fold(text)),
        Pattern::Regex(regex) => {
            regex.is_match(text) || (!text.is_ascii() && regex.is_match(&fold(text)))
        }
        Pattern::Search(search) => fits_search(search, text),
    }
}

/// Does the whole text fit the glob, both folded? `*` is any text, `?` any character.
///
/// Greedy: only the last `*` is ever tried again, so that no glob takes longer than the two lengths multiplied.
pub(super) fn fits_glob(glob: &str, text: &str) -> bool {
    let (mut glob, mut text) = (glob.chars(), text.chars());
    // Where to go on when what follows the last `*` does not fit.
    let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let before = text.clone();
        let wanted = glob.next();
        if wanted == Some('*') {
            retry = Some((glob.clone(), before));
            continue;
        }
        match (wanted, text.next()) {
            (None, None) => return true,
            (Some('?'), Some(_)) => {}
            (Some(w), Some(c)) if w == c => {}
            _ => {
                let Some((after_star, from)) = retry.as_mut() else { return false };
                if from.next().is_none() {
                    return false;
                }
                glob = after_star.clone();
                text = from.clone();
            }
        }
    }
}

/// Are all terms of one of the alternatives met in the text?
pub(super) fn fits_search(search: &Search, text: &str) -> bool {
    let text = Words::of(text);
    search
        .alternatives
        .iter()
        .any(|terms| terms.iter().all(|term| text.meet(term) != term.excluded))
}

/// A text as words with their stems.
struct Words(Vec<(String, String)>);

impl Words {
    fn of(text: &str) -> Words {
        let with_stem = |word: String| {
            let stem = stem(&word);
            (word, stem)
        };
        Words(words(text).into_iter().map(with_stem).collect())
    }

    /// Do the words of the term follow one another somewhere?
    fn meet(&self, term: &Term) -> bool {
        let count = term.words.len();
        count > 0
            && self.0.windows(count).any(|window| {
                window.iter().zip(&term.words).enumerate().all(|(at, ((word, stem), wanted))| {
                    if term.prefix && at + 1 == count {
                        word.starts_with(wanted.as_str())
                    } else {
                        stem == wanted
                    }
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_fit_the_whole_text() {
        for (glob, text) in [
            ("*", ""),
            ("*ba*wa", "qamar bajwa"),
            ("lavr?v", "lavrov"),
            ("a*b*c", "a b b c c"),
            ("**", "x"),
            ("", ""),
            ("м?сква", "москва"),
        ] {
            assert!(fits_glob(glob, text), "{glob} {text}");
        }
        for (glob, text) in
            [("ba", "bajwa"), ("?", ""), ("a*b", "a c"), ("lavr?v", "lavrv"), ("", "x")]
        {
            assert!(!fits_glob(glob, text), "{glob} {text}");
        }
    }

    #[test]
    fn a_hostile_glob_does_not_blow_up() {
        let glob = "a*".repeat(40) + "b";
        assert!(!fits_glob(&glob, &"a".repeat(4000)));
    }

    #[test]
    fn a_glob_is_held_against_folded_text() {
        assert!(fits(&Pattern::Glob("qamar*".into()), "Qamar Javed Bajwa"));
    }

    #[test]
    fn a_search_meets_stems_phrases_and_prefixes() {
        let text = "Russia delivered four helicopters after the joint exercise";
        let fits = |search: &str| fits_search(&Search::parse(search).unwrap(), text);
        assert!(fits("helicopter"));
        assert!(fits("deliver*"));
        assert!(fits("\"joint exercises\""));
        assert!(fits("helicop* -crash"));
        assert!(fits("submarine OR helicopter"));
        assert!(!fits("\"exercise joint\""));
        assert!(!fits("helicopter -delivered"));
        assert!(!fits("crash*"));
    }
}
