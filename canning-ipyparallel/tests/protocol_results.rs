//! A controller of our own: what code prints, who has answered, and what errors say.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

mod fake;

use std::{error::Error as _, sync::Arc, thread, time::Duration};

use bytes::Bytes;
use canning_ipyparallel::{Call, Client, ErrorKind, Options, blocking, zmtp};
use canning_python::ipyparallel::serialize_object;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::time;

use self::fake::{Channel, Fake, KEY};

fn options() -> Options {
    Options::default().connect_timeout(Duration::from_secs(60)).grace(Duration::from_secs(1))
}

async fn connected_with(options: Options) -> (Fake, Client) {
    let mut fake = Fake::start().await;
    let file = fake.file(KEY);
    let connecting = tokio::spawn(async move { Client::connect(&file, options).await });
    fake.introduce(json!({"0": "first", "1": "second"})).await;
    (fake, connecting.await.unwrap().unwrap())
}

async fn connected() -> (Fake, Client) {
    connected_with(options()).await
}

fn ok() -> Value {
    json!({"status": "ok"})
}

fn frames<T: canning_core::Can<V> + ?Sized, V>(value: &T) -> Vec<Bytes> {
    let buffers = serialize_object(value).unwrap();
    buffers.iter().map(|buffer| Bytes::copy_from_slice(buffer.as_slice().unwrap())).collect()
}

const EXECUTED: &str = "execute_reply";

fn executed() -> Value {
    json!({"status": "ok", "execution_count": 7})
}

#[tokio::test]
async fn what_is_printed_after_the_answer_belongs_to_it() {
    let (mut fake, client) = connected().await;
    // Until the subscription has taken effect.
    for _ in 0..20 {
        let result = client.engine(0).unwrap().execute("print('hi'); 1+1");
        let request = fake.next(Channel::Mux).await;
        assert_eq!(request.content["silent"], false);
        fake.publish(&request, "stream", &json!({"name": "stdout", "text": "hi\n"}));
        fake.publish(&request, "display_data", &json!({"data": {"text/plain": "shown"}}));
        fake.reply(&request, EXECUTED, &executed());
        fake.publish(&request, "stream", &json!({"name": "stderr", "text": "oh\n"}));
        fake.publish(&request, "execute_result", &json!({"data": {"text/plain": "2"}}));
        fake.publish(&request, "status", &json!({"execution_state": "idle"}));
        let executed = result.await.unwrap();
        assert_eq!(executed.execution_count, 7);
        if executed.is_truncated {
            continue;
        }
        assert_eq!((executed.stdout.as_str(), executed.stderr.as_str()), ("hi\n", "oh\n"));
        assert_eq!(executed.result.as_deref(), Some("2"));
        assert_eq!(executed.displayed, ["shown"]);
        assert_eq!(client.waiting(), 0);
        return;
    }
    panic!("nothing of what was printed came");
}

#[tokio::test]
async fn output_that_does_not_come_is_not_waited_for_long() {
    let (mut fake, client) = connected_with(options().grace(Duration::from_millis(50))).await;
    let result = client.engine(0).unwrap().execute("1");
    let request = fake.next(Channel::Mux).await;
    fake.reply(&request, EXECUTED, &executed());
    let executed = time::timeout(Duration::from_secs(60), result).await.unwrap().unwrap();
    assert!(executed.is_truncated);
    assert_eq!(executed.result, None);
}

#[tokio::test]
async fn who_has_answered_is_told() {
    let (mut fake, client) = connected().await;
    let mut results = client.balanced().map::<(), _>([Call::new("a.b"), Call::new("a.c")]);
    let first = fake.next(Channel::Task).await;
    let error = json!({"status": "error", "ename": "E", "evalue": "v"});
    fake.reply_of("second", &first, "apply_reply", &error);
    let done = results.next().await.unwrap();
    assert_eq!(done.engine, Some(1));
    assert_eq!(done.result.unwrap_err().to_string(), "E: v (on engine 1)");

    let mut result = client.balanced().run(Call::new("a.b"));
    assert_eq!(result.engine(), None);
    let _second = fake.next(Channel::Task).await;
    let third = fake.next(Channel::Task).await;
    fake.reply_of("first", &third, "apply_reply", &ok());
    (&mut result).await.unwrap();
    assert_eq!(result.engine(), Some(0));
}

