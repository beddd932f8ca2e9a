//! Bad input gets one clear error, and nothing half made. Each test makes one mistake of an operator's; the message has
//! to name the thing, what was found, what is accepted, and the next command.
