//! Images, drawn with characters.

use std::env;

use ndarray::{ArrayView2, Axis};

/// Characters from dark to bright.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shades(&'static [char]);

impl Shades {
    /// What the locale can show.
    pub(super) fn of_locale() -> Self {
        // The first that is set counts, as in POSIX.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .filter_map(env::var_os)
            .find(|value| !value.is_empty());
        let locale = locale.unwrap_or_default().to_string_lossy().to_lowercase();
        match locale.contains("utf-8") || locale.contains("utf8") {
            true => Self::BLOCKS,
            false => Self::ASCII,
        }
    }

    const BLOCKS: Self = Self(&[' ', '░', '▒', '▓', '█']);

    const ASCII: Self = Self(&[' ', '.', ':', '-', '=', '+', '*', '#', '%', '@']);

    fn of(self, brightness: f64) -> char {
        let steps = self.0.len() as f64;
        let at = self.0.iter().zip(1..).find(|(_, next)| brightness * steps < f64::from(*next));
        at.map(|(shade, _)| shade).or(self.0.last()).copied().unwrap_or(' ')
    }
}

/// Images of brightnesses from 0 to 1 side by side, each pixel two characters wide, so that it
/// is about square, with a text below each.
pub(super) fn draw(images: &[(String, ArrayView2<'_, f64>)], shades: Shades) -> String {
    let mut text = String::new();
    let height = images.iter().map(|(_, image)| image.nrows()).max();
    for row in 0..height.unwrap_or(0) {
        let pixels = images.iter().map(|(_, image)| {
            let pixels = image.axis_iter(Axis(0)).nth(row);
            pixels.map_or_else(String::new, |pixels| {
                let doubled = pixels.iter().flat_map(|pixel| [shades.of(*pixel); 2]);
                doubled.collect()
            })
        });
        push_line(&mut text, pixels, images);
    }
    push_line(&mut text, images.iter().map(|(name, _)| name.clone()), images);
    text
}

/// Appends one cell an image.
fn push_line(
    text: &mut String,
    cells: impl Iterator<Item = String>,
    images: &[(String, ArrayView2<'_, f64>)],
) {
    let mut line = String::new();
    for (cell, (_, image)) in cells.zip(images) {
        line += &format!("{cell:width$}{GAP}", width = 2 * image.ncols());
    }
    *text += line.trim_end();
    text.push('\n');
}

const GAP: &str = "  ";

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn images_stand_side_by_side() {
        let image = array![[0.0, 1.0], [0.5, f64::NAN]];
        let images = [("a".into(), image.view()), ("b".into(), image.t())];
        assert_eq!(draw(&images, Shades::BLOCKS), "  ██    ▒▒\n▒▒██  ████\na     b\n");
        assert_eq!(draw(&images, Shades::ASCII), "  @@    ++\n++@@  @@@@\na     b\n");
    }
}
