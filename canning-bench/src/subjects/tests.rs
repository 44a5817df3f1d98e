//! Every implementation gives the right result, on little data.

use crate::{
    exchange,
    files::Many,
    harness::Case,
    ours, peers, raw,
    subjects::{file, groups},
    values::{Frame, Small},
};

/// Calibrating a case checks its result.
fn run(cases: Vec<Case<'_>>) {
    for mut case in cases {
        case.calibrate();
    }
}

#[test]
fn frames_are_encoded_and_decoded() {
    let frame = Frame::of_bytes(100_000);
    run(ours::frames::encoding(&frame));
    run(ours::frames::decoding(&frame));
    run(vec![raw::Copy::case(&frame)]);
    let peers = peers::FRAMES.iter();
    run(peers.clone().filter_map(|peer| peer.encoding).map(|case| case(&frame)).collect());
    run(peers.filter_map(|peer| peer.decoding).map(|case| case(&frame)).collect());
}

#[test]
fn frames_arrive() {
    let frame = Frame::of_bytes(100_000);
    for pair in [exchange::unix(), exchange::tcp()] {
        let mut ways = ours::frames::sending(&frame);
        ways.extend(raw::sending(&frame));
        ways.extend(peers::FRAMES.iter().filter_map(|peer| peer.sending).map(|way| way(&frame)));
        run(exchange::cases(ways, pair));
    }
}

#[test]
fn small_objects_are_encoded_and_decoded() {
    let smalls = Small::many(100);
    run(ours::smalls::encoding(&smalls));
    run(ours::smalls::decoding(&smalls));
    run(vec![raw::clone(&smalls)]);
    let peers = peers::SMALLS.iter();
    run(peers.clone().filter_map(|peer| peer.encoding).map(|case| case(&smalls)).collect());
    run(peers.filter_map(|peer| peer.decoding).map(|case| case(&smalls)).collect());
}

#[test]
fn small_objects_arrive() {
    let smalls = Small::many(100);
    let mut ways = ours::smalls::sending(&smalls);
    ways.push(raw::buffered(&smalls));
    ways.extend(peers::SMALLS.iter().filter_map(|peer| peer.sending).map(|way| way(&smalls)));
    run(exchange::cases(ways, exchange::unix()));
}

#[test]
fn no_two_groups_have_the_same_id() {
    for is_quick in [true, false] {
        let mut ids: Vec<String> = groups(is_quick).into_iter().map(|group| group.id).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}

#[test]
fn files_hold_frames() {
    let frame = Frame::of_bytes(100_000);
    for cases in [file::opened, file::viewed, file::mapped, file::read, file::written] {
        run(cases(&frame));
    }
    run(file::appended(&frame));
    run(file::synced(&frame));
}

#[test]
fn files_hold_many_arrays() {
    let arrays = Many::new(20, raw::files::ARRAY);
    for cases in [file::opening, file::viewing_many, file::reading_many] {
        run(cases(&arrays));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn frames_are_handed_over() {
    use crate::subjects::shm;

    let frame = Frame::of_bytes(100_000);
    for cases in [shm::handing_over, shm::one_shot, shm::pooled] {
        run(cases(&frame));
    }
}
