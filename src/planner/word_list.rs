//! The word list: which words of summaries a text pattern can be met by, so that only their events are read.
//!
//! Words are posted folded and not stemmed: a prefix is a range of them, and a stem those among them that have it. What
//! is found here is never too little, and the filter above decides.

use std::ops::Bound;

use crate::catalog::Catalog;
use crate::error::Result;
use crate::storage::Posting;

use super::expression::{Pattern, Search, Term};
use super::plan::Postings;
use super::search::stem;

/// Shorter stretches of a glob are in too many words.
const SHORTEST: usize = 3;

/// Postings that leave every event whose summary fits one of the patterns; none where no postings help.
pub(super) fn postings_of(patterns: &[Pattern], catalog: &Catalog) -> Result<Option<Postings>> {
    let mut each = Vec::with_capacity(patterns.len());
    for pattern in patterns {
        let found = match pattern {
            Pattern::Search(search) => of_search(search, catalog)?,
            Pattern::Glob(glob) => of_glob(glob, catalog)?,
            Pattern::Regex(_) => None,
        };
        match found {
            Some(postings) => each.push(postings),
            None => return Ok(None),
        }
    }
    Ok(any(each))
}

fn of_search(search: &Search, catalog: &Catalog) -> Result<Option<Postings>> {
    let mut alternatives = Vec::with_capacity(search.alternatives.len());
    for terms in &search.alternatives {
        let mut met = Vec::new();
        for term in terms.iter().filter(|term| !term.excluded) {
            of_term(term, catalog, &mut met)?;
        }
        match all(met) {
            Some(postings) => alternatives.push(postings),
            // Exclusions alone: nearly all events fit.
            None => return Ok(None),
        }
    }
    Ok(any(alternatives))
}

/// The words of a phrase need only be there.
fn of_term(term: &Term, catalog: &Catalog, met: &mut Vec<Postings>) -> Result<()> {
    let stems = term.words.len() - usize::from(term.prefix && !term.words.is_empty());
    for (at, word) in term.words.iter().enumerate() {
        let (values, text) = if at < stems {
            (with_stem(word, catalog)?, word.clone())
        } else {
            (catalog.values_under(Posting::Word, word)?, format!("{word}*"))
        };
        met.push(Postings::AnyOf { field: Posting::Word, values, text });
    }
    Ok(())
}

/// The words that have a stem. Stemming changes how words end: a word and its stem begin with the same letter.
pub(super) fn with_stem(wanted: &str, catalog: &Catalog) -> Result<Vec<String>> {
    let first = wanted.chars().next().map(String::from).unwrap_or_default();
    let mut values = catalog.values_under(Posting::Word, &first)?;
    values.retain(|word| stem(word) == wanted);
    Ok(values)
}

/// Plain letters and digits of a glob stand next to one another in the text, and so within one word.
fn of_glob(glob: &str, catalog: &Catalog) -> Result<Option<Postings>> {
    let stretches = glob.split(|c: char| !c.is_ascii_alphanumeric());
    let stretches: Vec<&str> = stretches.filter(|s| s.len() >= SHORTEST).collect();
    if stretches.is_empty() {
        return Ok(None);
    }
    let words = catalog.posted_between(Posting::Word, Bound::Unbounded, Bound::Unbounded)?;
    let with = |stretch: &str| Postings::AnyOf {
        field: Posting::Word,
        values: words.iter().filter(|word| word.contains(stretch)).cloned().collect(),
        text: format!("*{stretch}*"),
    };
    Ok(all(stretches.into_iter().map(with).collect()))
}

fn all(mut parts: Vec<Postings>) -> Option<Postings> {
    if parts.len() > 1 { Some(Postings::And(parts)) } else { parts.pop() }
}

fn any(mut parts: Vec<Postings>) -> Option<Postings> {
    if parts.len() > 1 { Some(Postings::Or(parts)) } else { parts.pop() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_and_its_stem_begin_with_the_same_letter() {
        let endings: &'static [&str] = &[
            "", "s", "'s", "es", "ed", "ies", "ied", "ying", "ing", "eed", "edly", "ingly", "ly",
            "y", "e", "ational", "ization", "fulness", "ousli", "iviti", "ement", "ion", "ll",
        ];
        let words = ["dying", "lying", "tying", "skies", "only", "ugly", "3ds", "éd", "ярости"];
        let made = ('a'..='z').flat_map(|first| {
            let middles = ["", "a", "y", "b", "ot", "ye", "bbl", "'", "é"];
            middles.into_iter().flat_map(move |middle| {
                endings.iter().map(move |ending| format!("{first}{middle}{ending}"))
            })
        });
        for word in words.map(str::to_owned).into_iter().chain(made) {
            assert_eq!(stem(&word).chars().next(), word.chars().next(), "{word}");
        }
    }
}
