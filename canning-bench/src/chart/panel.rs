//! The bars of one group, on a logarithmic axis: they begin at 1, the reference, and go to the left
//! where something is faster.

use std::{error::Error, ops::Range};

use plotters::{
    coord::{Shift, combinators::LogCoord, types::RangedCoordf64},
    element::{EmptyElement, PathElement, Rectangle, Text},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::{
    chart::{kind::Kind, scale},
    harness::Measured,
    report::short,
    statistics::Ratio,
};

/// The height in pixels of a panel with so many bars.
pub(super) fn height(bars: usize) -> u32 {
    TITLE + AXIS + ROW * u32::try_from(bars).unwrap_or(u32::MAX / ROW)
}

/// Draws the bars of a group.
///
/// # Errors
///
/// Those of the backend.
pub(super) fn draw(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    results: &[Measured],
    range: &Range<f64>,
) -> Result<(), Box<dyn Error>> {
    let Some(first) = results.first() else { return Ok(()) };
    let rows = 0.0..results.len() as f64;
    let plot = ChartBuilder::on(area)
        .margin_left(NAMES)
        .margin_right(16)
        .margin_top(TITLE)
        .margin_bottom(AXIS)
        .build_cartesian_2d(range.clone().log_scale(), rows.end..rows.start)?;
    let title = TextStyle::from(("sans-serif", 15).into_font().style(FontStyle::Bold));
    area.draw(&Text::new(first.case.clone(), (12, 8), title))?;

    let plot = plot.plotting_area();
    for tick in scale::ticks(range) {
        let is_one = (tick - 1.0).abs() < 1e-9;
        let colour = if is_one { BLACK.mix(0.7) } else { BLACK.mix(0.12) };
        let line = vec![(tick, rows.start), (tick, rows.end)];
        plot.draw(&PathElement::new(line, colour.stroke_width(1)))?;
        let style = text(HPos::Center, VPos::Top);
        plot.draw(
            &(EmptyElement::at((tick, rows.end)) + label(scale::label(tick), (0, 5), style)),
        )?;
    }
    for (measured, row) in results.iter().zip(0..) {
        draw_bar(plot, measured, f64::from(row) + 0.5, range)?;
    }
    let axis = format!(
        "time next to {}: to the left faster, to the right slower (logarithmic)",
        first.group_ratio_to
    );
    let style = text(HPos::Center, VPos::Top);
    let middle = ((range.start * range.end).sqrt(), rows.end);
    plot.draw(&(EmptyElement::at(middle) + label(axis, (0, 22), style)))?;
    Ok(())
}

fn draw_bar(
    plot: &DrawingArea<SVGBackend<'_>, Plane>,
    measured: &Measured,
    row: f64,
    range: &Range<f64>,
) -> Result<(), Box<dyn Error>> {
    let ratio = measured.in_group;
    let colour = Kind::of(&measured.implementation).colour();
    let corners = [(1.0, row - 0.36), (ratio.median, row + 0.36)];
    plot.draw(&Rectangle::new(corners, colour.filled()))?;
    if ratio.low < ratio.high {
        draw_whiskers(plot, &ratio, row)?;
    }
    let name = label(measured.implementation.clone(), (-8, 0), text(HPos::Right, VPos::Center));
    plot.draw(&(EmptyElement::at((range.start, row)) + name))?;
    let number = label(short(ratio.median), (6, 0), text(HPos::Left, VPos::Center));
    plot.draw(&(EmptyElement::at((ratio.high.max(1.0), row)) + number))?;
    Ok(())
}

/// The interval.
fn draw_whiskers(
    plot: &DrawingArea<SVGBackend<'_>, Plane>,
    ratio: &Ratio,
    row: f64,
) -> Result<(), Box<dyn Error>> {
    let Ratio { low, high, .. } = *ratio;
    let lines = [
        [(low, row), (high, row)],
        [(low, row - 0.16), (low, row + 0.16)],
        [(high, row - 0.16), (high, row + 0.16)],
    ];
    for line in lines {
        plot.draw(&PathElement::new(line, BLACK.mix(0.75).stroke_width(1)))?;
    }
    Ok(())
}

fn label(
    text: String,
    offset: (i32, i32),
    style: TextStyle<'static>,
) -> Text<'static, (i32, i32), String> {
    Text::new(text, offset, style)
}

fn text(horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    TextStyle::from(("sans-serif", 12).into_font()).pos(Pos::new(horizontal, vertical))
}

type Plane = Cartesian2d<LogCoord<f64>, RangedCoordf64>;

/// Pixels of a bar, of the title above, of the axis below, and of the names at the left.
const ROW: u32 = 20;
const TITLE: u32 = 34;
const AXIS: u32 = 50;
const NAMES: u32 = 190;
