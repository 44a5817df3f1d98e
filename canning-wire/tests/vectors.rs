//! The golden files: what each holds, how each invalid one is refused, and that the document
//! explains them all. With `BLESS=1` in the environment the files are written anew.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error as _,
    fs,
    path::PathBuf,
};

use canning_core::{
    ArrayValue, CannedObject, Dtype, Field, Scalar, SharedBytes, StructDtype, Value,
    buffer::ArrayLayout,
};
use canning_wire::{CanOptions, Limits, Message, Object, handshake::Hello, read_message};
use support::{
    compare::is_same,
    featured_frames::lacks,
    hellos,
    invalid::{self, skip},
    invalid_frames,
    reader::{read_frame, read_object},
    valid::{self, Valid},
};

#[test]
fn files_are_the_vectors_of_the_catalogue() {
    let directory = directory();
    let vectors = vectors();
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        for file in fs::read_dir(&directory).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
        for (name, bytes) in &vectors {
            fs::write(directory.join(format!("{name}.bin")), bytes).unwrap();
        }
    }
    let files: BTreeMap<String, Vec<u8>> = fs::read_dir(&directory)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    let different = |(name, bytes): &(&String, &Vec<u8>)| files.get(*name) != Some(bytes);
    let different: Vec<_> = vectors.iter().filter(different).map(|(name, _)| name).collect();
    assert!(different.is_empty(), "written otherwise today: {different:?}");
    assert_eq!(files.len(), vectors.len(), "a file without a vector");
}

#[test]
fn valid_vectors_hold_what_the_catalogue_says() {
    for vector in valid::all() {
        let objects = objects_of(&vector);
        assert_eq!(objects.len(), vector.objects.len(), "{}", vector.name);
        for (object, expected) in objects.iter().zip(&vector.objects) {
            let value: Value = object.get().unwrap();
            let (header, buffers) = parts_of(object);
            let tree = read_object(&header, &buffers).unwrap();
            assert!(is_same(&tree, &value), "{}: {tree:?} {value}", vector.name);
            assert!(is_same(&tree, expected), "{}: {tree:?}", vector.name);
            assert!(skip(object).is_none(), "{}", vector.name);
        }
    }
}

#[test]
fn second_reader_escapes_names_of_fields_as_dtypes_do() {
    for name in ["\u{1}", "\n", "'", "\"", "\\", "\u{7f}", "\u{301}", "é"] {
        let field = Field::new(name.to_owned(), Dtype::Scalar(Scalar::U8), vec![2]);
        let dtype = Dtype::Struct(StructDtype::new(vec![field]).unwrap());
        let layout = ArrayLayout::new(&[1], None).unwrap();
        let items = SharedBytes::from_vec(vec![1_u8, 2]);
        let value = Value::from(ArrayValue::from_parts(dtype, layout, items).unwrap());
        for threshold in [0, 1024] {
            let options = CanOptions::new().inline_threshold(threshold);
            let object = options.can(&value).unwrap();
            let (header, buffers) = parts_of(&object);
            let tree = read_object(&header, &buffers).unwrap();
            assert!(is_same(&tree, &value), "{name:?}: {tree:?}");
            assert_eq!(object.get::<Value, _>().unwrap(), value);
        }
    }
}

#[test]
fn second_reader_takes_frames_apart() {
    for vector in valid::whole() {
        if !vector.name.starts_with("frame_") {
            continue;
        }
        if lacks(&vector.bytes).is_some() {
            assert_eq!(read_frame(&vector.bytes).unwrap().len(), vector.objects.len());
            continue;
        }
        let parts: Vec<_> = objects_of(&vector).iter().map(parts_of).collect();
        assert_eq!(read_frame(&vector.bytes).unwrap(), parts, "{}", vector.name);
    }
}

/// Without the features, which the rounds of tests leave out in turn.
#[test]
fn frames_of_features_that_this_build_lacks_are_refused_by_name() {
    for vector in valid::whole() {
        let Some(feature) = lacks(&vector.bytes).filter(|_| vector.name.starts_with("frame_"))
        else {
            continue;
        };
        let limits = Limits::default();
        let streamed = read_message(&mut vector.bytes.as_slice(), &limits).unwrap_err();
        let block = Message::from_block(vector.bytes.as_slice(), &limits).unwrap_err();
        let text = format!("reading this frame needs the feature `{feature}` of canning-wire");
        assert_eq!([streamed.to_string(), block.to_string()], [text.clone(), text]);
    }
    let vectors = valid::whole();
    let integrity = vectors.iter().find(|vector| vector.name == "frame_integrity").unwrap();
    assert_eq!(lacks(&integrity.bytes).is_none(), cfg!(feature = "integrity"));
}

