//! Searches of `~`: words, phrases, prefixes, exclusions, alternatives.

use rust_stemmers::{Algorithm, Stemmer};

use crate::model::words;

use super::expression::{Search, Term};

/// The stem of a folded English word.
pub(crate) fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

impl Search {
    /// Reads a search such as `helicopter* "Mi-35M" -crash OR submarine`; the error says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Search, String> {
        let mut alternatives = Vec::new();
        let mut terms = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (token, after) = Token::read(rest)?;
            rest = after.trim_start();
            match token {
                Token::Or if terms.is_empty() || rest.is_empty() => {
                    return Err("`OR` needs words on both sides".to_owned());
                }
                Token::Or => alternatives.push(std::mem::take(&mut terms)),
                Token::Term(term) => terms.push(term),
            }
        }
        if terms.is_empty() {
            return Err("the search is empty".to_owned());
        }
        alternatives.push(terms);
        Ok(Search { text: text.to_owned(), alternatives })
    }
}

enum Token {
    Or,
    Term(Term),
}

impl Token {
    /// The first token of a text that does not begin with a blank, and what follows it.
    fn read(text: &str) -> Result<(Token, &str), String> {
        let (excluded, body) = match text.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, text),
        };
        let (content, after) = if let Some(body) = body.strip_prefix('"') {
            body.split_once('"').ok_or_else(|| format!("the quote of `\"{body}` is not closed"))?
        } else {
            let end = body.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(body.len());
            let (word, after) = body.split_at_checked(end).unwrap_or((body, ""));
            if word == "OR" && !excluded {
                return Ok((Token::Or, after));
            }
            match word.strip_suffix('*') {
                // The star is read below, as it is behind a quote.
                Some(word) => (word, body.get(word.len()..).unwrap_or("")),
                None => (word, after),
            }
        };
        let (prefix, after) = match after.strip_prefix('*') {
            Some(after) => (true, after),
            None => (false, after),
        };
        let mut found = words(content);
        let last = if prefix { found.pop() } else { None };
        if found.is_empty() && last.is_none() {
            return Err(format!("`{}` holds no word to search for", content.trim()));
        }
        let words = found.iter().map(|w| stem(w)).chain(last).collect();
        Ok((Token::Term(Term { excluded, words, prefix }), after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<(bool, String, bool)> {
        let search = Search::parse(text).unwrap();
        search
            .alternatives
            .into_iter()
            .flatten()
            .map(|t| (t.excluded, t.words.join(" "), t.prefix))
            .collect()
    }

    #[test]
    fn words_are_stemmed_and_prefixes_are_not() {
        assert_eq!(
            terms("Exercises flies* -crashed"),
            [
                (false, "exercis".into(), false),
                (false, "flies".into(), true),
                (true, "crash".into(), false)
            ]
        );
        assert_eq!(terms("\"joint exercises\""), [(false, "joint exercis".into(), false)]);
        assert_eq!(terms("-\"joint exerc\"*"), [(true, "joint exerc".into(), true)]);
    }

    #[test]
    fn alternatives_are_separated_by_or() {
        assert_eq!(Search::parse("a b OR c").unwrap().alternatives.len(), 2);
        assert_eq!(Search::parse("ore").unwrap().alternatives.len(), 1);
    }

    #[test]
    fn what_cannot_be_searched_is_refused() {
        for text in ["", "  ", "OR", "a OR", "OR a", "a OR OR b", "\"open", "*", "\"\"", "-"] {
            assert!(Search::parse(text).is_err(), "{text}");
        }
    }
}
