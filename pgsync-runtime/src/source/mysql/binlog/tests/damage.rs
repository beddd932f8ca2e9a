//! Damaged streams: cut, flipped, with events left out. Nothing panics, and nothing that is lost goes unsaid.

use super::*;

const LOGS: [Log; 8] = [
    log!("mysql-9-kinds", MySql),
    log!("mysql-9-transactions", MySql),
    log!("mysql-9-compressed", MySql),
    log!("mysql-9-tagged", MySql),
    log!("mariadb-10.11-kinds", MariaDb),
    log!("mariadb-10.11-transactions", MariaDb),
    log!("mariadb-10.11-compressed", MariaDb),
    log!("mariadb-10.11-more", MariaDb),
];

const QUERY: u8 = 2;
const FORMAT_DESCRIPTION: u8 = 15;
const XID: u8 = 16;
const TABLE_MAP: u8 = 19;

fn wanted() -> Wanted {
    item(&["id", "name"]).with(RelationId(2), SHOP, "kinds", &["id", "d", "ti6", "e", "st", "vc", "u16", "hidden"])
}

/// Gives its right checksum to an event that was changed.
fn signed(mut event: Vec<u8>) -> Vec<u8> {
    let end = event.len() - 4;
    let checksum = crc32fast::hash(&event[..end]);
    event[end..].copy_from_slice(&checksum.to_le_bytes());
    event
}

/// Calls `spoil` with the decoder as it is before each event.
fn at_every_event(mut spoil: impl FnMut(&Decoder, &[u8])) {
    for log in LOGS {
        let mut decoder = log.decoder(wanted());
        for event in log.events() {
            spoil(&decoder, event);
            if decoder.decode(event, &mut Vec::new()).is_err() {
                break;
            }
        }
    }
}

#[test]
fn an_event_that_is_cut_anywhere_is_refused() {
    at_every_event(|decoder, event| {
        for end in 0..event.len() {
            assert!(decoder.clone().decode(&event[..end], &mut Vec::new()).is_err(), "type {} at {end}", event[4]);
        }
    });
}

#[test]
fn a_flipped_bit_is_found_by_the_checksum() {
    at_every_event(|decoder, event| {
        for bit in 0..event.len() * 8 {
            let mut flipped = event.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            // The one bit that a checksum does not cover says that a log is being written.
            if event[4] == FORMAT_DESCRIPTION && bit == 17 * 8 {
                continue;
            }
            let decoded = decoder.clone().decode(&flipped, &mut Vec::new());
            assert!(decoded.is_err(), "type {} at bit {bit}", event[4]);
        }
    });
}

#[test]
fn a_flipped_bit_under_a_right_checksum_does_not_panic() {
    let mut refused = 0;
    at_every_event(|decoder, event| {
        for bit in 0..(event.len() - 4) * 8 {
            let mut flipped = event.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            refused += usize::from(decoder.clone().decode(&signed(flipped), &mut Vec::new()).is_err());
        }
    });
    assert!(refused > 10_000, "{refused}");
}

#[test]
fn bytes_without_any_meaning_do_not_panic() {
    let mut random = fastrand::Rng::with_seed(11);
    at_every_event(|decoder, event| {
        for _ in 0..20 {
            let mut noise = event.to_vec();
            let from = random.usize(19..noise.len());
            random.fill(&mut noise[from..]);
            let _ = decoder.clone().decode(&signed(noise), &mut Vec::new());
        }
    });
}

#[test]
fn a_part_of_a_transaction_that_is_left_out_stops_the_stream() {
    // An id, a beginning, a table's description, an end, a compressed transaction.
    let matters = |event: &[u8]| {
        matches!(event[4], XID | TABLE_MAP | 33 | 42 | 40 | 162 | 38)
            || (event[4] == QUERY && event.ends_with(b"BEGIN"))
    };
    let mut left_out = 0;
    for log in LOGS {
        let events = log.events();
        for (at, event) in events.iter().enumerate().filter(|(_, event)| matters(event)) {
            // What is last has nothing behind it that could show it.
            let last_of_its_kind = events[at + 1..].iter().all(|event| !matters(event));
            let mut decoder = log.decoder(wanted());
            let others = events.iter().enumerate().filter(|(other, _)| *other != at);
            let outcome = others.map(|(_, event)| event).try_for_each(|event| decoder.decode(event, &mut Vec::new()));
            // A statement that is logged inside ends this log by itself.
            assert!(outcome.is_err() || last_of_its_kind, "type {} at {at}", event[4]);
            left_out += 1;
        }
    }
    assert!(left_out > 80, "{left_out}");
}

#[test]
fn positions_in_headers_and_descriptions_of_logs_are_not_needed() {
    for log in &LOGS[..7] {
        let whole = log.steps(wanted()).unwrap();
        let mut decoder = log.decoder(wanted());
        let mut steps = Vec::new();
        for event in log.events().into_iter().filter(|event| event[4] != FORMAT_DESCRIPTION) {
            let mut without = event.to_vec();
            without[13..17].fill(0);
            decoder.decode(&signed(without), &mut steps).unwrap();
        }
        assert_eq!(steps, whole);
    }
}

#[test]
fn a_server_without_checksums_says_so_in_its_log_or_before() {
    for log in &LOGS[..7] {
        let whole = log.steps(wanted()).unwrap();
        let mut decoder = Decoder::new(GtidSet::empty(log.flavour), wanted(), false);
        let mut steps = Vec::new();
        for event in log.events().into_iter().filter(|event| event[4] != FORMAT_DESCRIPTION) {
            let mut bare = event[..event.len() - 4].to_vec();
            let size = u32::try_from(bare.len()).unwrap();
            bare[9..13].copy_from_slice(&size.to_le_bytes());
            decoder.decode(&bare, &mut steps).unwrap();
        }
        assert_eq!(steps, whole);
    }
}

#[test]
fn events_that_cannot_be_followed_are_refused_by_name() {
    let log = &LOGS[0];
    let event = |number: u8, flags: u16| {
        let mut event = vec![0; 19 + 8 + 4];
        event[..4].copy_from_slice(&1_u32.to_le_bytes());
        event[4] = number;
        event[9] = 31;
        event[17..19].copy_from_slice(&flags.to_le_bytes());
        signed(event)
    };
    let decode = |number, flags| log.decoder(wanted()).decode(&event(number, flags), &mut Vec::new());
    assert_eq!(decode(34, 0), Err(Refusal::NoIds));
    assert_eq!(decode(200, 0), Err(Refusal::UnknownEvent(200)));
    assert_eq!(decode(200, 0x80), Ok(()), "the server says that it may be left out");
    for (number, name) in [(26, "an incident"), (172, "a fragment of rows"), (20, "rows of an old form")] {
        assert!(matches!(decode(number, 0x80), Err(Refusal::Event { event, .. }) if event == name), "{number}");
    }
}

#[test]
fn a_transaction_that_was_read_before_is_refused() {
    let log = &LOGS[1];
    let mut decoder = log.decoder(wanted());
    log.events().into_iter().try_for_each(|event| decoder.decode(event, &mut Vec::new())).unwrap();
    let mut again = Decoder::new(decoder.processed().clone(), wanted(), true);
    let outcome = log.events().into_iter().try_for_each(|event| again.decode(event, &mut Vec::new()));
    assert!(matches!(outcome, Err(Refusal::Order { found: "a transaction that was read before", .. })), "{outcome:?}");
}
