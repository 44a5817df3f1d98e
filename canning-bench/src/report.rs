//! The results: as lines, as a table, as JSON, and as Markdown.

use std::fmt;

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::{harness::Measured, machine};

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { case, implementation, ratio_to, .. } = self;
        let (time, ratio) = (time(self.median_ns), ratio(self));
        write!(f, "{case:24} {implementation:24} {time:>10}   {ratio} × {ratio_to}")
    }
}

/// A table for the terminal.
pub(crate) fn table(results: &[Measured]) -> String {
    let mut table = filled(results);
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.to_string()
}

/// Tables in Markdown, one a subject, each below its chart in the directory `charts`, and what
/// they were measured on.
pub(crate) fn markdown(results: &[Measured], charts: &str) -> String {
    let mut text = format!("{}\n", machine::description());
    for (subject, results) in subjects(results) {
        let mut table = filled(results);
        table.load_style(presets::ASCII_MARKDOWN);
        text += &format!("\n### `{subject}`\n\n");
        text += &format!("![{subject}: ratios as bars]({charts}/{subject}.svg)\n\n{table}\n");
    }
    text
}

/// The results of each subject, and its name.
pub(crate) fn subjects(results: &[Measured]) -> impl Iterator<Item = (&str, &[Measured])> {
    let subjects = results.chunk_by(|a, b| subject(a) == subject(b));
    subjects.map(|results| (results.first().map(subject).unwrap_or_default(), results))
}

/// Puts the results between the marks of a page, or gives them alone where it has none.
pub(crate) fn into_page(page: &str, results: &str) -> String {
    let parts =
        page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    match parts {
        Some((before, after)) => format!("{before}{BEGIN}\n\n{results}\n{END}{after}"),
        None => results.to_owned(),
    }
}

/// An array of rows.
///
/// # Errors
///
/// Those of the serializer.
pub(crate) fn json(results: &[Measured]) -> serde_json::Result<String> {
    let rows: Vec<Row<'_>> = results
        .iter()
        .map(|measured| Row {
            case: &measured.case,
            implementation: &measured.implementation,
            bytes: measured.bytes,
            median_ns: measured.median_ns,
            ratio: measured.ratio.median,
            ratio_to: &measured.ratio_to,
        })
        .collect();
    serde_json::to_string_pretty(&rows)
}

#[derive(Serialize)]
struct Row<'a> {
    case: &'a str,
    implementation: &'a str,
    bytes: u64,
    median_ns: f64,
    ratio: f64,
    ratio_to: &'a str,
}

fn filled(results: &[Measured]) -> Table {
    let mut table = Table::new();
    table.set_header(["case", "implementation", "median", "ratio", "95 %", "to"]);
    for column in 2..5 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for measured in results {
        let ratio = measured.ratio;
        table.add_row([
            measured.case.clone(),
            measured.implementation.clone(),
            time(measured.median_ns),
            short(ratio.median),
            format!("{}–{}", short(ratio.low), short(ratio.high)),
            measured.ratio_to.clone(),
        ]);
    }
    table
}

fn subject(measured: &Measured) -> &str {
    measured.case.split('/').next().unwrap_or_default()
}

fn ratio(measured: &Measured) -> String {
    let ratio = measured.ratio;
    let (median, low, high) = (short(ratio.median), short(ratio.low), short(ratio.high));
    format!("{median:>7} ({low}–{high})")
}

/// Three digits that matter.
pub(crate) fn short(number: f64) -> String {
    match number {
        100.0.. => format!("{number:.0}"),
        10.0.. => format!("{number:.1}"),
        0.095.. => format!("{number:.2}"),
        _ => format!("{number:.1e}"),
    }
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        1e9.. => format!("{} s", short(nanoseconds / 1e9)),
        1e6.. => format!("{} ms", short(nanoseconds / 1e6)),
        1e3.. => format!("{} µs", short(nanoseconds / 1e3)),
        _ => format!("{} ns", short(nanoseconds)),
    }
}

const BEGIN: &str = "<!-- results -->";
const END: &str = "<!-- end of results -->";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Ratio;

    fn measured() -> Measured {
        let ratio = Ratio { median: 1.05, low: 1.041, high: 1.058 };
        Measured {
            case: "small/encode".to_owned(),
            implementation: "canning".to_owned(),
            bytes: 880_000,
            median_ns: 84_321.0,
            ratio,
            ratio_to: "wincode".to_owned(),
            in_group: ratio,
            group_ratio_to: "wincode".to_owned(),
        }
    }

    #[test]
    fn rows_have_the_keys_that_readers_expect() {
        let rows = json(&[measured()]).unwrap();
        let rows: serde_json::Value = serde_json::from_str(&rows).unwrap();
        let expected = serde_json::json!([{
            "case": "small/encode",
            "implementation": "canning",
            "bytes": 880_000,
            "median_ns": 84_321.0,
            "ratio": 1.05,
            "ratio_to": "wincode",
        }]);
        assert_eq!(rows, expected);
    }

    #[test]
    fn tables_show_times_and_intervals() {
        let text = markdown(&[measured()], "charts");
        assert!(text.contains("### `small`"), "{text}");
        assert!(text.contains("84.3 µs"), "{text}");
        assert!(text.contains("(charts/small.svg)"), "{text}");
        assert!(text.contains("1.04–1.06"), "{text}");
    }

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        assert_eq!(into_page(&page, "new"), format!("a\n{BEGIN}\n\nnew\n{END}\nb\n"));
        assert_eq!(into_page("", "new"), "new");
    }
}
