//! How well summaries meet the searches of a query: BM25 (Robertson, Walker 1994) without regard to length, for
//! summaries are a sentence or two.
//!
//! A term that is met `f` times adds `w · f · 2.2 / (f + 1.2)`. Its weight `w` is the sum over its words of
//! `ln(1 + (N − n + 0.5) / (n + 0.5))`, where `n` of all `N` events hold the word, as the postings count them.

use std::fmt;

use crate::catalog::Catalog;
use crate::error::Result;
use crate::storage::{Ids, Posting};

use super::expression::{Search, Term};
use super::word_list::with_stem;

/// How soon more of the same says little more.
const SATURATION: f64 = 1.2;

/// The terms that a query searches for, each once, with their weights.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ranking {
    terms: Vec<Term>,
    weights: Vec<f64>,
}

impl Ranking {
    /// Of the terms of searches of summaries.
    pub(crate) fn of(terms: Vec<Term>, catalog: &Catalog) -> Result<Ranking> {
        let all = catalog.view().event_count()?;
        let mut weights = Vec::with_capacity(terms.len());
        for term in &terms {
            let mut weight = 0.0;
            let stems = term.words.len().saturating_sub(usize::from(term.prefix));
            for (at, word) in term.words.iter().enumerate() {
                let written = if at < stems {
                    with_stem(word, catalog)?
                } else {
                    catalog.values_under(Posting::Word, word)?
                };
                weight += rarity(holding(&written, catalog)?, all);
            }
            weights.push(weight);
        }
        Ok(Ranking { terms, weights })
    }

    /// The terms.
    pub(crate) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The score of a text in which each term is met so often.
    pub(crate) fn score(&self, met: impl Fn(&Term) -> usize) -> f64 {
        let each = self.terms.iter().zip(&self.weights).map(|(term, weight)| {
            let times = count(met(term) as u64);
            weight * times * (SATURATION + 1.0) / (times + SATURATION)
        });
        // An empty sum of floats is −0.
        each.fold(0.0, |sum, score| sum + score)
    }
}

/// The terms of searches that a text is to meet, each once.
pub(crate) fn terms<'s>(searches: impl IntoIterator<Item = &'s Search>) -> Vec<Term> {
    let mut found: Vec<Term> = Vec::new();
    for term in searches.into_iter().flat_map(|search| search.alternatives.iter().flatten()) {
        if !term.excluded && !found.contains(term) {
            found.push(term.clone());
        }
    }
    found
}

/// How many events hold one of the words.
fn holding(words: &[String], catalog: &Catalog) -> Result<u64> {
    let view = catalog.view();
    if let [word] = words {
        return view.posting_len(Posting::Word, word);
    }
    let mut found = Ids::default();
    for word in words {
        found = found.or(&view.postings(Posting::Word, word)?);
    }
    Ok(found.len())
}

fn rarity(holding: u64, all: u64) -> f64 {
    let (holding, all) = (count(holding), count(all));
    (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln()
}

#[allow(clippy::cast_precision_loss)] // counts of events and words are far below 2^53
fn count(n: u64) -> f64 {
    n as f64
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.join(" "))?;
        f.write_str(if self.prefix { "*" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rare_weighs_more_and_what_is_repeated_little_more() {
        assert!(rarity(1, 100) > rarity(50, 100) && rarity(100, 100) > 0.0);
        let term =
            |word: &str| Term { excluded: false, words: vec![word.to_owned()], prefix: false };
        let ranking = Ranking { terms: vec![term("a"), term("b")], weights: vec![2.0, 1.0] };
        let score = |a, b| ranking.score(|t| if t.words[0] == "a" { a } else { b });
        assert!((score(1, 0) - 2.0).abs() < 1e-12 && score(0, 0).to_bits() == 0.0_f64.to_bits());
        assert!(score(2, 0) > score(1, 0) && score(1, 1) > score(2, 0));
    }

    #[test]
    fn terms_are_those_to_be_met_each_once() {
        let searches = ["a -b", "c* OR a"].map(|text| Search::parse(text).unwrap());
        let found: Vec<String> = terms(&searches).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["a", "c*"]);
    }
}
