//! A secret that a command prints. In: the text of the command. Out: what it says on its output, without the end of the line.
//!
//! Must not: repeat anything of the output, or wait for ever.

use secrecy::SecretString;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A command that asks a service for a token takes a second or two.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs a command by the shell, as whoever runs this.
///
/// # Errors
/// Why there is no secret, in words that stand behind the name of the setting.
pub(super) fn printed(command: &str) -> Result<SecretString, String> {
    // What it says on stderr is for who started this; on its input there is nobody.
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = shell.spawn().map_err(|error| format!("cannot be run: {error}"))?;
    let mut output = child.stdout.take().ok_or("has no output")?;
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = output.read_to_string(&mut text).map(|_| text);
        // Nobody waits any more where it took too long.
        let _ = send.send(read);
    });
    let Ok(read) = receive.recv_timeout(PATIENCE) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("says nothing within {} s", PATIENCE.as_secs()));
    };
    let ended = child.wait().map_err(|error| format!("cannot be waited for: {error}"))?;
    if !ended.success() {
        return Err(format!("fails: {ended}"));
    }
    let text = read.map_err(|_| "does not print text".to_owned())?;
    match text.trim_end_matches(['\n', '\r']) {
        "" => Err("prints nothing".to_owned()),
        secret => Ok(secret.to_owned().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::printed;
    use secrecy::ExposeSecret as _;

    #[test]
    fn what_a_command_prints_is_the_secret_and_is_never_repeated() {
        let secret = printed("printf ' a b \\n'").unwrap();
        assert_eq!(secret.expose_secret(), " a b ");
        for (command, said) in
            [("echo hush; exit 3", "exit status: 3"), ("true", "prints nothing"), ("printf '\\377'", "text")]
        {
            let wrong = printed(command).unwrap_err();
            assert!(wrong.contains(said) && !wrong.contains("hush"), "{wrong}");
        }
    }
}
