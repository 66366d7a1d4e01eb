//! Timings, for people: `cargo test --release --test suite timings -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use super::*;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn timed<T>(rounds: usize, mut work: impl FnMut() -> T) -> Duration {
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        drop(result);
        took
    });
    median(times.collect())
}

#[test]
#[ignore = "prints figures and claims nothing"]
fn timings() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    let open = |access| Store::open(&path, &options(access)).unwrap();
    let start = Instant::now();
    let store = open(Access::ReadWrite { create: true });
    println!("make and open         {:?}", start.elapsed());
    let mut writing = store.begin().unwrap();
    for n in 0..50 {
        writing.insert(visit(&format!("k{n}"), &format!("Actor {}", n % 9), "B", n * 100)).unwrap();
    }
    writing.commit().unwrap();
    let mut n = 0;
    let one = timed(200, || {
        let mut writing = store.begin().unwrap();
        writing.insert(visit(&format!("one{n}"), "A", "B", n)).unwrap();
        n += 1;
        writing.commit().unwrap()
    });
    println!("commit of one row     {one:?}");
    store.close().unwrap();
    drop(store);
    println!("file                  {} bytes", std::fs::metadata(&path).unwrap().len());
    println!("open read-only        {:?}", timed(50, || open(Access::ReadOnly)));
    let read = timed(50, || {
        let store = open(Access::ReadOnly);
        let view = store.view().unwrap();
        let count = view.scan(view.all().unwrap()).count();
        store.close().unwrap();
        count
    });
    println!("open, read 250, close {read:?}");
    println!(
        "open to write, close  {:?}",
        timed(50, || open(Access::ReadWrite { create: false }).close())
    );

    let store = open(Access::ReadWrite { create: false });
    let rows = 100_000;
    let start = Instant::now();
    let mut writing = store.begin().unwrap();
    for n in 0..rows {
        let (who, whom) = (format!("Actor {}", n * n % 997), format!("Actor {}", n % 101));
        writing.insert(visit(&format!("bulk{n}"), &who, &whom, n % 20_000)).unwrap();
    }
    let gathered = start.elapsed();
    writing.commit().unwrap();
    println!("{rows} rows           {gathered:?} to gather, {:?} with the commit", start.elapsed());
    println!("file                  {} bytes", store.file_len().unwrap());
    let one = timed(100, || {
        let mut writing = store.begin().unwrap();
        writing.insert(visit(&format!("late{n}"), "A", "B", n)).unwrap();
        n += 1;
        writing.commit().unwrap()
    });
    println!("one more row          {one:?}");
    let view = store.view().unwrap();
    let start = Instant::now();
    assert!(view.scan(view.all().unwrap()).count() > 100_000);
    println!("scan of all           {:?}", start.elapsed());
    let some = view.postings(Posting::Name, "Actor 5").unwrap();
    println!(
        "posting of {:<6}     {:?}",
        some.len(),
        timed(50, || view.postings(Posting::Name, "Actor 5"))
    );
    println!("its rows              {:?}", timed(20, || view.scan(some.clone()).count()));
    println!("one row by id         {:?}", timed(500, || view.event(EventId(77_777)).unwrap()));
    println!("view                  {:?}", timed(500, || store.view().unwrap()));
    let start = Instant::now();
    assert_sound(&store);
    println!("proof                 {:?}", start.elapsed());
}
