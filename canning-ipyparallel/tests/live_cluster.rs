//! A real cluster: engines, push and pull, calls, code.

mod support;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use canning_core::{Canned, Value};
use canning_ipyparallel::{Call, Client, ConnectionFile, ErrorKind, Options, Variables};

use self::support::{Cluster, ENGINES, Flag, block_on};

#[test]
fn engines_are_listed() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let engines = client.engines();
        assert_eq!(client.ids(), [0, 1, 2, 3]);
        assert!(engines.iter().all(|engine| engine.uuid.len() > 8), "{engines:?}");
        assert_eq!(client.refresh().await.unwrap(), engines);
        let error = client.engine(99).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NoSuchEngine(99)));
        client.close().await;
        let error = client.all().unwrap().execute("1").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
    });
}

#[derive(Canned, Debug, Clone, PartialEq)]
struct Particle {
    name: String,
    mass: f64,
    charge: Option<i32>,
    positions: Vec<[f64; 3]>,
}

#[test]
fn what_is_pushed_is_pulled() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let engine = client.engine(0).unwrap();
        engine.push("a", &5).await.unwrap();
        assert_eq!(engine.pull::<i64, _>("a").await.unwrap(), 5);
        assert_eq!(engine.pull::<f64, _>("a / 2").await.unwrap(), 2.5);

        let names = vec!["x", "y"];
        let variables = Variables::new()
            .set("text", "größer")
            .set("nothing", &None::<i32>)
            .set("pair", &(true, -1))
            .set("names", &names);
        engine.push_all(variables).await.unwrap();
        assert_eq!(engine.pull::<String, _>("text").await.unwrap(), "größer");
        assert_eq!(engine.pull::<Option<i32>, _>("nothing").await.unwrap(), None);
        assert_eq!(engine.pull::<(bool, i32), _>("pair").await.unwrap(), (true, -1));
        assert_eq!(engine.pull::<Vec<String>, _>("names").await.unwrap(), ["x", "y"]);

        let particle = Particle {
            name: "p".into(),
            mass: 1.5,
            charge: Some(-1),
            positions: vec![[1.0, 2.0, 3.0]; 1000],
        };
        engine.push("particle", &particle).await.unwrap();
        engine.execute("assert particle['positions'].shape == (1000, 3)").await.unwrap();
        assert_eq!(engine.pull::<Particle, _>("particle").await.unwrap(), particle);

        let counts = BTreeMap::from([("a".to_owned(), vec![1_i64; 300]), ("b".into(), vec![])]);
        engine.push("counts", &counts).await.unwrap();
        let found: BTreeMap<String, Vec<i64>> = engine.pull("counts").await.unwrap();
        assert_eq!(found, counts);
        let value: Value = engine.pull("{'x': [1, 2.5, None]}").await.unwrap();
        assert!(format!("{value:?}").contains("2.5"), "{value:?}");
    });
}

#[test]
fn a_large_array_goes_and_comes_back() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let engine = client.engine(2).unwrap();
        let array: Vec<f64> = (0..8 << 20).map(f64::from).collect();
        let array = Arc::new(array);
        engine.push_all(Variables::new().set_arc("large", &array)).await.unwrap();
        engine
            .execute("assert large.nbytes == 64 * 2**20 and large[-1] == 2**23 - 1")
            .await
            .unwrap();
        let found: Vec<f64> = engine.pull("large").await.unwrap();
        assert!(found == *array);
        // Another order of memory, by columns.
        let columns: Vec<[f64; 2]> = engine.pull("large[:2**12].reshape(2, -1).T").await.unwrap();
        assert_eq!((columns.len(), columns[1]), (2048, [1.0, 2049.0]));
        engine.execute("del large").await.unwrap();
    });
}