#[tokio::test]
async fn a_wrong_result_is_named() {
    let (mut fake, client) = connected().await;
    let engine = client.engine(1).unwrap();
    let numbers = frames(&vec![1.0_f64, 2.0]);

    let applied = engine.apply::<Vec<f32>, _>(Call::new("numpy.ones").arg(&2));
    let request = fake.next(Channel::Mux).await;
    fake.reply_with(&request, "apply_reply", &ok(), numbers.clone());
    let error = applied.await.unwrap_err();
    let text = "the result of `numpy.ones` on engine 1: expected <f4, found <f8";
    assert_eq!(error.to_string(), text);

    let long = format!("x + {}\n", "1".repeat(100));
    let pulled = engine.pull::<Vec<f32>, _>(&long);
    let request = fake.next(Channel::Mux).await;
    fake.reply_with(&request, "apply_reply", &ok(), numbers.clone());
    let ErrorKind::WrongResult { of, engine, .. } = pulled.await.unwrap_err().into_kind() else {
        panic!("not that")
    };
    assert_eq!((of, engine), (format!("x + {}…", "1".repeat(56)), Some(1)));

    let gathered = client.all().unwrap().gather::<Vec<f32>, _>("x");
    for _ in 0..2 {
        let request = fake.next(Channel::Mux).await;
        fake.reply_with(&request, "apply_reply", &ok(), numbers.clone());
    }
    let error = gathered.await.unwrap_err();
    assert_eq!(error.to_string(), "the result of `x` on engine 0: expected <f4, found <f8");

    let gathered = client.all().unwrap().gather::<Vec<f32>, _>("x");
    for block in [frames(&vec![[1.0_f64, 2.0]]), numbers] {
        let request = fake.next(Channel::Mux).await;
        fake.reply_with(&request, "apply_reply", &ok(), block);
    }
    assert_eq!(
        gathered.await.unwrap_err().to_string(),
        "block 1 on engine 1 is not a part of the same array: its shape is [2], that of block 0 \
         is [1, 2]"
    );
}

#[tokio::test]
async fn a_view_of_an_engine_that_has_ended_says_so() {
    let (mut fake, client) = connected().await;
    let all = client.all().unwrap();
    while client.ids() != [1] {
        fake.notify("unregistration_notification", &json!({"id": 0, "uuid": "first"}));
        time::sleep(Duration::from_millis(5)).await;
    }
    let error = all.run(Call::new("a.b")).await.unwrap_err();
    let text = "engine 0 has ended: make a view of those that are there";
    assert_eq!(error.to_string(), text);
    fake.next(Channel::Mux).await;
}

#[tokio::test]
async fn why_the_connection_was_lost_is_told() {
    let mut limits = zmtp::Limits::default();
    limits.frame_bytes = 1000;
    let (mut fake, client) = connected_with(options().message_limits(limits)).await;
    let result = client.engine(0).unwrap().run(Call::new("a.b"));
    let request = fake.next(Channel::Mux).await;
    let long = vec![Bytes::from(vec![0; 1001])];
    fake.reply_with(&request, "apply_reply", &ok(), long);
    for error in
        [result.await.unwrap_err(), client.engine(0).unwrap().execute("").await.unwrap_err()]
    {
        assert_eq!(error.to_string(), "the connection to the controller is lost");
        let ErrorKind::ConnectionLost { reason: Some(reason) } = error.kind() else {
            panic!("{error:?}")
        };
        let reason = reason.as_ref();
        assert!(matches!(reason, zmtp::Error::FrameLength { declared: 1001, limit: 1000 }));
        assert_eq!(error.source().unwrap().to_string(), reason.to_string());
    }
}

#[tokio::test]
async fn a_blocking_client_is_refused_in_asynchronous_code() {
    let fake = Fake::start().await;
    let error = blocking::Client::connect(&fake.file(KEY), options()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InRuntime));
    assert!(error.to_string().ends_with("use `canning_ipyparallel::Client`"), "{error}");
}

#[tokio::test]
async fn what_a_dropped_map_has_left_is_aborted() {
    let mut fake = Fake::start().await;
    let file = fake.file(KEY);
    let program = thread::spawn(move || {
        let client = blocking::Client::connect(&file, options()).unwrap();
        let shared = Arc::new(vec![1.0_f64; 1000]);
        client.engine(0).unwrap().push_arc("x", &shared).unwrap();
        let calls = (0..3).map(|_| Call::new("a.b"));
        let mut done = client.balanced().map::<Option<u8>, _>(calls);
        assert!(done.next().unwrap().result.is_ok());
        drop(done);
        let calls = (0..2).map(|_| Call::new("a.b"));
        let values = client.balanced().map::<u8, _>(calls).in_order();
        assert_eq!(values.unwrap(), [1, 2]);
    });
    fake.introduce(json!({"0": "first", "1": "second"})).await;
    let request = fake.next(Channel::Mux).await;
    fake.reply(&request, "apply_reply", &ok());

    let mut requests = Vec::new();
    for _ in 0..3 {
        requests.push(fake.next(Channel::Task).await);
    }
    fake.reply_with(requests.get(1).unwrap(), "apply_reply", &ok(), frames(&None::<u8>));
    let mut left = [0, 2].map(|index| requests.get(index).unwrap().header["msg_id"].to_string());
    left.sort();
    for engine in ["first", "second"] {
        let abort = fake.next(Channel::Control).await;
        assert_eq!(abort.route.as_deref(), Some(engine));
        assert_eq!(abort.header["msg_type"], "abort_request");
        let ids = abort.content["msg_ids"].as_array().unwrap().iter();
        let mut ids: Vec<_> = ids.map(Value::to_string).collect();
        ids.sort();
        assert_eq!(ids, left);
        fake.reply(&abort, "abort_reply", &ok());
    }

    let requests = [fake.next(Channel::Task).await, fake.next(Channel::Task).await];
    for (request, value) in requests.iter().zip([1_u8, 2]).rev() {
        fake.reply_with(request, "apply_reply", &ok(), frames(&value));
    }
    tokio::task::spawn_blocking(|| program.join().unwrap()).await.unwrap();
}
