//! The programs of `examples/`, run through their `main`.

#[path = "../../examples/embed.rs"]
mod embed;
#[path = "../../examples/insert.rs"]
mod insert;
#[path = "../../examples/typed_rows.rs"]
mod typed_rows;

#[test]
fn examples_run() {
    embed::main().unwrap();
    insert::main().unwrap();
    typed_rows::main().unwrap();
}
