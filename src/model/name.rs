//! How names are made comparable.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Letters that Unicode does not take apart and that writers leave the stroke or the tie off, and the marks of
/// typography, each with what is typed for it.
const PLAIN: [(char, &str); 16] = [
    ('ı', "i"),
    ('ø', "o"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('‘', "'"),
    ('’', "'"),
    ('ʼ', "'"),
    ('“', "\""),
    ('”', "\""),
    ('‐', "-"),
    ('–', "-"),
    ('—', "-"),
];

/// Characters that do not show: zero-width blanks, joiners and the soft hyphen.
const UNSEEN: [char; 6] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}'];

/// Text made comparable: NFKD, marks dropped, case folded, blanks squeezed.
///
/// Letters with a stroke or a tie, which Unicode does not take apart, become the plain letters: `Yıldırım` and `Yildirim`
/// are the same.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return squeeze(&text.to_ascii_lowercase());
    }
    let decomposed: String = text.nfkd().collect();
    let mut folded = String::with_capacity(decomposed.len());
    // Folding case may compose letters anew, so that the marks go last.
    for c in caseless::default_case_fold_str(&decomposed).nfkd() {
        if is_combining_mark(c) || UNSEEN.contains(&c) {
            continue;
        }
        match PLAIN.iter().find(|(letter, _)| *letter == c) {
            Some((_, plain)) => folded.push_str(plain),
            None => folded.push(c),
        }
    }
    squeeze(&folded)
}

/// One blank for any number of them, none at the ends.
fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    squeezed
}

/// Titles of courtesy, rank and office that stand in front of names, folded and without full stops.
const TITLES: [&str; 58] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "hon",
    "general",
    "gen",
    "lieutenant general",
    "lt general",
    "lt gen",
    "ltgen",
    "lieutenant",
    "lt",
    "major general",
    "maj general",
    "maj gen",
    "major",
    "maj",
    "brigadier general",
    "brig gen",
    "brigadier",
    "brig",
    "colonel general",
    "colonel",
    "col",
    "lieutenant colonel",
    "lt col",
    "army general",
    "captain",
    "capt",
    "field marshal",
    "air chief marshal",
    "air marshal",
    "air vice marshal",
    "marshal",
    "admiral",
    "adm",
    "vice admiral",
    "rear admiral",
    "commander",
    "commodore",
    "president",
    "vice president",
    "prime minister",
    "deputy prime minister",
    "foreign minister",
    "deputy foreign minister",
    "defence minister",
    "defense minister",
    "chancellor",
    "foreign secretary",
    "ambassador",
    "senator",
];

/// Words before which a title is none: it is part of the name of an office or a body, as in `General Assembly`,
/// `President of Pakistan`, `Prime Minister's Office`.
const NOT_NAMES: [&str; 28] = [
    "of",
    "for",
    "and",
    "to",
    "in",
    "the",
    "assembly",
    "staff",
    "secretary",
    "secretariat",
    "council",
    "command",
    "headquarters",
    "office",
    "house",
    "election",
    "elections",
    "strike",
    "electric",
    "motors",
    "dynamics",
    "directorate",
    "union",
    "people",
    "people's",
    "congress",
    "consulate",
    "guard",
];

/// The most words that a title has.
const LONGEST: usize = 3;

/// A name made comparable: [`fold`]ed, and without the titles in front of it (`General`, `Gen.`, `Mr`).
///
/// A name that is nothing but titles stays whole, and so does one that goes on like the name of an office or a body:
/// `General Assembly`, `President of Pakistan`.
pub fn fold_name(name: &str) -> String {
    let folded = fold(name);
    let mut rest = folded.as_str();
    while let Some(shorter) = without_title(rest) {
        rest = shorter;
    }
    rest.to_owned()
}

/// What follows the longest title in front.
fn without_title(name: &str) -> Option<&str> {
    (1..=LONGEST).rev().find_map(|count| {
        let (title, rest) = name.split_at(end_of_word(name, count)?);
        let title = title.trim_end().replace('.', "");
        let rest = rest.trim_start();
        let next = rest.split(' ').next().unwrap_or("");
        let names = next.starts_with(char::is_alphabetic) && !NOT_NAMES.contains(&next);
        (names && TITLES.contains(&title.as_str())).then_some(rest)
    })
}

/// Where the `count`-th word ends, when another follows.
fn end_of_word(text: &str, count: usize) -> Option<usize> {
    text.match_indices(' ').nth(count.checked_sub(1)?).map(|(at, _)| at)
}

/// The folded words of a text, in order.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, |word| words.push(word.to_owned()));
    words
}

/// Hands out the folded words of a text, in order.
pub(crate) fn each_word(text: &str, each: impl FnMut(&str)) {
    // Most texts are letters, digits and blanks of ASCII, whose words are what stands between the blanks.
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ') {
        let folded = text.to_ascii_lowercase();
        return folded.split(' ').filter(|word| !word.is_empty()).for_each(each);
    }
    fold(text).unicode_words().for_each(each);
}

/// The folded words of a text, with the places in the text as written that they stand at.
pub(crate) fn word_places(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let mut places = Vec::new();
    for (at, written) in text.unicode_word_indices() {
        // What is one letter as written may be several words when folded, as `½` is.
        each_word(written, |word| places.push((at..at + written.len(), word.to_owned())));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_case_and_blanks_do_not_count() {
        assert_eq!(fold("  Recep  Tayyip\tERDOĞAN "), "recep tayyip erdogan");
        assert_eq!(fold("Yıldırım"), fold("YILDIRIM"));
        assert_eq!(fold("İstanbul"), "istanbul");
        assert_eq!(fold("Straße"), "strasse");
        assert_eq!(fold("Владимир Путин"), fold("ВЛАДИМИР ПУТИН"));
        assert_eq!(fold("Łódź – Malmö"), "lodz - malmo");
        assert_eq!(fold("ﬁnance\u{200b}"), "finance");
        assert_eq!(fold(" \t "), "");
    }

    #[test]
    fn plain_texts_have_the_words_of_any_text() {
        for text in ["", " ", "a", "Mi 35M  Crash ", "3 billion USD 2014Q3 9x"] {
            let mut words = Vec::new();
            each_word(text, |word| words.push(word.to_owned()));
            let folded = fold(text);
            assert_eq!(words, folded.unicode_words().collect::<Vec<_>>(), "{text:?}");
        }
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for text in
            ["\u{1c5}", "\u{390}", "\u{df}\u{308}", "\u{130}", "\u{212b}", "\u{fdfa}", "\u{149}"]
        {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }

    #[test]
    fn titles_in_front_do_not_hinder() {
        for name in [
            "Bajwa",
            "General Bajwa",
            "Gen. Bajwa",
            "Lt. Gen. Bajwa",
            "Mr. President Bajwa",
            "Foreign Minister Bajwa",
        ] {
            assert_eq!(fold_name(name), "bajwa", "{name}");
        }
    }

    #[test]
    fn names_of_offices_and_bodies_stay_whole() {
        for name in [
            "General",
            "Prime Minister",
            "General Assembly",
            "President of Pakistan",
            "Defense Minister (Pakistan)",
            "General Electric",
            "Prime Minister's Office",
            "Drone",
        ] {
            assert_eq!(fold_name(name), fold(name), "{name}");
        }
    }

    #[test]
    fn words_are_those_of_unicode() {
        assert_eq!(words("Mi-35M, the Élysée's"), ["mi", "35m", "the", "elysee's"]);
        assert_eq!(words("--"), Vec::<String>::new());
    }
}
