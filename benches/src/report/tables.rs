//! The README's tables. In: results. Out: what stands between the marks is written anew; the rest is left as it is.

use super::{Results, databases, goals};
use crate::Outcome;
use crate::figures::Figure;
use std::fmt::Write as _;
use std::path::Path;

const BEGIN: &str = "<!-- results: begin -->";
const END: &str = "<!-- results: end -->";

/// Rewrites a file.
pub(super) fn rewrite(file: &Path, runs: &[(bool, Results)]) -> Outcome {
    let text = std::fs::read_to_string(file)?;
    let (head, rest) = text.split_once(BEGIN).ok_or("the README has no mark where results begin")?;
    let (_, tail) = rest.split_once(END).ok_or("the README has no mark where results end")?;
    let sections: Result<Vec<String>, _> = runs.iter().map(|(quick, results)| tables(*quick, results)).collect();
    std::fs::write(file, format!("{head}{BEGIN}\n\n{}\n{END}{tail}", sections?.join("\n")))?;
    Ok(())
}

fn tables(quick: bool, results: &Results) -> Result<String, std::fmt::Error> {
    let machine = &results.machine;
    let name = if quick { "quick" } else { "full" };
    let list = |map: &std::collections::BTreeMap<String, String>, between: &str| {
        map.iter().map(|(name, value)| format!("{name}{between}{value}")).collect::<Vec<_>>().join(", ")
    };
    let mut out = String::new();
    writeln!(out, "### {}\n", if quick { "Quick" } else { "In full" })?;
    writeln!(
        out,
        "A {name} run that ended {}: {} x {}, {} GB, Linux {}, load averages {}; {}. [JSON](results/{name}.json)\n",
        machine.date,
        machine.cores,
        machine.processor,
        machine.memory,
        machine.kernel,
        machine.load,
        list(&machine.versions, " "),
    )?;
    for (database, settings) in machine.settings() {
        writeln!(out, "{}: {}.\n", database.title(), list(settings, " = "))?;
    }
    let commits: std::collections::BTreeSet<&str> =
        results.cases.values().map(|origin| origin.commit.as_str()).collect();
    writeln!(out, "Commit {}.\n", commits.into_iter().collect::<Vec<_>>().join(", "))?;
    writeln!(out, "![rates](results/{name}.svg)\n")?;
    databases::table(&mut out, &results.figures)?;
    writeln!(out, "| goal | | measured | reached |\n|---|---|---|---|")?;
    for compared in goals::compare(&results.figures) {
        let Some((measured, reached)) = &compared.measured else { continue };
        let reached = if *reached { "yes" } else { "no" };
        writeln!(out, "| {} | {} | {measured} | {reached} |", compared.what, compared.goal)?;
    }
    writeln!(
        out,
        "\n| case | who | what | median | least to most | runs | unit | |\n|---|---|---|---:|---:|---:|---|---|"
    )?;
    for figure in &results.figures.figures {
        row(&mut out, figure)?;
    }
    Ok(out)
}

fn row(out: &mut String, figure: &Figure) -> std::fmt::Result {
    let (low, high) = figure.spread();
    let spread = if figure.runs.len() > 1 { format!("{} to {}", number(low), number(high)) } else { String::new() };
    writeln!(
        out,
        "| {} | {} | {} | {} | {spread} | {} | {} | {} |",
        figure.case,
        figure.who,
        figure.what,
        number(figure.median()),
        figure.runs.len(),
        figure.unit,
        figure.note,
    )
}

/// Three digits that matter, thousands apart.
pub(super) fn number(value: f64) -> String {
    if value.abs() < 1000.0 {
        let digits = if value.abs() >= 100.0 {
            0
        } else if value.abs() >= 10.0 {
            1
        } else {
            2
        };
        return format!("{value:.digits$}");
    }
    let whole = format!("{value:.0}");
    let mut out = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_short() {
        assert_eq!(["0.43", "12.3", "210", "1,234,567"], [0.4321, 12.34, 210.4, 1_234_567.2].map(number)[..]);
    }
}
