//! Every target, with its seeds and with what was found before.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

use std::{fs, path::Path};

use canning_fuzz::{TARGETS, named};

/// Runs a target on its seeds, and on the regressions in its folder.
fn replay(name: &str) {
    let target = named(name);
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty());
    seeds.iter().for_each(|seed| (target.run)(seed));
    let folder = regressions().join(name);
    for entry in folder.read_dir().into_iter().flatten() {
        let path = entry.unwrap().path();
        eprintln!("{}", path.display());
        (target.run)(&fs::read(path).unwrap());
    }
}

fn regressions() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/regressions"))
}

macro_rules! replays {
    ($($(#[$cfg:meta])? $name:ident)*) => {
        $(
            #[test]
            $(#[$cfg])?
            fn $name() {
                replay(stringify!($name));
            }
        )*

        #[test]
        fn no_target_is_left_out() {
            let replayed: &[&str] = &[$($(#[$cfg])? stringify!($name)),*];
            let targets: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(replayed, targets);
        }
    };
}

replays! {
    array_layout
    decode_message
    element_bits
    #[cfg(feature = "file")] file_recovery
    frame_stream
    handshake
    ipyparallel_message
    pickle_read
    round_trip
    #[cfg(all(feature = "shm", target_os = "linux"))] shm_parcel
    #[cfg(feature = "zmq")] zmq_parts
    zmtp_connection
}

#[test]
fn each_target_has_a_binary_of_its_name_and_each_regression_a_target() {
    let binaries = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/fuzz_targets"));
    for target in TARGETS {
        let source = fs::read_to_string(binaries.join(target.name).with_extension("rs")).unwrap();
        assert!(source.contains(&format!("\"{}\"", target.name)), "{}", target.name);
    }
    for folder in regressions().read_dir().into_iter().flatten() {
        // Whether the target is there depends on features; its binary always is.
        let name = folder.unwrap().file_name();
        assert!(binaries.join(&name).with_extension("rs").is_file(), "{name:?}");
    }
}
