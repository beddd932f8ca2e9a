//! Random values of every built-in type, as texts that PostgreSQL takes. The worst ones of each come often.

use pgsync_plan::ValueKind;
use proptest::strategy::{BoxedStrategy, Just, Strategy};
use proptest::{collection, prelude::any, prop_oneof};

pub(super) fn text() -> BoxedStrategy<String> {
    let c = prop_oneof![any::<char>(), (0_u8..0x80).prop_map(char::from)];
    collection::vec(c.prop_filter("no NUL in text", |c| *c != '\0'), 0..12)
        .prop_map(|chars| chars.into_iter().collect())
        .boxed()
}

fn cases(fixed: &'static [&'static str], random: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    prop_oneof![1 => proptest::sample::select(fixed), 3 => random.prop_map(|text| &*text.leak())]
        .prop_map(str::to_owned)
        .boxed()
}

/// Kind, type, and input texts of the type.
pub(super) fn native(version: i32) -> Vec<(ValueKind, &'static str, BoxedStrategy<String>)> {
    let numeric: &'static [&'static str] = if version >= 140_000 {
        &["NaN", "Infinity", "-Infinity", "0", "0.000", "1.00", "1e300", "-1e-300", "10000", "9999.9999"]
    } else {
        &["NaN", "0", "0.000", "1.00", "1e300", "-1e-300", "10000", "9999.9999"]
    };
    let interval: &'static [&'static str] = if version >= 170_000 {
        &["infinity", "-infinity", "0", "1 year -2 days +3 hours", "-1 mon 1 day -00:00:00.5"]
    } else {
        &["0", "1 year -2 days +3 hours", "-1 mon 1 day -00:00:00.5", "-1 year -1 day", "178000000 years"]
    };
    let days = || (-2_451_000_i64..100_000_000).prop_map(|days| format!("2000-01-01 + {days}"));
    vec![
        (ValueKind::Bool, "bool", cases(&["t", "f"], Just("t".to_owned()))),
        (ValueKind::Int2, "int2", cases(&["-32768", "32767"], any::<i16>().prop_map(|n| n.to_string()))),
        (ValueKind::Int4, "int4", cases(&["-2147483648"], any::<i32>().prop_map(|n| n.to_string()))),
        (ValueKind::Int8, "int8", cases(&["-9223372036854775808"], any::<i64>().prop_map(|n| n.to_string()))),
        (ValueKind::Oid, "oid", cases(&["0", "4294967295"], any::<u32>().prop_map(|n| n.to_string()))),
        (
            ValueKind::Float4,
            "float4",
            cases(
                &["NaN", "Infinity", "-Infinity", "-0", "1e-45", "16777216", "0.1", "3.4028235e38"],
                any::<i32>().prop_map(|n| (n as f32 / 1e4).to_string()),
            ),
        ),
        (
            ValueKind::Float8,
            "float8",
            cases(
                &[
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "-0",
                    "5e-324",
                    "1e23",
                    "0.1",
                    "9007199254740993",
                    "1e16",
                    "1.7976931348623157e308",
                ],
                any::<u64>()
                    .prop_map(f64::from_bits)
                    .prop_filter("finite", |n| n.is_finite())
                    .prop_map(|n| format!("{n:e}")),
            ),
        ),
        (
            ValueKind::Numeric,
            "numeric",
            cases(
                numeric,
                (any::<i128>(), 0_usize..60, -40_i32..40)
                    .prop_map(|(n, zeros, e)| format!("{n}{}e{e}", "0".repeat(zeros))),
            ),
        ),
        (ValueKind::Text, "text", text()),
        (ValueKind::Text, "varchar", text()),
        (ValueKind::Char, "char(40)", text()),
        (ValueKind::Text, "name", text()),
        (ValueKind::Uuid, "uuid", any::<u128>().prop_map(|n| format!("{n:032x}")).boxed()),
        (
            ValueKind::Bytea,
            "bytea",
            collection::vec(any::<u8>(), 0..20)
                .prop_map(|bytes| bytes.iter().fold("\\x".to_owned(), |text, byte| format!("{text}{byte:02x}")))
                .boxed(),
        ),
        (
            ValueKind::Date,
            "date",
            cases(
                &[
                    "infinity",
                    "-infinity",
                    "0001-01-01 BC",
                    "4713-01-01 BC",
                    "5874897-12-31",
                    "2000-02-29",
                    "1900-03-01",
                ],
                days(),
            ),
        ),
        (
            ValueKind::Timestamp,
            "timestamp",
            cases(
                &[
                    "infinity",
                    "-infinity",
                    "0044-03-15 12:00:00.5 BC",
                    "294276-12-31 23:59:59.999999",
                    "1999-12-31 23:59:59.999999",
                ],
                any::<i32>().prop_map(|n| format!("epoch {}", i64::from(n) * 1_000_003)),
            ),
        ),
        (
            ValueKind::TimestampTz,
            "timestamptz",
            cases(
                &[
                    "infinity",
                    "-infinity",
                    "0044-03-15 12:00:00.5+01 BC",
                    "294276-12-31 23:59:59.999999+00",
                    "2020-01-01 00:00:00+14",
                ],
                any::<i64>().prop_map(|n| format!("epoch {}", n / 1000 * 7 % 90_000_000_000_000_000)),
            ),
        ),
        (
            ValueKind::Time,
            "time",
            cases(&["00:00", "24:00:00", "23:59:59.999999"], (0_u64..86_400_000_000).prop_map(clock)),
        ),
        (
            ValueKind::TimeTz,
            "timetz",
            cases(
                &["00:00+00", "24:00:00-15:59:59", "23:59:59.999999+05:30", "12:00+00:00:01"],
                (0_u64..86_400_000_000, -14_i32..15).prop_map(|(n, zone)| format!("{}{zone:+03}", clock(n))),
            ),
        ),
        (
            ValueKind::Interval,
            "interval",
            cases(
                interval,
                (any::<i16>(), any::<i16>(), any::<i32>())
                    .prop_map(|(months, days, micros)| format!("{months} months {days} days {micros} milliseconds")),
            ),
        ),
        (
            ValueKind::Json,
            "json",
            cases(&["{\"a\": 1,\n\"b\" :[1.50, 1e400]\r\n}", "{\"a\":1,\"a\":2}", "null"], json_text()),
        ),
        (ValueKind::Jsonb, "jsonb", cases(&["{\"a\": 1,\n\"b\" :[1.50]\r\n}", "\"x\\ny\"", "null"], json_text())),
    ]
}

