//! Texts held against the searches of the query: how well they meet them, and where.

use crate::model::word_places;
use crate::planner::expression::Term;
use crate::planner::ranking::Ranking;
use crate::planner::search::stem;

/// What stands before and behind words that were searched for: as Markdown has it, and in no way of any terminal or
/// format.
const MARK: &str = "**";

/// How well a text meets the terms of a ranking; 0 where it meets none.
pub(super) fn score(ranking: &Ranking, text: &str) -> f64 {
    let text = Words::of(text);
    ranking.score(|term| text.meetings(term).count())
}

/// The text with marks around the words that meet one of the terms; of a phrase around all of it.
pub(super) fn highlight(text: &str, terms: &[Term]) -> String {
    let words = Words::of(text);
    let mut marked: Vec<(usize, usize)> = terms
        .iter()
        .flat_map(|term| words.meetings(term).map(|at| words.span(at, term.words.len())))
        .collect();
    marked.sort_unstable();
    let mut out = String::with_capacity(text.len() + 4 * MARK.len());
    let mut done = 0;
    let mut next = marked.into_iter().peekable();
    while let Some((start, mut end)) = next.next() {
        // What overlaps is marked as one.
        while let Some((_, other)) = next.next_if(|(start, _)| *start < end) {
            end = end.max(other);
        }
        let (before, within) = (text.get(done..start), text.get(start..end));
        out.extend([before.unwrap_or(""), MARK, within.unwrap_or(""), MARK]);
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}

/// The words of a text with their stems and places.
struct Words(Vec<Word>);

struct Word {
    folded: String,
    stem: String,
    start: usize,
    end: usize,
}

impl Words {
    fn of(text: &str) -> Words {
        let word = |(place, folded): (std::ops::Range<usize>, String)| Word {
            stem: stem(&folded),
            folded,
            start: place.start,
            end: place.end,
        };
        Words(word_places(text).into_iter().map(word).collect())
    }

    /// The words at which a term begins that is met there.
    fn meetings<'w>(&'w self, term: &'w Term) -> impl Iterator<Item = usize> + 'w {
        let count = term.words.len().max(1);
        let meets = move |(at, (word, wanted)): (usize, (&Word, &String))| {
            if term.prefix && at + 1 == count {
                word.folded.starts_with(wanted.as_str())
            } else {
                word.stem == *wanted
            }
        };
        let windows = self.0.windows(count).enumerate();
        windows
            .filter(move |(_, window)| window.iter().zip(&term.words).enumerate().all(meets))
            .map(|(at, _)| at)
    }

    /// From where to where so many words stand.
    fn span(&self, at: usize, count: usize) -> (usize, usize) {
        let start = self.0.get(at).map_or(0, |word| word.start);
        let last = (at + count).saturating_sub(1);
        (start, self.0.get(last).map_or(start, |word| word.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::expression::Search;
    use crate::planner::ranking::terms;

    fn marked(search: &str, text: &str) -> String {
        highlight(text, &terms([&Search::parse(search).unwrap()]))
    }

    #[test]
    fn words_are_marked_as_they_are_written() {
        let text = "Die NAÏVE helicopters’ pilots flew – joint exercises, Mi-35M.";
        assert_eq!(
            marked("naive pilot", text),
            "Die **NAÏVE** helicopters’ **pilots** flew – joint exercises, Mi-35M."
        );
        assert_eq!(marked("\"joint exercise\" OR mi*", text).matches(MARK).count(), 4);
        assert!(marked("\"joint exercise\"", text).contains("**joint exercises**,"));
        assert!(marked("\"mi 35m\"", text).ends_with("**Mi-35M**."));
        assert_eq!(marked("nothing -naive", text), text);
        assert_eq!(marked("joint \"joint exercise\"", text).matches(MARK).count(), 2);
    }
}
