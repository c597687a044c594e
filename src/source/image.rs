//! The measures of an image from the first bytes of its file, so that a page can leave room
//! for it. In: a path. Out: width and height in CSS pixels, if the file says.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// How much of an SVG is read: its first element stands at the top.
const SVG_HEAD: u64 = 4096;

/// Width and height of an image in pixels.
pub(super) fn size(file: &Path) -> Option<(u32, u32)> {
    match crate::path::extension(&file.to_string_lossy()).as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "bmp" => {
            let size = imagesize::size(file).ok()?;
            Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
        }
        "svg" => svg_size(file),
        _ => None,
    }
}

fn svg_size(file: &Path) -> Option<(u32, u32)> {
    let mut head = Vec::new();
    File::open(file).ok()?.take(SVG_HEAD).read_to_end(&mut head).ok()?;
    svg_measures(&String::from_utf8_lossy(&head))
}

/// The measures that the first element gives, else those of its view box.
fn svg_measures(svg: &str) -> Option<(u32, u32)> {
    let tag = svg.split_once("<svg")?.1.split('>').next()?;
    let given =
        attribute(tag, "width").and_then(pixels).zip(attribute(tag, "height").and_then(pixels));
    given.or_else(|| {
        let mut sides = attribute(tag, "viewBox")?
            .split([' ', ','])
            .filter(|side| !side.is_empty())
            .skip(2);
        pixels(sides.next()?).zip(pixels(sides.next()?))
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let rest = tag.split_once(&format!(" {name}="))?.1;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next()
}

/// A length in pixels; in other units it depends on where the image stands.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to lie between 1 and 100,000"
)]
fn pixels(length: &str) -> Option<u32> {
    let number: f64 = length.trim().trim_end_matches("px").parse().ok()?;
    (1.0..=100_000.0).contains(&number).then(|| number.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_says_its_measures_or_its_view_box_does() {
        for (svg, size) in [
            ("<svg width=\"480\" height='120px' viewBox=\"0 0 1 1\">", Some((480, 120))),
            (
                "<?xml version=\"1.0\"?><svg xmlns=\"x\" viewBox=\"0 0 300.4 150\">",
                Some((300, 150)),
            ),
            ("<svg width=\"100%\" height=\"2em\">", None),
            ("<p>", None),
        ] {
            assert_eq!(svg_measures(svg), size, "{svg}");
        }
    }
}
