//! A real cluster: what code prints and shows, and what its errors say.

mod support;

use canning_ipyparallel::Call;

use self::support::{Cluster, ENGINES, block_on};

#[test]
fn what_code_prints_and_shows_comes_with_it() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.patient_client(ENGINES).await;
        let engine = client.engine(0).unwrap();
        let done = engine.execute("print('hi'); 1+1").await.unwrap();
        assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("hi\n", ""));
        assert_eq!(done.result.as_deref(), Some("2"));
        assert!(!done.is_truncated && done.displayed.is_empty());

        let code = "import sys, IPython.display\n\
                    IPython.display.display(3)\n\
                    print('oh', file=sys.stderr)\n\
                    for n in range(1000): print(n)\n\
                    None";
        let many = client.all().unwrap().execute(code).await.unwrap();
        assert_eq!(many.len(), ENGINES as usize);
        for done in many {
            assert_eq!((done.stderr.as_str(), done.result), ("oh\n", None));
            assert_eq!(done.displayed, ["3"]);
            let lines = done.stdout.lines().map(|line| line.parse::<u32>().unwrap());
            assert!(lines.eq(0..1000));
        }
        let done = client.balanced().execute("'é' * 3").await.unwrap();
        assert_eq!(done.result.as_deref(), Some("'ééé'"));
        assert_eq!(client.refusals(), Default::default());
    });
}

#[test]
fn a_client_that_has_just_come_misses_nothing() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        for n in 0..20 {
            let client = cluster.patient_client(ENGINES).await;
            let done = client.engine(n % ENGINES).unwrap().execute("print('hi')").await.unwrap();
            assert_eq!((done.stdout.as_str(), done.is_truncated), ("hi\n", false), "{n}");
        }
    });
}

#[test]
fn errors_begin_with_a_line_and_leave_out_who_called() {
    let Some(cluster) = Cluster::shared() else { return };
    block_on(async {
        let client = cluster.patient_client(ENGINES).await;
        let engine = client.engine(0).unwrap();
        let text = engine.execute("x_is_not").await.unwrap_err().to_string();
        let head = "NameError: name 'x_is_not' is not defined (on engine 0)\n";
        assert!(text.starts_with(head) && text.contains("In["), "{text}");

        let code = "import sys; print('a'); print('b', file=sys.stderr); 1 / 0";
        let error = engine.execute(code).await.unwrap_err();
        let remote = error.remote().unwrap();
        assert_eq!((remote.stdout.as_str(), remote.stderr.as_str()), ("a\n", "b\n"));

        let error = engine.pull::<u8, _>("x_is_not").await.unwrap_err();
        assert_eq!(error.to_string(), head.trim_end());
        assert_eq!(format!("{error:?}"), format!("Remote: {}", head.trim_end()));
        assert!(error.remote().unwrap().plain_traceback().contains("kernel.py"));

        let call = || Call::new("statistics.mean").arg(&[0_u8; 0]);
        let text = engine.run(call()).await.unwrap_err().to_string();
        assert!(text.starts_with("StatisticsError: ") && text.contains("statistics.py"), "{text}");
        assert!(!text.contains("kernel.py") && !text.contains("<string>"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");

        let error = engine.apply::<Vec<f32>, _>(Call::new("numpy.ones").arg(&3)).await.unwrap_err();
        let expected = "the result of `numpy.ones` on engine 0: expected <f4, found <f8";
        assert_eq!(error.to_string(), expected);
    });
}
