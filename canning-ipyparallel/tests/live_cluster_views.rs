//! A real cluster: all engines at once, whichever is free, arrays in blocks, and no `async`.

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
    mpsc,
};

use canning_ipyparallel::{Call, ConnectionFile, ErrorKind, Options, blocking};
use futures_util::StreamExt as _;

use self::support::{Cluster, ENGINES, Flag, LONG, block_on};

#[test]
fn all_engines_do_the_same() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let all = client.all().unwrap();
        all.push("shared", &vec![1.0_f64; 1000]).await.unwrap();
        let sums: Vec<f64> = all.apply(Call::new("numpy.sum").variable("shared")).await.unwrap();
        assert_eq!(sums, [1000.0; ENGINES as usize]);
        all.execute("import os; pid = os.getpid()").await.unwrap();
        let mut pids: Vec<u32> = all.pull("pid").await.unwrap();
        pids.sort_unstable();
        pids.dedup();
        assert_eq!(pids.len(), ENGINES as usize, "each is a process of its own");

        let two = client.direct([3, 1]).unwrap();
        let error = two.execute("raise ValueError('both')").await.unwrap_err();
        assert_eq!(error.remote().unwrap().evalue, "both");
        assert!(client.direct([0, 77]).is_err());
        assert!(client.direct([]).is_err());
    });
}

#[test]
fn results_come_as_they_are_done() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        // Each waits until the one before is done.
        let flags = ["first", "second", "third"].map(|name| Flag::new(&cluster, name));
        for (id, flag) in [1, 2, 0].into_iter().zip(&flags) {
            let code = format!("turn = {:?}", flag.awaited());
            client.engine(id).unwrap().execute(&code).await.unwrap();
        }
        let all = client.direct([0, 1, 2]).unwrap();
        let mut results = all.run(Call::new("builtins.exec").variable("turn"));
        let mut order = Vec::new();
        for flag in &flags {
            flag.raise();
            let done = results.next().await.unwrap();
            done.result.unwrap();
            order.push(done.engine.unwrap());
        }
        assert!(results.next().await.is_none());
        assert_eq!(order, [1, 2, 0]);
    });
}

#[test]
fn many_small_calls_are_spread_over_the_engines() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let numbers: Vec<u32> = (0..200).collect();
        let calls = numbers.iter().map(|n| Call::new("operator.mul").arg(n).arg(&3));
        let mut results = client.balanced().map::<u32, _>(calls);
        assert_eq!(results.total(), 200);
        let mut seen = 0;
        while let Some(done) = results.next().await {
            assert_eq!(done.result.unwrap(), 3 * numbers[done.index]);
            seen += 1;
        }
        assert_eq!(seen, 200);

        client.all().unwrap().execute("import os").await.unwrap();
        let calls = (0..40).map(|_| Call::new("os.getpid"));
        let mut pids = client.balanced().map::<u32, _>(calls).await.unwrap();
        pids.sort_unstable();
        pids.dedup();
        assert!(pids.len() > 1, "{pids:?}");
        client.balanced().run(Call::new("os.getpid")).await.unwrap();
        client.balanced().execute("assert True").await.unwrap();
        let error = client.balanced().execute("assert False").await.unwrap_err();
        assert_eq!(error.remote().unwrap().ename, "AssertionError");
        let error = client.balanced().apply::<(), _>(Call::new("os.nothing")).await.unwrap_err();
        assert_eq!(error.remote().unwrap().ename, "AttributeError");
    });
}

