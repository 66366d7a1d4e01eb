//! Where and when it was measured.

use crate::engine::Name;
use crate::error::Result;

/// A line for each thing that a reader must know to judge the figures.
pub(crate) fn describe(engines: &[Name], runs: usize) -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let model = line("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned());
    let memory = line("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()))
        .map_or_else(|| "unknown".to_owned(), |kib| format!("{:.0} GiB", kib / 1024.0 / 1024.0));
    let load = std::fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split_whitespace().next().map(str::to_owned))
        .unwrap_or_else(|| "unknown".to_owned());
    let versions = engines
        .iter()
        .map(|engine| Ok(format!("{} {}", engine.title(), engine.version()?)))
        .collect::<Result<Vec<_>>>()?;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(format!(
        "{today}. {}. {cores} cores ({model}), {memory} of memory, load average {load} at the start. Medians of {runs} runs.\n",
        versions.join(", ")
    ))
}

/// What stands behind a name and a colon in a file of the system.
fn line(file: &str, name: &str) -> Option<String> {
    std::fs::read_to_string(file).ok()?.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}
