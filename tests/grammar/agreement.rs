//! The parser and the grammar take the same texts for queries.

use std::collections::BTreeSet;

use attache::Error;
use attache::internals::parser::{
    Expected, Role, TokenKind, expected_at, keywords, parse_script, tokens,
};

use super::ebnf::{Generator, Grammar, Random, accepts};
use super::grammar;

/// Where the parser may refuse what the grammar takes: what is written like a date, a number or an escape and is none.
const STRICTER: &[&str] = &["bad-date", "bad-number", "bad-escape"];

fn code(error: &Error) -> &'static str {
    error.diagnostic().map_or("", |diagnostic| diagnostic.code)
}

#[test]
fn words_are_those_of_the_grammar() {
    let grammar = grammar();
    let of = |role: Role| -> BTreeSet<String> {
        let words = keywords().iter().filter(|keyword| keyword.roles.contains(&role));
        words.map(|keyword| keyword.word.to_owned()).collect()
    };
    assert_eq!(of(Role::Reserved), grammar.words("RESERVED"));
    assert_eq!(of(Role::Unit), grammar.words("UNIT"));
    assert_eq!(of(Role::Scale), grammar.words("SCALE"));
    assert_eq!(of(Role::Part), grammar.words("PART"));
    let lexical = ["RESERVED", "UNIT", "SCALE", "PART"];
    let all: BTreeSet<String> = grammar
        .rules
        .iter()
        .filter(|rule| !rule.lexical || lexical.contains(&rule.name.as_str()))
        .flat_map(|rule| grammar.words(&rule.name))
        .collect();
    let ours: BTreeSet<String> = keywords().iter().map(|k| k.word.to_owned()).collect();
    assert_eq!(ours, all);
    assert_eq!(ours.len(), keywords().len(), "a word stands twice in the table");
}

#[test]
fn sentences_are_read_and_printed() {
    let grammar = grammar();
    let mut generator = Generator::new(&grammar, 1);
    let all: BTreeSet<(usize, usize)> =
        grammar.alternatives().iter().map(|(id, index, _)| (*id, *index)).collect();
    for round in 0..3000 {
        let rule = if round % 8 == 0 { "Script" } else { "Statement" };
        let sentence = generator.sentence(rule, 4 + round % 28);
        let (text, _) = sentence.text();
        assert!(accepts(&grammar, "Script", &text), "the grammar refuses its own: {text}");
        let script = match parse_script(&text) {
            Ok(script) => script,
            Err(error) => panic!("{}", error.render(&text, "sentence", false)),
        };
        let printed = script.to_string();
        let again = match parse_script(&printed) {
            Ok(script) => script,
            Err(error) => panic!("{text}\n{}", error.render(&printed, "printed", false)),
        };
        assert_eq!(script, again, "{text}\n{printed}");
        assert_eq!(printed, again.to_string(), "{text}");
    }
    let missing: Vec<_> = grammar
        .alternatives()
        .into_iter()
        .filter(|(id, index, _)| all.contains(&(*id, *index)))
        .filter(|(id, index, _)| !generator.taken.contains(&(*id, *index)))
        .collect();
    assert!(missing.is_empty(), "alternatives that no sentence has: {missing:?}");
}

#[test]
fn mutants_are_judged_alike() {
    let grammar = grammar();
    let mut generator = Generator::new(&grammar, 2);
    let mut random = Random::new(3);
    let strangers = [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ";",
        "|",
        "..",
        "=",
        "==",
        "<",
        "-",
        "+",
        "*",
        "??",
        "not",
        "and",
        "where",
        "by",
        "events",
        "name",
        "`odd name`",
        "5",
        "5 days",
        "2015-06",
        "\"text\"",
        "$p",
        "?x",
        "a.b",
        "in",
        "null",
        "from",
        "to",
        "as",
        "sequence",
        "select",
    ];
    let (mut refused, mut taken) = (0, 0);
    for round in 0..2500 {
        let sentence = generator.sentence("Statement", 4 + round % 24);
        if sentence.pieces.is_empty() {
            continue;
        }
        let mut mutant = sentence.clone();
        let at = random.below(mutant.pieces.len());
        let other = random.below(mutant.pieces.len());
        match random.below(5) {
            0 => drop(mutant.pieces.remove(at)),
            1 => mutant.pieces.insert(at, mutant.pieces[other].clone()),
            2 => mutant.pieces.swap(at, other),
            3 => mutant.pieces[at] = (*random.one_of(&strangers)).to_owned(),
            _ => mutant.pieces.insert(at, (*random.one_of(&strangers)).to_owned()),
        }
        let (text, _) = mutant.text();
        judge(&grammar, &text);
        if parse_script(&text).is_ok() { taken += 1 } else { refused += 1 }
    }
    assert!(refused > 500 && taken > 150, "{refused} refused, {taken} taken");
}

#[test]
fn mutants_by_one_character_are_judged_alike() {
    let grammar = grammar();
    let mut generator = Generator::new(&grammar, 4);
    let mut random = Random::new(5);
    let strangers: Vec<char> = "\"'`\\()[]{}.,;|-+*/=<>!~?$@#:_ \n09aezé".chars().collect();
    for round in 0..2500 {
        let (text, _) = generator.sentence("Statement", 4 + round % 16).text();
        let mut chars: Vec<char> = text.chars().collect();
        let at = random.below(chars.len());
        match random.below(3) {
            0 => drop(chars.remove(at)),
            1 => chars.insert(at, *random.one_of(&strangers)),
            _ => chars[at] = *random.one_of(&strangers),
        }
        judge(&grammar, &chars.into_iter().collect::<String>());
    }
}

/// Holds the parser's verdict against the grammar's.
fn judge(grammar: &Grammar, text: &str) {
    let meant = accepts(grammar, "Script", text);
    match parse_script(text) {
        Ok(_) => assert!(meant, "the parser takes what the grammar refuses: {text}"),
        Err(error) if meant => assert!(
            STRICTER.contains(&code(&error)),
            "the parser refuses what the grammar takes:\n{}",
            error.render(text, "mutant", false)
        ),
        Err(_) => {}
    }
}

#[test]
fn words_are_coloured_and_offered_where_they_stand() {
    let grammar = grammar();
    let mut generator = Generator::new(&grammar, 6);
    for round in 0..400 {
        let sentence = generator.sentence("Statement", 4 + round % 20);
        let (text, offsets) = sentence.text();
        let coloured = tokens(&text);
        for (at, word) in offsets
            .iter()
            .zip(&sentence.pieces)
            .zip(&sentence.words)
            .filter_map(|(piece, is_word)| is_word.then_some(piece))
        {
            let token = coloured.iter().find(|token| token.span.start == *at);
            let kind = token.map(|token| token.kind);
            assert_eq!(kind, Some(TokenKind::Keyword), "`{word}` at {at} in: {text}");
            let offered = expected_at(&text, *at);
            let words: Vec<_> = offered.iter().flat_map(Expected::words).collect();
            assert!(
                words.iter().any(|offer| offer.eq_ignore_ascii_case(word)),
                "`{word}` at {at} is not among {offered:?} in: {text}"
            );
        }
    }
}
