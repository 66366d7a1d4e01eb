//! The parser, held to the grammar, to a corpus of queries and to texts of any kind.

mod agreement;
mod corpus;
mod ebnf;
mod robustness;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn grammar() -> ebnf::Grammar {
    ebnf::Grammar::read(&fs::read_to_string(root().join("grammar/query.ebnf")).unwrap())
}

/// The queries of a folder of fixtures, by name.
fn queries(folder: &str) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("fixtures/queries").join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "evq"))
        .collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}
