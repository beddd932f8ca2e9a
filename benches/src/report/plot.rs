//! The plot. In: figures. Out: an SVG of bars on a logarithmic axis, one group a case, and of what was followed over time.
//! Its colours are readable on light and on dark ground.

use crate::figures::{Figure, Figures, Line};
use std::fmt::Write as _;

const WIDTH: f64 = 900.0;
/// Where bars begin, and how long the longest may be.
const LEFT: f64 = 250.0;
const LENGTH: f64 = 520.0;
const BAR: f64 = 18.0;
const LINE_HEIGHT: f64 = 140.0;

/// Draws everything.
pub(super) fn draw(figures: &Figures) -> String {
    let bars: Vec<&Figure> = figures.figures.iter().filter(|figure| figure.what == "rate").collect();
    let mut body = String::new();
    let mut y = 20.0;
    text(&mut body, WIDTH - 10.0, y, "end", "medians, on a logarithmic axis", "normal");
    let mut case = "";
    let (least, most) = bars.iter().fold((f64::INFINITY, 1.0), |(least, most): (f64, f64), figure| {
        (least.min(figure.median()), most.max(figure.median()))
    });
    let low = least.max(1.0).log10().floor();
    let scale = LENGTH / (most.log10().ceil() - low).max(1.0);
    for figure in bars {
        if figure.case != case {
            case = &figure.case;
            y += 24.0;
            text(&mut body, 10.0, y, "start", &format!("{case}, {}", figure.unit), "bold");
            y += 8.0;
        }
        let length = ((figure.median().max(1.0).log10() - low) * scale).max(1.0);
        let colour = colour(&figure.who);
        let _ = writeln!(body, r#"<rect x="{LEFT}" y="{y}" width="{length:.1}" height="14" fill="{colour}"/>"#);
        text(&mut body, LEFT - 8.0, y + 11.0, "end", &figure.who, "normal");
        let extrapolated = if figure.note.contains("extrapolated") { " (extrapolated)" } else { "" };
        let value = format!("{:.0}{extrapolated}", figure.median());
        text(&mut body, LEFT + length + 6.0, y + 11.0, "start", &value, "normal");
        y += BAR;
    }
    for line in &figures.lines {
        y = curve(&mut body, line, y + 30.0);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\" \
         fill=\"#777\">\n{body}</svg>\n",
        height = y + 20.0
    )
}

fn colour(who: &str) -> &'static str {
    match who {
        "pgsync" => "#2a7fb8",
        who if who.starts_with("PGSync") => "#d9822b",
        _ => "#9a9a9a",
    }
}

fn text(body: &mut String, x: f64, y: f64, anchor: &str, text: &str, weight: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let _ =
        writeln!(body, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" font-weight="{weight}">{text}</text>"#);
}

/// Milliseconds over seconds; gives where it ends.
fn curve(body: &mut String, line: &Line, top: f64) -> f64 {
    text(body, 10.0, top, "start", &format!("{}: {} behind, ms over s", line.case, line.who), "bold");
    let width = WIDTH - LEFT - 40.0;
    let (last, most) =
        line.points.iter().fold((1.0f64, 1.0f64), |(last, most), (at, value)| (last.max(*at), most.max(*value)));
    let bottom = top + LINE_HEIGHT;
    let points: Vec<String> = line
        .points
        .iter()
        .map(|(at, value)| {
            format!("{:.1},{:.1}", LEFT + at / last * width, bottom - value / most * (LINE_HEIGHT - 20.0))
        })
        .collect();
    let _ = writeln!(body, r##"<polyline points="{}" fill="none" stroke="{}"/>"##, points.join(" "), colour(&line.who));
    let _ =
        writeln!(body, r##"<path d="M{LEFT} {} V{bottom} H{}" fill="none" stroke="#777"/>"##, top + 20.0, LEFT + width);
    text(body, LEFT - 8.0, top + 28.0, "end", &format!("{most:.0} ms"), "normal");
    text(body, LEFT - 8.0, bottom, "end", "0", "normal");
    text(body, LEFT + width, bottom + 14.0, "end", &format!("{last:.0} s"), "normal");
    bottom + 14.0
}
