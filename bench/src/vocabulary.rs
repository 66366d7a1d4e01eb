//! What events are made of: actors, codes, countries and words, each in the order of how often they come.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::error::{Error, Result};

/// Number of actors.
pub(crate) const ACTORS: usize = 20_000;
/// Number of countries.
pub(crate) const COUNTRIES: usize = 250;
/// Number of words.
pub(crate) const WORDS: usize = 20_000;
/// A word that one row in a hundred thousand has, and that is part of no other.
pub(crate) const RARE: &str = "zyzzyva";

const KINDS: &str = include_str!("../../fixtures/codebook/kinds.tsv");
const GEOGRAPHY: &str = include_str!("../../fixtures/codebook/countries.tsv");

/// A CAMEO code.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// As text, zeros kept.
    pub(crate) digits: String,
    /// What Attaché calls the kind.
    pub(crate) kind: String,
    /// Its value on the Goldstein scale.
    pub(crate) goldstein: f64,
}

/// All names, each list by falling frequency.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// Names of actors.
    pub(crate) actors: Vec<String>,
    /// Codes of events.
    pub(crate) codes: Vec<Code>,
    /// Names of countries.
    pub(crate) countries: Vec<String>,
    /// Words of texts.
    pub(crate) words: Vec<String>,
}

impl Vocabulary {
    /// The same for the same seed.
    pub(crate) fn new(seed: u64) -> Result<Vocabulary> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut codes = codes()?;
        codes.shuffle(&mut rng);
        let mut countries: Vec<String> =
            records(GEOGRAPHY).filter_map(|cells| cells.first().map(ToString::to_string)).collect();
        countries.shuffle(&mut rng);
        countries.truncate(COUNTRIES);
        Ok(Vocabulary { actors: actors(), codes, countries, words: words(&mut rng) })
    }
}

/// The records of a table of the codebook, without comments and header.
fn records(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().filter(|l| !l.starts_with('#')).skip(1).map(|l| l.split('\t').collect())
}

/// The codes that stand in CAMEO, with their values.
fn codes() -> Result<Vec<Code>> {
    records(KINDS)
        .filter_map(|cells| match cells.as_slice() {
            [kind, _, code, _, _, goldstein, ..] if !code.is_empty() => {
                Some((*kind, *code, *goldstein))
            }
            _ => None,
        })
        .map(|(kind, code, goldstein)| {
            let goldstein = goldstein
                .parse()
                .map_err(|_| Error::said(format!("code {code} has no value: {goldstein}")))?;
            Ok(Code { digits: code.to_owned(), kind: kind.to_owned(), goldstein })
        })
        .collect()
}

const SYLLABLES: [&str; 16] = [
    "KA", "RO", "MI", "TE", "SA", "LU", "NO", "VE", "DI", "PA", "ZU", "QI", "BA", "XO", "FE", "GY",
];

/// Names of two words, all different: an odd factor shuffles the numbers below 2^16.
fn actors() -> Vec<String> {
    let syllable = |n: usize| SYLLABLES.get(n % 16).copied().unwrap_or_default();
    (0..ACTORS)
        .map(|rank| {
            let n = (rank * 40_503 + 7) & 0xffff;
            let [first, second] = [n, n >> 8].map(|n| [n, n >> 4].map(syllable).concat());
            format!("{first} {second}")
        })
        .collect()
}

/// Common words of news, the commonest first.
const COMMON: &str = "the of to in and a on for with says that by from at is over as talks minister president \
    government after new meeting troops calls officials agreement trade visit against security between police will not \
    his forces protest leaders war peace border foreign two army support state sanctions attack killed military has \
    its aid delegation people was parliament into election more summit treaty party rebels capital under first \
    prime court opposition capital discuss signs joint rejects region condemns accuses crisis ceasefire statement \
    investment exercise demands workers north south east west province city village oil gas energy nuclear border deal \
    humanitarian refugees prisoners released detained arrested soldiers militants rally strike students journalists";

const BEGINNINGS: [&str; 20] = [
    "", "re", "un", "pre", "con", "de", "ex", "in", "inter", "mis", "out", "over", "per", "pro",
    "sub", "trans", "under", "up", "dis", "en",
];
const STEMS: [&str; 96] = [
    "act", "band", "barg", "bind", "bolt", "brand", "cast", "cede", "ceiv", "cess", "chart",
    "claim", "clud", "cord", "cours", "cred", "cross", "cur", "draft", "draw", "duct", "fact",
    "fend", "fer", "fess", "fid", "firm", "flect", "flict", "form", "fort", "found", "front",
    "fus", "gard", "gest", "grad", "grant", "grav", "gress", "ground", "hand", "hold", "ject",
    "join", "judg", "junct", "land", "laps", "lat", "leg", "let", "lift", "lim", "load", "loc",
    "log", "mand", "mark", "meas", "mend", "miss", "mit", "mov", "not", "ord", "pact", "pass",
    "peal", "pel", "plac", "plet", "plor", "port", "pos", "press", "prov", "quest", "rect", "rupt",
    "scrib", "sect", "sert", "serv", "sid", "sign", "sist", "spect", "strict", "struct", "sum",
    "tain", "tend", "tract", "vent", "vers",
];
const ENDS: [&str; 13] =
    ["", "s", "ed", "ing", "er", "ers", "ion", "ions", "ment", "ive", "able", "or", "ance"];

/// The common words, then made ones with the beginnings and ends that English has.
fn words(rng: &mut ChaCha8Rng) -> Vec<String> {
    let mut words: Vec<String> = Vec::with_capacity(WORDS);
    let mut seen = std::collections::HashSet::new();
    for word in COMMON.split_whitespace() {
        if seen.insert(word.to_owned()) {
            words.push(word.to_owned());
        }
    }
    let mut made: Vec<String> = BEGINNINGS
        .iter()
        .flat_map(|b| {
            STEMS.iter().flat_map(move |s| ENDS.iter().map(move |e| format!("{b}{s}{e}")))
        })
        .collect();
    made.shuffle(rng);
    words.extend(made.into_iter().filter(|word| seen.insert(word.clone())));
    words.truncate(WORDS);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_their_lengths_and_no_name_twice() {
        let v = Vocabulary::new(1).unwrap();
        for (list, length) in [(&v.actors, ACTORS), (&v.countries, COUNTRIES), (&v.words, WORDS)] {
            let different: std::collections::HashSet<_> = list.iter().collect();
            assert_eq!((list.len(), different.len()), (length, length));
        }
        assert!(v.codes.len() > 300);
        assert!(v.words.iter().all(|w| !w.contains(RARE)));
    }
}