fn clock(micros: u64) -> String {
    let seconds = micros / 1_000_000;
    format!("{:02}:{:02}:{:02}.{:06}", seconds / 3600, seconds / 60 % 60, seconds % 60, micros % 1_000_000)
}

fn json_text() -> impl Strategy<Value = String> {
    (text(), any::<i64>())
        .prop_map(|(text, n)| serde_json::json!({ "k": [text, n], text.clone(): null }).to_string())
        .prop_map(|text| text.replace("\\u0000", ""))
}

/// The input of a value: some are easier to say as arithmetic.
pub(super) fn expression(text: &str, ty: &str) -> String {
    if let Some(days) = text.strip_prefix("2000-01-01 + ") {
        return format!("(date '2000-01-01' + {days})");
    }
    if let Some(micros) = text.strip_prefix("epoch ") {
        return format!("('2000-01-01'::{ty} + interval '1 microsecond' * ({micros}))");
    }
    format!("'{}'::{ty}", text.replace('\'', "''"))
}

/// Type and input texts of what has no rendering of its own: the database's `to_json` is spliced in.
pub(super) fn others(version: i32) -> Vec<(&'static str, BoxedStrategy<String>)> {
    let number = || (-10_000_i32..10_000).prop_map(|n| f64::from(n) / 8.0);
    let point = move || (number(), number()).prop_map(|(x, y)| format!("({x},{y})"));
    let points = move |least| collection::vec(point(), least..5).prop_map(|points| points.join(","));
    let octets = |count| collection::vec(any::<u8>(), count);
    let mac = move |count| {
        octets(count).prop_map(|octets| octets.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(":"))
    };
    let bits = |length| {
        collection::vec(any::<bool>(), length)
            .prop_map(|bits| bits.iter().map(|bit| if *bit { '1' } else { '0' }).collect())
    };
    let word = || "[a-zA-Z äß]{0,8}";
    let mut types = vec![
        (
            "inet",
            cases(
                &["::1", "0.0.0.0/0", "2001:db8::ff/64", "::ffff:1.2.3.4"],
                (any::<u32>(), 0..33).prop_map(|(n, mask)| format!("{}/{mask}", std::net::Ipv4Addr::from(n))),
            ),
        ),
        (
            "cidr",
            cases(
                &["10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::/0"],
                any::<u32>().prop_map(|n| format!("{}/32", std::net::Ipv4Addr::from(n))),
            ),
        ),
        ("macaddr", mac(6).boxed()),
        ("macaddr8", mac(8).boxed()),
        (
            "money",
            cases(
                &["92233720368547758.07", "-92233720368547758.08", "0"],
                any::<i32>().prop_map(|n| (f64::from(n) / 100.0).to_string()),
            ),
        ),
        ("bit(9)", bits(9..10).boxed()),
        ("varbit", bits(0..20).boxed()),
        ("point", cases(&["(Infinity,-0)", "(NaN,1e-300)", "(1e300,0.1)"], point())),
        ("line", (1_i32..100, -50_i32..50, any::<i16>()).prop_map(|(a, b, c)| format!("{{{a},{b},{c}}}")).boxed()),
        ("lseg", (point(), point()).prop_map(|(a, b)| format!("[{a},{b}]")).boxed()),
        ("box", (point(), point()).prop_map(|(a, b)| format!("{a},{b}")).boxed()),
        (
            "path",
            (any::<bool>(), points(1))
                .prop_map(|(open, points)| if open { format!("[{points}]") } else { format!("({points})") })
                .boxed(),
        ),
        ("polygon", points(1).prop_map(|points| format!("({points})")).boxed()),
        ("circle", (point(), 0_u16..999).prop_map(|(at, radius)| format!("<{at},{radius}>")).boxed()),
        (
            "tsvector",
            cases(
                &["", "'it''s':1A,3B 'a \\ \"b\"':2", "x:16383"],
                collection::vec("[a-zä]{1,5}", 0..5).prop_map(|words| words.join(" ")),
            ),
        ),
        ("tsquery", cases(&["", "'it''s' & !(a | b:AB*) <-> c"], "[a-z]{1,5}( & [a-z]{1,5}){0,3}")),
        (
            "xml",
            cases(
                &["", "text", "<a b=\"c\">d\n<!-- e --></a>", "<?x y?><r/>"],
                "[a-zé ]{0,10}".prop_map(|text| format!("<t>{text}</t>")),
            ),
        ),
        ("pg_lsn", (any::<u32>(), any::<u32>()).prop_map(|(high, low)| format!("{high:X}/{low:X}")).boxed()),
        ("txid_snapshot", cases(&["10:20:10,14,15", "1:1:"], (1_u32..50).prop_map(|n| format!("{n}:{}:{n}", n + 5)))),
        ("xid", any::<u32>().prop_map(|n| n.to_string()).boxed()),
        ("cid", any::<u32>().prop_map(|n| n.to_string()).boxed()),
        ("tid", (any::<u32>(), any::<u16>()).prop_map(|(block, line)| format!("({block},{line})")).boxed()),
        ("regclass", cases(&["pg_class", "public.value", "0", "-"], Just("pg_type".to_owned()))),
        ("regtype", cases(&["int4", "text[]", "public.mood", "interval"], Just("bool".to_owned()))),
        ("regproc", cases(&["now", "0"], Just("pi".to_owned()))),
        ("regprocedure", cases(&["abs(int4)", "0"], Just("pi()".to_owned()))),
        ("regnamespace", cases(&["public", "pg_catalog"], Just("information_schema".to_owned()))),
        ("regrole", cases(&["postgres"], Just("0".to_owned()))),
        ("regconfig", cases(&["simple", "german"], Just("english".to_owned()))),
        ("regdictionary", cases(&["simple"], Just("german_stem".to_owned()))),
        ("regoper", cases(&["0", "||/"], Just("0".to_owned()))),
        ("regoperator", cases(&["+(int4,int4)"], Just("0".to_owned()))),
        ("int2vector", cases(&["", "1 -2 3"], any::<i16>().prop_map(|n| n.to_string()))),
        ("oidvector", cases(&["", "1 2 3"], any::<u32>().prop_map(|n| n.to_string()))),
        ("refcursor", text()),
        ("aclitem", cases(&["postgres=r/postgres", "=arwdDxt/postgres"], Just("postgres=w*/postgres".to_owned()))),
        ("\"char\"", cases(&["", "\"", "\\", "1"], "[ -~]")),
        ("public.mood", cases(&["so so", "great \"!\"", "ü☃\\"], Just("so so".to_owned()))),
        ("public.citext", text()),
        ("public.positive", (1_i32..i32::MAX).prop_map(|n| n.to_string()).boxed()),
        ("public.moods", cases(&["{}", "{so so,NULL}", "{{so so},{\"great \\\"!\\\"\"}}"], Just("{so so}".to_owned()))),
        (
            "public.pair",
            cases(
                &["(,)", "(\"a,\"\"b\"\"\",7)", "(\"\",-1)"],
                (word(), any::<i32>()).prop_map(|(text, n)| format!("(\"{text}\",{n})")),
            ),
        ),
        (
            "public.nested",
            cases(&["(,)", "(\"(x,1)\",\"{1,NULL}\")"], any::<i32>().prop_map(|n| format!("(\"(,{n})\",{{{n}}})"))),
        ),
        (
            "public.hstore",
            cases(
                &["", "a=>1,b=>NULL", "\"q \\\" \\\\\"=>\"ü☃\", \"\"=>\"\""],
                (word(), word()).prop_map(|(key, value)| format!("\"{key}\"=>\"{value}\"")),
            ),
        ),
        (
            "int4range",
            cases(
                &["empty", "(,)", "[1,)", "(,5]"],
                (any::<i16>(), 0_i32..9).prop_map(|(n, more)| format!("[{n},{}]", i32::from(n) + more)),
            ),
        ),
        (
            "int8range",
            cases(
                &["empty", "(,)", "[-9223372036854775808,9223372036854775807)"],
                (any::<i16>()).prop_map(|n| format!("[{n},]")),
            ),
        ),
        ("numrange", cases(&["empty", "[1.50,1.5]", "(,)"], number().prop_map(|n| format!("({n},{}]", n + 1.5)))),
        (
            "daterange",
            cases(
                &["empty", "[infinity,)", "[0044-03-15 BC,2000-01-01]"],
                (0_u32..9999).prop_map(|n| format!("[2000-01-01,{}-01-01)", 2001 + n)),
            ),
        ),
        (
            "tsrange",
            cases(
                &["empty", "[-infinity,infinity]", "[\"0044-03-15 BC\",)"],
                (0_u32..60).prop_map(|n| format!("[\"2000-01-01 00:00:{n:02}.5\",)")),
            ),
        ),
        (
            "tstzrange",
            cases(
                &["empty", "[-infinity,infinity]", "(,\"2000-01-01 00:00+14\"]"],
                (0_u32..60).prop_map(|n| format!("[\"2000-01-01 00:00:{n:02}+01\",)")),
            ),
        ),
    ];
    if version < 120_000 {
        types.push(("abstime", cases(&["infinity", "-infinity", "epoch"], Just("2000-01-01 12:00:00+01".to_owned()))));
        types.push((
            "reltime",
            cases(&["-1 day", "2 years 3 hours"], (0_u16..999).prop_map(|n| format!("{n} minutes"))),
        ));
        types.push((
            "tinterval",
            cases(&["[\"2000-01-01\" \"2000-02-01\"]"], Just("[\"epoch\" \"infinity\"]".to_owned())),
        ));
    }
    if version >= 120_000 {
        types.push((
            "jsonpath",
            cases(&["$", "$.\"a b\"[*] ? (@ > 1.5)"], "[a-z]{1,6}".prop_map(|key| format!("strict $.{key}"))),
        ));
    }
    if version >= 130_000 {
        types.push(("xid8", any::<u64>().prop_map(|n| n.to_string()).boxed()));
        types.push(("pg_snapshot", cases(&["10:20:10,14,15", "1:1:"], Just("5:9:7".to_owned()))));
        types.push(("regcollation", cases(&["\"C\"", "\"de-x-icu\""], Just("\"POSIX\"".to_owned()))));
    }
    if version >= 140_000 {
        types.push((
            "int4multirange",
            cases(&["{}", "{[1,3),[5,)}"], any::<i16>().prop_map(|n| format!("{{[{n},{n}]}}"))),
        ));
        types.push(("int8multirange", cases(&["{}"], any::<i32>().prop_map(|n| format!("{{[{n},)}}")))));
        types.push((
            "nummultirange",
            cases(&["{(,)}", "{[1.50,1.5],(2,3.0]}"], number().prop_map(|n| format!("{{[{n},)}}"))),
        ));
        types.push(("datemultirange", cases(&["{[infinity,)}"], Just("{[2000-01-01,2000-02-01)}".to_owned()))));
        types.push(("tsmultirange", cases(&["{}"], Just("{[2000-01-01,\"2000-02-01 12:00:00.5\")}".to_owned()))));
        types.push(("tstzmultirange", cases(&["{}"], Just("{[2000-01-01,\"2000-02-01 12:00:00.5+02\")}".to_owned()))));
    }
    types
}
