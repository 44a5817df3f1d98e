//! A real cluster whose engines, or whose controller, are killed.

mod support;

use canning_ipyparallel::{Call, ErrorKind};

use self::support::{Cluster, Flag, LONG, block_on};

/// Code that defines what never ends, once it has told that it has begun.
const BUSY: &str = "def busy(flag):\n    import time\n    open(flag, 'x')\n    time.sleep(600)";

#[test]
fn an_engine_that_is_killed_fails_what_it_was_asked_for() {
    let Some(cluster) = Cluster::start(2) else { return };
    block_on(async {
        let client = cluster.client(2).await;
        client.all().unwrap().execute(BUSY).await.unwrap();
        let begun = Flag::new(&cluster, "direct");
        let busy = Call::of_variable("busy").arg(begun.path());
        let busy = client.engine(1).unwrap().run(busy);
        let waiting = client.engine(1).unwrap().execute("1");
        begun.raised().await;
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
        let begun = Flag::new(&cluster, "balanced");
        let busy = Call::of_variable("busy").arg(begun.path());
        let busy = client.balanced().apply::<(), _>(busy);
        begun.raised().await;
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
        engine.execute(BUSY).await.unwrap();
        let begun = Flag::new(&cluster, "begun");
        let busy = engine.run(Call::of_variable("busy").arg(begun.path()));
        begun.raised().await;
        cluster.stop();
        let error = busy.await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ConnectionLost { .. }), "{error}");
        let error = engine.execute("1").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ConnectionLost { .. }), "{error}");
    });
}
