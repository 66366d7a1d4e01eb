//! The layers of the crate: a module imports from below or from its own folder, and each dependency has one home.

use std::path::{Path, PathBuf};
use std::process::Command;

const LAYERS: [(&str, u8); 12] = [
    ("error", 0),
    ("model", 0),
    ("parser", 1),
    ("storage", 1),
    ("catalog", 2),
    ("planner", 3),
    ("executor", 4),
    ("import", 5),
    ("export", 5),
    ("database", 6),
    ("cli", 7),
    ("internals", 7),
];

const HOMES: [(&str, &str); 6] = [
    ("nom", "parser"),
    ("redb", "storage"),
    ("bincode", "storage"),
    ("rustyline", "cli"),
    ("clap", "cli"),
    ("parquet", "import"),
];

const MOST_LINES: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sources below `src`, each with its module: the first name of its path.
fn sources() -> Vec<(PathBuf, String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    let src = root().join("src");
    let mut found = Vec::new();
    walk(&src, &mut found);
    found.sort();
    let module = |path: &Path| {
        let first = path.strip_prefix(&src).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    found
        .into_iter()
        .map(|path| (path.clone(), module(&path), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

fn layer(module: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

/// The code of a line, without its comment.
fn code(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line.split(" //").next().unwrap_or(line) }
}

/// The modules that a text names behind `crate::`, with their lines.
fn imports(text: &str) -> Vec<(usize, String)> {
    let name = |rest: &str| -> String {
        rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines().map(code)) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            match rest.strip_prefix('{') {
                // The first name of each member of a list of imports on the line.
                Some(list) => found.extend(list.split(',').map(|part| (number, name(part.trim())))),
                None => found.push((number, name(rest))),
            }
        }
    }
    found.retain(|(_, name)| !name.is_empty());
    found
}

#[test]
fn a_module_imports_from_below_or_from_its_own_folder() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (path, module, text) in sources() {
        if module == "lib" || module == "main" {
            continue;
        }
        let here = layer(&module).unwrap_or_else(|| panic!("{} is in no layer", path.display()));
        for (line, other) in imports(&text) {
            seen += 1;
            // What is not the name of a module comes out of the crate's root: the public API, for the command alone.
            let there = layer(&other).unwrap_or(6);
            if other != module && there >= here {
                wrong.push(format!("{}:{line}: {module} imports {other}", path.display()));
            }
        }
    }
    assert!(seen > 200, "only {seen} imports were read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_dependency_is_named_in_one_folder() {
    let mut wrong = Vec::new();
    for (path, module, text) in sources() {
        for (number, line) in (1..).zip(text.lines().map(code)) {
            for (dependency, home) in HOMES {
                let names = format!("{dependency}::");
                let at_word =
                    |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                if module != home && line.match_indices(&names).any(|(at, _)| at_word(at)) {
                    wrong.push(format!("{}:{number}: {dependency} outside {home}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_has_one_subject() {
    let lines = |text: &str| text.lines().count();
    let long = sources().into_iter().filter(|(_, _, text)| lines(text) > MOST_LINES);
    let long: Vec<String> =
        long.map(|(path, _, text)| format!("{}: {} lines", path.display(), lines(&text))).collect();
    assert!(long.is_empty(), "more than {MOST_LINES} lines: {}", long.join(", "));
}

#[test]
fn embedders_get_none_of_the_dependencies_of_the_command() {
    let tree = |features: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--offline", "--prefix", "none", "-e", "normal"])
            .args(features)
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let holds =
        |tree: &str, name: &str| tree.lines().any(|line| line.split(' ').next() == Some(name));
    let (bare, whole) = (tree(&["--no-default-features"]), tree(&[]));
    for name in ["clap", "rustyline", "comfy-table", "ctrlc"] {
        assert!(holds(&whole, name), "{name} is in no tree at all");
        assert!(!holds(&bare, name), "{name} is there without default features");
    }
}

#[test]
fn imports_are_read() {
    let text = "use crate::model::Date;\n// use crate::cli::x;\nfn f() { crate::storage::g() }\nuse crate::{error, Query};\n";
    let read = imports(text);
    let names: Vec<&str> = read.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["model", "storage", "error", "Query"]);
}