#[test]
fn invalid_headers_are_refused_with_their_reason() {
    let mut wrong = Vec::new();
    for vector in invalid::all() {
        let name = format!("invalid_{}", vector.name);
        let object = Object::restore(vector.bytes.clone().into(), vec![]);
        let (found, skipped) = match object {
            Ok(object) => ((vector.read)(&object), skip(&object).is_none()),
            Err(error) => (Some(error), false),
        };
        let found = found.map(|error| error.to_string());
        if found.as_ref() != Some(&vector.error) || skipped != vector.is_skipped {
            wrong.push(format!("{name}: {found:?}, skipped: {skipped}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn invalid_frames_are_refused_with_their_reason() {
    let mut wrong = Vec::new();
    for vector in invalid_frames::all() {
        let name = format!("invalid_frame_{}", vector.name);
        let found = match read_message(&mut vector.bytes.as_slice(), &Limits::default()) {
            Ok(message) => {
                let message = message.unwrap();
                let object = &message.objects()[0];
                assert!(skip(object).is_some(), "{name}");
                let error = object.get::<Value, _>().err();
                error.map(|error| error.to_string())
            }
            Err(error) => {
                let source = error.source().map(ToString::to_string);
                Some(source.unwrap_or_else(|| error.to_string()))
            }
        };
        if found.as_deref() != Some(vector.error) {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hellos_are_answered_as_the_catalogue_says() {
    for vector in hellos::all() {
        let outcome = vector.outcome.map_err(ToOwned::to_owned);
        assert_eq!(hellos::exchange(&vector.bytes, 16), outcome, "{}", vector.name);
        if vector.outcome.is_ok() {
            let hello = Hello::parse(vector.bytes.as_slice().try_into().unwrap()).unwrap();
            assert_eq!(hello.encode(), *vector.bytes, "{}", vector.name);
            let (frame, header, flags) = hellos::read(&vector.bytes).unwrap();
            assert_eq!([*hello.frame.start(), *hello.frame.end()], frame);
            assert_eq!([*hello.header.start(), *hello.header.end()], header);
            assert_eq!(hello.other, flags);
        }
    }
    let vector = |name| hellos::all().into_iter().find(|it| it.name == name).unwrap().bytes;
    let ours = Hello::default();
    assert_eq!(Hello { other: 0, ..ours.clone() }.encode(), *vector("hello"));
    let flags = [cfg!(feature = "integrity"), cfg!(feature = "compression")].map(u32::from);
    assert_eq!(ours.other, flags[0] | flags[1] << 1, "what this build reads");
    if ours.other == 3 {
        assert_eq!(ours.encode(), *vector("hello_features"), "what all of it reads");
    }
}

#[test]
fn document_explains_each_vector_and_no_other() {
    let document = document();
    let explained: BTreeSet<String> = document
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once(".bin` | ")?.0.to_owned()))
        .collect();
    let vectors: BTreeSet<String> = vectors().into_keys().collect();
    let unexplained: Vec<_> = vectors.difference(&explained).collect();
    let missing: Vec<_> = explained.difference(&vectors).collect();
    assert!(unexplained.is_empty(), "not in the document: {unexplained:?}");
    assert!(missing.is_empty(), "no such vector: {missing:?}");
}

/// A block that starts with a line `; name.bin` shows that file: hexadecimal digits up to a
/// semicolon on each line.
#[test]
fn examples_of_the_document_are_vectors() {
    let document = document();
    let vectors = vectors();
    let mut examples = 0;
    for block in document.split("```").skip(1).step_by(2) {
        let Some((name, lines)) =
            block.strip_prefix("text\n; ").and_then(|block| block.split_once(".bin"))
        else {
            continue;
        };
        let digits: String =
            lines.lines().map(|line| line.split(';').next().unwrap_or_default()).collect();
        assert_eq!(support::assemble::hex(&digits), vectors[name], "{name}");
        examples += 1;
    }
    assert!(examples >= 4, "{examples} examples");
}

/// All of them, by name.
fn vectors() -> BTreeMap<String, Vec<u8>> {
    let valid = valid::whole().into_iter();
    let valid = valid.map(|vector| (vector.name, vector.bytes));
    let headers = invalid::all().into_iter();
    let headers = headers.map(|vector| (format!("invalid_{}", vector.name), vector.bytes));
    let frames = invalid_frames::whole().into_iter();
    let frames = frames.map(|vector| (format!("invalid_frame_{}", vector.name), vector.bytes));
    let hellos = hellos::all().into_iter();
    let hellos = hellos.map(|vector| (vector.name.to_owned(), vector.bytes));
    let mut vectors = BTreeMap::new();
    for (name, bytes) in valid.chain(headers).chain(frames).chain(hellos) {
        assert!(vectors.insert(name.clone(), bytes).is_none(), "{name} stands twice");
    }
    vectors
}

fn objects_of(vector: &Valid) -> Vec<Object<'static>> {
    if vector.name.starts_with("frame_") {
        let message = read_message(&mut vector.bytes.as_slice(), &Limits::default());
        return message.unwrap().unwrap().into_objects();
    }
    vec![Object::restore(vector.bytes.clone().into(), vec![]).unwrap()]
}

fn parts_of(object: &Object<'_>) -> (Vec<u8>, Vec<Vec<u8>>) {
    let bytes = |buffer: &canning_core::Buffer<'_>| -> Vec<u8> {
        buffer.segments().flatten().copied().collect()
    };
    (bytes(object.header()), object.buffers().iter().map(bytes).collect())
}

fn document() -> String {
    fs::read_to_string(manifest().join("../docs/wire-format.md")).unwrap()
}

fn directory() -> PathBuf {
    manifest().join("tests/vectors")
}

fn manifest() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
