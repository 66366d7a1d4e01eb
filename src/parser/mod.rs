//! Text to syntax tree.
pub(crate) mod ast;
pub(crate) mod edtf;
pub(crate) mod phrase;
