//! Flags of PGSync's commands. In: those that were written. Out: nothing where this does the same, or one error that says
//! what replaces each.

use crate::{Error, ErrorKind, Result};
use clap::Args;

/// Flags of PGSync's `pgsync` that have no meaning of their own here.
#[derive(Debug, Clone, Default, Args)]
pub struct PeerFlags {
    #[arg(short, long, hide = true)]
    daemon: bool,
    #[arg(short, long, hide = true)]
    wal: bool,
    #[arg(long, hide = true)]
    polling: bool,
    #[arg(long, hide = true)]
    producer: bool,
    #[arg(long, hide = true)]
    consumer: bool,
    #[arg(short, long, hide = true)]
    analyze: bool,
    #[command(flatten)]
    schema: Elsewhere,
}

/// Flags of PGSync's `bootstrap` that have no meaning of their own here.
#[derive(Debug, Clone, Default, Args)]
pub struct PeerBootstrap {
    #[arg(short, long, hide = true)]
    teardown: bool,
    #[arg(long = "no-create", alias = "no_create", hide = true)]
    no_create: bool,
    #[command(flatten)]
    schema: Elsewhere,
}

/// A schema that is no file.
#[derive(Debug, Clone, Default, Args)]
struct Elsewhere {
    #[arg(long = "schema_url", alias = "schema-url", hide = true)]
    schema_url: Option<String>,
    #[arg(long = "s3_schema_url", alias = "s3-schema-url", hide = true)]
    s3_schema_url: Option<String>,
}

impl Elsewhere {
    fn flags(&self) -> [Flag; 2] {
        let instead = "the schema is a file or an address: name it with --config";
        [
            (self.schema_url.is_some(), "--schema_url", instead),
            (self.s3_schema_url.is_some(), "--s3_schema_url", instead),
        ]
    }
}

/// Whether a flag is written, its name, and what replaces it.
type Flag = (bool, &'static str, &'static str);

impl PeerFlags {
    /// Says what replaces those that were written. `follows`: the command goes on for ever.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] with a line for each that does not do here what it does there.
    pub(super) fn check(&self, follows: bool) -> Result<()> {
        let Self { daemon, wal, polling, producer, consumer, analyze, schema } = self;
        let [url, s3] = schema.flags();
        refuse(&[
            (*daemon && !follows, "--daemon", "`run` follows for ever"),
            (*wal && !follows, "--wal", "`run` follows the log"),
            (*polling, "--polling", "changes are always streamed: leave it out"),
            (*producer, "--producer", "one process does both parts: leave it out"),
            (*consumer, "--consumer", "one process does both parts: leave it out"),
            (*analyze, "--analyze", "`cargo pgsync explain` lists the indexes that the database lacks"),
            url,
            s3,
        ])
    }
}

impl PeerBootstrap {
    /// Says what replaces those that were written.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] with a line for each.
    pub(super) fn check(&self) -> Result<()> {
        let [url, s3] = self.schema.flags();
        refuse(&[
            (self.teardown, "--teardown", "`teardown` is a command of its own"),
            (self.no_create, "--no-create", "what is there already is not made again: leave it out"),
            url,
            s3,
        ])
    }
}

fn refuse(flags: &[Flag]) -> Result<()> {
    let said = flags.iter().filter(|(written, ..)| *written).map(|(_, flag, instead)| format!("{flag}: {instead}"));
    let said: Vec<String> = said.collect();
    if said.is_empty() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, format!("flags of PGSync that have another place here: {}", said.join("; ")))
        .help("docs/command-line.md has every flag of PGSync"))
}

#[cfg(test)]
mod tests {
    use crate::command::{Arguments, RunCommand, in_our_spelling};
    use crate::{Error, ErrorKind};
    use clap::Parser as _;

    fn check(line: &str) -> Result<RunCommand, Error> {
        let words = line.split(' ').map(Into::into);
        let operator =
            Arguments::try_parse_from(in_our_spelling(words)).unwrap_or_else(|error| panic!("{error}")).operator;
        match &operator {
            RunCommand::Run { peer, .. } => peer.check(true)?,
            RunCommand::Sync { peer, .. } => peer.check(false)?,
            RunCommand::Bootstrap { peer, .. } => peer.check()?,
            _ => {}
        }
        Ok(operator)
    }

    #[test]
    fn each_flag_of_the_peer_works_or_is_told_what_replaces_it() {
        for line in [
            "x run -d -b -n 4 -p 5433 -u me --host db --sslmode Require --sslrootcert a.pem -v",
            "x run --daemon --num_workers 4",
            "x run -w",
            "x sync -b --password",
            "x bootstrap --host db -p 1 -u me --password -v",
        ] {
            assert!(check(line).is_ok(), "{line}");
        }
        for (line, said) in [
            ("x sync -d", "`run` follows"),
            ("x sync --wal", "`run` follows"),
            ("x run --polling", "always streamed"),
            ("x run --producer", "one process"),
            ("x run --consumer", "one process"),
            ("x run -a", "explain"),
            ("x run --schema_url http://x", "--config"),
            ("x sync --s3_schema_url s3://x/y", "--config"),
            ("x bootstrap -t", "`teardown`"),
            ("x bootstrap -nc", "leave it out"),
            ("x bootstrap --no-create --schema_url http://x", "--config"),
        ] {
            let error = check(line).unwrap_err();
            assert!(error.kind() == ErrorKind::Usage && error.to_string().contains(said), "{line}: {error}");
        }
    }

    #[test]
    fn flags_are_settings() {
        let overrides = check("x run -n 4 -p 5433 -u me --host db --sslmode Require").unwrap().overrides().unwrap();
        assert_eq!((overrides.readers, overrides.port), (Some(4), Some(5433)));
        assert_eq!((overrides.user.as_deref(), overrides.host.as_deref()), (Some("me"), Some("db")));
        assert_eq!(overrides.ssl_mode, Some(crate::settings::SslMode::Require));
    }
}
