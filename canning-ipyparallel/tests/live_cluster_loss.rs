//! A real cluster whose engines, or whose controller, are killed.

mod support;

use std::time::Duration;

use canning_ipyparallel::{Call, ErrorKind};
use tokio::time;

use self::support::{Cluster, LONG, block_on};

#[test]
fn an_engine_that_is_killed_fails_what_it_was_asked_for() {
    let Some(cluster) = Cluster::start(2) else { return };
    block_on(async {
        let client = cluster.client(2).await;
        let busy = client.engine(1).unwrap().run(Call::new("time.sleep").arg(&600));
        let waiting = client.engine(1).unwrap().execute("1");
        time::sleep(Duration::from_millis(500)).await;
        cluster.kill(1);
        let error = busy.await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::EngineLost(1)), "{error}");
        assert_eq!(error.to_string(), "engine 1 ended before it answered");
        let error = waiting.await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::EngineLost(1)), "{error}");
        assert_eq!(client.ids(), [0]);
        assert!(matches!(client.engine(1).unwrap_err().kind(), ErrorKind::EngineEnded(1)));
        // The other goes on.
        client.all().unwrap().execute("x = 1").await.unwrap();

        // Here it is the scheduler that says so.
        let busy = client.balanced().apply::<(), _>(Call::new("time.sleep").arg(&600));
        time::sleep(Duration::from_millis(500)).await;
        cluster.kill(0);
        let error = busy.within(LONG).await.unwrap_err();
        assert_eq!(error.remote().unwrap().ename, "EngineError", "{error}");
    });
}

#[test]
fn a_controller_that_is_killed_leaves_nobody_waiting() {
    let Some(cluster) = Cluster::start(1) else { return };
    block_on(async {
        let client = cluster.client(1).await;
        let engine = client.engine(0).unwrap();
        let busy = engine.run(Call::new("time.sleep").arg(&600));
        time::sleep(Duration::from_millis(200)).await;
        cluster.stop();
        let error = busy.await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ConnectionLost { .. }), "{error}");
        let error = engine.execute("1").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ConnectionLost { .. }), "{error}");
    });
}