#[test]
fn arrays_are_scattered_and_gathered() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.client(ENGINES).await;
        let all = client.all().unwrap();
        let array: Vec<[f64; 2]> = (0..10_001).map(f64::from).map(|n| [n, -n]).collect();
        let array = Arc::new(array);

        let reports = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&reports);
        let scattered = all.scatter_arc("block", &array).progress(move |progress| {
            let done = count.fetch_add(1, Ordering::Relaxed) + 1;
            assert_eq!((progress.done, progress.total), (done, ENGINES as usize));
        });
        scattered.await.unwrap();
        assert_eq!(reports.load(Ordering::Relaxed), ENGINES as usize);

        let lengths: Vec<usize> = all.pull("len(block)").await.unwrap();
        assert_eq!(lengths, [2501, 2500, 2500, 2500]);
        all.execute("block = block * 2").await.unwrap();
        let (sender, received) = mpsc::channel();
        let gathered = all.gather("block").progress(move |p| sender.send(p.done).unwrap());
        let gathered: Vec<[f64; 2]> = gathered.await.unwrap();
        assert_eq!(received.iter().collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(gathered.len(), array.len());
        assert!(gathered.iter().zip(&*array).all(|(found, sent)| *found == sent.map(|x| 2.0 * x)));

        all.scatter("few", &vec![7_i32, 8]).await.unwrap();
        assert_eq!(all.gather::<Vec<i32>, _>("few").await.unwrap(), [7, 8]);
        assert_eq!(all.gather::<Vec<f64>, _>("block.T[0]").await.unwrap().len(), array.len());
        let error = all.gather::<Vec<i32>, _>("[1, 2]").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WrongResult { .. }), "{error}");
        assert!(all.scatter("x", "text").await.is_err());
    });
}

#[test]
fn the_same_without_async() {
    let Some(cluster) = Cluster::shared() else { return };
    let file = ConnectionFile::read(&cluster.file).unwrap();
    let client = blocking::Client::connect(&file, Options::default().timeout(LONG)).unwrap();
    assert_eq!(client.wait_for_engines(4, LONG).unwrap().len(), 4);
    let engine = client.engine(0).unwrap();
    engine.push("x", &vec![2.0_f64; 100]).unwrap();
    assert_eq!(engine.apply::<f64, _>(Call::new("numpy.sum").variable("x")).unwrap(), 200.0);
    assert_eq!(engine.pull::<Vec<f64>, _>("x").unwrap().len(), 100);
    assert_eq!(engine.execute("1 / 0").unwrap_err().remote().unwrap().ename, "ZeroDivisionError");

    let all = client.all().unwrap();
    let numbers: Vec<i64> = (0..1000).collect();
    all.scatter("part", &numbers, |_| ()).unwrap();
    let sums: Vec<i64> = all.pull("int(part.sum())").unwrap();
    assert_eq!(sums.iter().sum::<i64>(), 499_500);
    assert_eq!(all.gather::<Vec<i64>, _>("part", |_| ()).unwrap(), numbers);

    let calls = numbers.iter().take(20).map(|n| Call::new("operator.neg").arg(n));
    let negative = client.balanced().map::<i64, _>(calls).in_order().unwrap();
    assert_eq!(negative, (0..20).map(|n| -n).collect::<Vec<i64>>());
    let go_on = Flag::new(&cluster, "go-on");
    let code = format!(
        "ran = 0\n\
         def slow(turn):\n    \
             global ran; ran += 1\n    \
             if turn > 0: exec({:?})",
        go_on.awaited()
    );
    all.execute(&code).unwrap();
    let calls = numbers.iter().take(40).map(|turn| Call::of_variable("slow").arg(turn));
    let mut slow = client.balanced().map::<(), _>(calls);
    slow.next().unwrap().result.unwrap();
    drop(slow);
    // Long enough for the engines to hear that nobody wants the rest; nothing says that they have.
    std::thread::sleep(std::time::Duration::from_secs(3));
    go_on.raise();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let ran: Vec<u32> = all.pull("ran").unwrap();
    assert!(ran.iter().sum::<u32>() < 30, "what was dropped was run: {ran:?}");
    let calls = numbers.iter().take(20).map(|n| Call::new("operator.neg").arg(n));
    let done: Vec<_> = client.balanced().map::<i64, _>(calls).collect();
    assert_eq!(done.len(), 20);
    for done in done {
        assert!(done.engine.is_some_and(|engine| engine < ENGINES));
        assert_eq!(done.result.unwrap(), -numbers[done.index]);
    }
    client.close();
    assert!(matches!(engine.execute("1").unwrap_err().kind(), ErrorKind::Closed));
}