#[test]
fn functions_are_called_by_name() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let engine = client.engine(1).unwrap();
        let array = vec![[1.0_f64, 2.0], [3.0, 4.0]];
        let sum: f64 = engine.apply(Call::new("numpy.sum").arg(&array)).await.unwrap();
        assert_eq!(sum, 10.0);
        let call = Call::new("numpy.sum").arg(&array).kwarg("axis", &0);
        let sums: Vec<f64> = engine.apply(call).await.unwrap();
        assert_eq!(sums, [4.0, 6.0]);
        let call = Call::new("numpy.linalg.svd").arg(&array).kwarg("compute_uv", &false);
        let values: Vec<f64> = engine.apply(call).await.unwrap();
        assert!((values[0] * values[1] - 2.0).abs() < 1e-12, "{values:?}");

        engine.execute("def double(x, by=2):\n    return x * by").await.unwrap();
        engine.push("three", &3).await.unwrap();
        let call = Call::of_variable("double").variable("three").kwarg("by", &5);
        assert_eq!(engine.apply::<i32, _>(call).await.unwrap(), 15);
        let error = engine.apply::<i32, _>(Call::new("no.such")).await.unwrap_err();
        assert_eq!(error.remote().unwrap().ename, "ModuleNotFoundError");
        let error = engine.apply::<i32, _>(Call::new("not a name")).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Name(_)));
        let error = engine.apply::<Vec<f32>, _>(Call::new("numpy.sum").arg(&array)).await;
        assert!(matches!(error.unwrap_err().kind(), ErrorKind::WrongResult { .. }));
    });
}

#[test]
fn an_exception_has_its_traceback() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let engine = client.engine(1).unwrap();
        let error = engine.execute("x = 1\nx / 0\n").await.unwrap_err();
        let remote = error.remote().expect("an exception");
        assert_eq!(remote.ename, "ZeroDivisionError");
        assert_eq!(remote.evalue, "division by zero");
        assert_eq!(remote.engine, Some(1));
        let text = error.to_string();
        assert!(text.contains("----> 2 x / 0"), "{text}");
        assert!(remote.traceback.concat().contains('\u{1b}'), "kept as it came");
        assert!(!text.contains('\u{1b}'), "{text:?}");

        engine.execute("def fails(x):\n    return {}[x]").await.unwrap();
        let error = engine.apply::<(), _>(Call::of_variable("fails").arg("key")).await.unwrap_err();
        let remote = error.remote().expect("an exception");
        assert_eq!((remote.ename.as_str(), remote.evalue.as_str()), ("KeyError", "'key'"));
        assert!(remote.plain_traceback().contains("return {}[x]"), "{error}");
        engine.execute("pass").await.unwrap();
    });
}

#[test]
fn what_takes_too_long_is_a_timeout() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let engine = client.engine(3).unwrap();
        let done = Flag::new(&cluster, "timed-out");
        let result = engine.execute(&done.awaited());
        let error = result.within(Duration::from_millis(100)).await.unwrap_err();
        done.raise();
        assert!(error.is_timeout(), "{error}");
        assert_eq!(client.waiting(), 0);
        // It comes all the same, and is dropped.
        engine.execute("pass").await.unwrap();
        assert_eq!(client.refusals().unknown, 1);
    });
}

#[test]
fn what_was_dropped_is_forgotten_and_what_was_aborted_does_not_begin() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let engine = client.engine(2).unwrap();
        engine.execute("begun = []").await.unwrap();
        let is_aborted = Flag::new(&cluster, "aborted");
        let busy = engine.execute(&is_aborted.awaited());
        let dropped = engine.execute("begun.append('dropped')");
        let aborted = engine.execute("begun.append('aborted')");
        aborted.abort().await.unwrap();
        is_aborted.raise();
        drop(dropped);
        let error = aborted.await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Aborted), "{error}");
        busy.await.unwrap();
        assert_eq!(engine.pull::<Vec<String>, _>("begun").await.unwrap(), ["dropped"]);
        assert_eq!(client.waiting(), 0);
    });
}

#[test]
fn a_wrong_key_gets_no_answer() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let text = std::fs::read_to_string(&cluster.file).unwrap();
        let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
        *json.get_mut("key").unwrap() = "another".into();
        let file = ConnectionFile::parse(&json.to_string()).unwrap();
        let options = Options::default().connect_timeout(Duration::from_secs(3));
        let error = Client::connect(&file, options).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NoAnswer { .. }), "{error}");
        assert!(error.to_string().ends_with("and the key the right one?"), "{error}");
    });
}
