//! A real cluster: engines, push and pull, calls, code.

mod support;

use std::{sync::Arc, time::Duration};

use canning_ipyparallel::{Call, ErrorKind};

use self::support::{Cluster, ENGINES, LONG, block_on};

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

#[test]
fn what_was_pushed_is_there() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let engine = client.engine(0).unwrap();
        engine.push("a", &5).await.unwrap();
        engine.push("big", &Arc::new(vec![1.5_f64; 1 << 20])).await.unwrap();
        engine.execute("assert a == 5 and big.sum() == 1.5 * 2**20, (a, big)").await.unwrap();
        engine.run(Call::new("numpy.sum").arg(&vec![1.0_f64; 4096])).await.unwrap();
        let _ = (LONG, Duration::ZERO);
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
        assert!(text.contains("line 2") || text.contains("----> 2 x / 0"), "{text}");
        assert!(remote.traceback.concat().contains('\u{1b}'), "kept as it came");
        assert!(!text.contains('\u{1b}'), "{text:?}");
        engine.execute("pass").await.unwrap();
    });
}
