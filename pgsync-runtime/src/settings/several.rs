//! The settings of the programs of a schema file, one for each database. In: programs, flags, the environment. Out: the
//! programs with the names of here, and settings for each; or what several of them cannot share.

use super::{Overrides, Settings, resolve};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::Program;

/// Fills in the names of all programs, and reads the settings of each.
///
/// # Errors
/// [`ErrorKind::Usage`] with what is wrong with the names or the settings, or is set for all and can be for one only.
pub fn settle(programs: &mut [Program], overrides: &Overrides) -> Result<Vec<Settings>> {
    resolve(programs)?;
    let load =
        |program: &Program| Settings::load(&Overrides { database: program.database.clone(), ..overrides.clone() });
    let each = programs.iter().map(load).collect::<Result<Vec<_>>>()?;
    side_by_side(each)
}

/// What settings amount to when there are several: names of what is set up are for one database only, and the memory is
/// for all of them.
fn side_by_side(mut each: Vec<Settings>) -> Result<Vec<Settings>> {
    let count = each.len();
    if count < 2 {
        return Ok(each);
    }
    for settings in &mut each {
        let named = [("PGSYNC_SLOT", &settings.run.slot), ("PGSYNC_PUBLICATION", &settings.run.publication)];
        let named: Vec<&str> = named.iter().filter(|(_, value)| value.is_some()).map(|(name, _)| *name).collect();
        if !named.is_empty() {
            let what = format!(
                "{} set, and the schema file names {count} databases, each with a slot and a publication of its own",
                if let [one] = named[..] { format!("{one} is") } else { format!("{} are", named.join(" and ")) }
            );
            return Err(Error::new(ErrorKind::Usage, what)
                .help("leave them out: the names are derived from the file's and the database's; or write one file per database"));
        }
        settings.run.memory /= count;
    }
    Ok(each)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn settings(pairs: &[(&str, &str)]) -> Settings {
        let pairs = pairs.iter().chain(&[("PG_USER", "u")]);
        let variables: BTreeMap<_, _> = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Settings::from_variables(variables, &Overrides::default()).unwrap().0
    }

    #[test]
    fn memory_is_for_all_databases_and_names_for_one_only() {
        let memory = |count: usize| {
            side_by_side(vec![settings(&[("PGSYNC_MEMORY", "60")]); count]).unwrap()[count - 1].run.memory >> 20
        };
        assert_eq!([memory(1), memory(2), memory(3)], [60, 30, 20]);
        let named = settings(&[("PGSYNC_SLOT", "mine"), ("PGSYNC_PUBLICATION", "p")]);
        assert!(side_by_side(vec![named.clone()]).is_ok());
        let refused = side_by_side(vec![named; 2]).unwrap_err();
        let said = refused.to_string();
        assert!(said.contains("PGSYNC_SLOT and PGSYNC_PUBLICATION are set") && said.contains("2 databases"), "{said}");
        let said = side_by_side(vec![settings(&[("PGSYNC_SLOT", "mine")]); 2]).unwrap_err().to_string();
        assert!(said.starts_with("PGSYNC_SLOT is set"), "{said}");
    }
}
