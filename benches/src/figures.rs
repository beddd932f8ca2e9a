//! What was measured. In: figures as cases report them. Out: them on the terminal and, all together, as JSON.

use serde::{Deserialize, Serialize};

/// One thing measured, once or several times.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// The case.
    pub(crate) case: String,
    /// Who was measured: `pgsync`, `PGSync`, `COPY`, ...
    pub(crate) who: String,
    /// What of it.
    pub(crate) what: String,
    /// The unit of `runs`.
    pub(crate) unit: String,
    /// One figure for each run.
    pub(crate) runs: Vec<f64>,
    /// What one has to know to read it, for example that it is extrapolated.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
}

impl Figure {
    /// The middle of the runs.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.runs.clone();
        sorted.sort_by(f64::total_cmp);
        match sorted.len() {
            0 => f64::NAN,
            count if count % 2 == 1 => sorted[count / 2],
            count => (sorted[count / 2 - 1] + sorted[count / 2]) / 2.0,
        }
    }

    /// The least and the greatest.
    pub(crate) fn spread(&self) -> (f64, f64) {
        self.runs.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), run| (low.min(*run), high.max(*run)))
    }
}

/// Something over time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    /// The case.
    pub(crate) case: String,
    /// Who was measured.
    pub(crate) who: String,
    /// Seconds since the case began, and milliseconds.
    pub(crate) points: Vec<(f64, f64)>,
}

/// All figures of a run of the benchmark.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Figures {
    /// Single ones.
    pub(crate) figures: Vec<Figure>,
    /// Those over time.
    pub(crate) lines: Vec<Line>,
}

impl Figures {
    /// Adds one run's figure.
    pub(crate) fn add(&mut self, case: &str, who: &str, what: &str, unit: &str, value: f64) {
        println!("{case:<24} {who:<22} {what:<34} {value:>14.3} {unit}");
        let same = |figure: &&mut Figure| figure.case == case && figure.who == who && figure.what == what;
        match self.figures.iter_mut().find(same) {
            Some(figure) => figure.runs.push(value),
            None => self.figures.push(Figure {
                case: case.to_owned(),
                who: who.to_owned(),
                what: what.to_owned(),
                unit: unit.to_owned(),
                runs: vec![value],
                note: String::new(),
            }),
        }
    }

    /// Says something about a figure that is there.
    pub(crate) fn note(&mut self, case: &str, who: &str, what: &str, note: &str) {
        println!("{case:<24} {who:<22} {what:<34} {note}");
        for figure in &mut self.figures {
            if figure.case == case && figure.who == who && figure.what == what {
                figure.note = note.to_owned();
            }
        }
    }

    /// Adds something over time.
    pub(crate) fn line(&mut self, case: &str, who: &str, points: Vec<(f64, f64)>) {
        // One run says how it goes; five lines would hide each other.
        self.lines.retain(|line| line.case != case || line.who != who);
        self.lines.push(Line { case: case.to_owned(), who: who.to_owned(), points });
    }

    /// Forgets what a case has shown; figures bear its name alone or before a slash.
    pub(crate) fn forget(&mut self, case: &str) {
        self.figures.retain(|figure| family(&figure.case) != case);
        self.lines.retain(|line| family(&line.case) != case);
    }

    /// Brings figures into the order of their cases.
    pub(crate) fn sort(&mut self, cases: &[String]) {
        self.figures.sort_by_key(|figure| cases.iter().position(|case| case == family(&figure.case)));
    }

    /// Finds one.
    pub(crate) fn find(&self, case: &str, who: &str, what: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.case == case && figure.who == who && figure.what == what)
    }
}

fn family(case: &str) -> &str {
    case.split('/').next().unwrap_or(case)
}
