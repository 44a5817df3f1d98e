//! A chart as SVG.

use std::error::Error;

use plotters::{coord::Shift, element::Rectangle, prelude::*};

use crate::{
    chart::{kind::Kind, panel, scale},
    harness::Measured,
};

/// Draws all groups of a subject below each other, on axes of the same length.
///
/// # Errors
///
/// Those of the backend.
pub(crate) fn svg(subject: &str, results: &[Measured]) -> Result<String, Box<dyn Error>> {
    let groups: Vec<&[Measured]> = results.chunk_by(|a, b| a.case == b.case).collect();
    let heights = groups.iter().map(|group| panel::height(group.len()));
    let height = LEGEND + heights.sum::<u32>();
    let mut svg = String::new();
    let page = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
    page.fill(&WHITE)?;
    let (legend, mut rest) = page.split_vertically(LEGEND);
    draw_legend(&legend, subject, results)?;
    let range = scale::range(results);
    for group in groups {
        let (area, below) = rest.split_vertically(panel::height(group.len()));
        panel::draw(&area, group, &range)?;
        rest = below;
    }
    page.present()?;
    drop((page, legend, rest));
    Ok(svg)
}

fn draw_legend(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    title: &str,
    results: &[Measured],
) -> Result<(), Box<dyn Error>> {
    let bold = TextStyle::from(("sans-serif", 20).into_font().style(FontStyle::Bold));
    area.draw(&Text::new(title, (12, 12), bold))?;
    let style = TextStyle::from(("sans-serif", 13).into_font());
    let is_there =
        |kind: &Kind| results.iter().any(|measured| Kind::of(&measured.implementation) == *kind);
    let mut x = 190;
    for kind in Kind::ALL.into_iter().filter(is_there) {
        area.draw(&Rectangle::new([(x, 13), (x + 14, 27)], kind.colour().filled()))?;
        area.draw(&Text::new(kind.name(), (x + 20, 13), style.clone()))?;
        x += 130;
    }
    area.draw(&Text::new("whiskers: 95 % interval", (x, 13), style))?;
    Ok(())
}

/// Pixels.
const WIDTH: u32 = 860;
const LEGEND: u32 = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Ratio;

    fn measured(case: &str, implementation: &str, median: f64) -> Measured {
        let ratio = Ratio { median, low: median * 0.9, high: median * 1.2 };
        Measured {
            case: case.to_owned(),
            implementation: implementation.to_owned(),
            bytes: 1,
            median_ns: 1.0,
            ratio,
            ratio_to: "raw_fresh".to_owned(),
            in_group: ratio,
            group_ratio_to: "raw_fresh".to_owned(),
        }
    }

    #[test]
    fn every_implementation_has_a_bar() {
        let results = [
            measured("unix/1MiB", "canning", 1.1),
            measured("unix/1MiB", "raw_fresh", 1.0),
            measured("unix/64MiB", "rkyv_access", 4.25),
        ];
        let svg = svg("unix", &results).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        for text in ["unix/1MiB", "unix/64MiB", "canning", "rkyv_access", "4.25", "raw_fresh"] {
            assert!(svg.contains(text), "{text} is missing: {svg}");
        }
        let bars = svg.matches("#0062AA").count();
        assert_eq!(bars, 2, "one, and one in the legend");
    }

    #[test]
    fn the_legend_names_those_who_are_there() {
        let legend = |implementation| {
            let svg = svg("group", &[measured("group/case", implementation, 2.0)]).unwrap();
            ["canning", "raw memory", "other crates", "Python"].map(|name| svg.contains(name))
        };
        assert_eq!(legend("canning"), [true, false, false, false]);
        assert_eq!(legend("rkyv_access"), [false, false, true, false]);
        assert_eq!(legend("python_pickle5"), [false, false, false, true]);
    }
}
