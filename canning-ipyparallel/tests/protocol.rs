//! A controller of our own, over real sockets: what a real one does rarely, or never.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

mod fake;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use canning_ipyparallel::{Call, Client, ErrorKind, Options};
use canning_python::ipyparallel::serialize_object;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::{runtime::Handle, time};

use self::fake::{Channel, Fake, KEY};

/// For what does not happen.
const SHORT: Duration = Duration::from_millis(200);

/// For what does, on the slowest of machines.
const LONG: Duration = Duration::from_secs(60);

fn options() -> Options {
    Options::default().connect_timeout(LONG).grace(Duration::from_secs(1))
}

/// A controller with two engines, and a client.
async fn connected() -> (Fake, Client) {
    connected_with(options()).await
}

async fn connected_with(options: Options) -> (Fake, Client) {
    let mut fake = Fake::start().await;
    let file = fake.file(KEY);
    let connecting = tokio::spawn(async move { Client::connect(&file, options).await });
    fake.introduce(json!({"0": "first", "1": "second"})).await;
    (fake, connecting.await.unwrap().unwrap())
}

fn ok() -> Value {
    json!({"status": "ok"})
}

#[tokio::test]
async fn a_timeout_may_be_as_long_as_time_can_be_told() {
    let (_fake, client) = connected_with(options().connect_timeout(Duration::MAX)).await;
    assert_eq!(client.ids(), [0, 1]);
}

#[tokio::test]
async fn a_request_is_routed_and_signed_and_its_answer_found() {
    let (mut fake, client) = connected().await;
    assert_eq!(client.ids(), [0, 1]);
    let result = client.engine(1).unwrap().run(Call::new("a.b"));
    let request = fake.next(Channel::Mux).await;
    assert_eq!(request.route.as_deref(), Some("second"));
    assert_eq!(request.header["msg_type"], "apply_request");
    assert_eq!(request.buffers.len(), 2, "the function and the table");
    assert_eq!(client.waiting(), 1);
    fake.reply(&request, "apply_reply", &ok());
    result.await.unwrap();
    assert_eq!(client.waiting(), 0);

    let result = client.balanced().apply::<(), _>(Call::new("a.b"));
    let request = fake.next(Channel::Task).await;
    assert_eq!(request.route, None);
    drop(result);
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_dropped_and_counted() {
    let (mut fake, client) = connected().await;
    let engine = client.engine(0).unwrap().with_timeout(SHORT);
    let error = engine.run(Call::new("a.b")).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), "no result within 200ms");
    let late = fake.next(Channel::Mux).await;

    let result = engine.run(Call::new("a.b")).within(LONG);
    let request = fake.next(Channel::Mux).await;
    fake.reply(&late, "apply_reply", &ok());
    fake.reply(&request, "apply_reply", &ok());
    fake.reply(&request, "apply_reply", &ok());
    result.await.unwrap();
    while client.refusals().unknown < 2 {
        time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn forged_and_malformed_answers_change_nothing() {
    let (mut fake, client) = connected().await;
    let result = client.engine(0).unwrap().run(Call::new("a.b"));
    let request = fake.next(Channel::Mux).await;
    let bad = json!({"status": "error", "ename": "Forged"});
    fake.reply_signed(b"another key", &request, "apply_reply", &bad);
    fake.send(Channel::Mux, vec![request.client.clone(), "no message".into()]);
    fake.reply(&request, "apply_reply", &ok());
    result.await.unwrap();
    let refusals = client.refusals();
    assert_eq!((refusals.forged, refusals.malformed, refusals.unknown), (1, 1, 0));
}

#[tokio::test]
async fn an_exception_is_the_result() {
    let (mut fake, client) = connected().await;
    let result = client.engine(1).unwrap().execute("1 / 0");
    let request = fake.next(Channel::Mux).await;
    assert_eq!(request.content["code"], "1 / 0");
    let content = json!({
        "status": "error", "ename": "ZeroDivisionError", "evalue": "division by zero",
        "traceback": ["\u{1b}[31mline 1\u{1b}[0m"],
    });
    fake.reply(&request, "execute_reply", &content);
    let error = result.await.unwrap_err();
    assert_eq!(error.to_string(), "ZeroDivisionError: division by zero (on engine 1)\nline 1");
}

#[tokio::test]
async fn what_is_no_answer_is_an_error() {
    let (mut fake, client) = connected().await;
    let engine = client.engine(0).unwrap();
    for content in [json!({}), json!({"status": "ok"}), json!({"status": "resubmitted"})] {
        let result = engine.execute("1");
        let request = fake.next(Channel::Mux).await;
        fake.reply(&request, "execute_reply", &content);
        let error = result.await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Protocol(_)), "{error}");
    }
    let pickle = |bytes: &'static [u8]| vec![Bytes::from_static(bytes)];
    let one_too_many = [pickle(b"\x80\x04K\x01."), pickle(b"rest")].concat();
    for buffers in [vec![], pickle(b"no pickle"), pickle(b"\x80\x04N."), one_too_many] {
        let result = engine.apply::<i32, _>(Call::new("a.b"));
        let request = fake.next(Channel::Mux).await;
        fake.reply_with(&request, "apply_reply", &ok(), buffers);
        assert!(result.await.is_err());
    }
}

#[tokio::test]
async fn requests_of_an_engine_that_ends_fail_and_no_others() {
    let (mut fake, client) = connected_with(options().grace(Duration::from_millis(20))).await;
    let lost = client.engine(0).unwrap().run(Call::new("a.b"));
    let other = client.engine(1).unwrap().run(Call::new("a.b"));
    let _first = fake.next(Channel::Mux).await;
    let second = fake.next(Channel::Mux).await;
    end_first(&fake, &client).await;
    let error = lost.await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::EngineLost(0)), "{error}");
    assert!(matches!(client.engine(0).unwrap_err().kind(), ErrorKind::EngineEnded(0)));
    assert!(matches!(client.engine(2).unwrap_err().kind(), ErrorKind::NoSuchEngine(2)));
    fake.reply(&second, "apply_reply", &ok());
    other.await.unwrap();
}

#[tokio::test]
async fn an_answer_from_before_the_end_of_an_engine_may_come_after_it() {
    let (mut fake, client) = connected_with(options().grace(LONG)).await;
    let in_time = client.engine(0).unwrap().run(Call::new("a.b"));
    let request = fake.next(Channel::Mux).await;
    end_first(&fake, &client).await;
    fake.reply(&request, "apply_reply", &ok());
    in_time.await.unwrap();
}

/// Ends the first engine.
async fn end_first(fake: &Fake, client: &Client) {
    while client.ids() != [1] {
        // Again and again, until the subscription has taken effect.
        fake.notify("unregistration_notification", &json!({"id": 0, "uuid": "first"}));
        time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn engines_that_come_are_noticed() {
    let (mut fake, client) = connected().await;
    let error = client.direct([]).unwrap_err();
    let text = "no engines for a view: `wait_for_engines` waits until they have come";
    assert_eq!(error.to_string(), text);
    let error = client.wait_for_engines(3, SHORT).await.unwrap_err();
    assert_eq!(error.to_string(), "2 engines are there, not 3");
    let waiting = client.clone();
    let waiting = tokio::spawn(async move { waiting.wait_for_engines(3, LONG).await });
    fake.notify("registration_notification", &json!({"id": 7, "uuid": "third"}));
    // Should the notification have come before the subscription did.
    let answers = tokio::spawn(async move {
        loop {
            let request = fake.next(Channel::Registration).await;
            let engines = json!({"0": "first", "1": "second", "7": "third"});
            fake.reply(&request, "connection_reply", &json!({"status": "ok", "engines": engines}));
        }
    });
    assert_eq!(waiting.await.unwrap().unwrap().len(), 3);
    assert_eq!(client.ids(), [0, 1, 7]);
    answers.abort();
}

#[tokio::test]
async fn a_list_of_engines_that_is_out_of_date_is_asked_for_again() {
    let (mut fake, client) = connected().await;
    // Until the subscription has taken effect.
    while client.ids() != [0, 1, 2] {
        fake.notify("registration_notification", &json!({"id": 2, "uuid": "third"}));
        time::sleep(Duration::from_millis(5)).await;
    }
    let asking = client.clone();
    let asking = tokio::spawn(async move { asking.refresh().await });
    let request = fake.next(Channel::Registration).await;
    fake.notify("unregistration_notification", &json!({"id": 0, "uuid": "first"}));
    while client.ids() != [1, 2] {
        time::sleep(Duration::from_millis(1)).await;
    }
    let list = |engines: Value| json!({"status": "ok", "engines": engines});
    let before = list(json!({"0": "first", "1": "second", "2": "third"}));
    fake.reply(&request, "connection_reply", &before);
    let request = fake.next(Channel::Registration).await;
    let after = list(json!({"1": "second", "2": "third"}));
    fake.reply(&request, "connection_reply", &after);
    assert_eq!(asking.await.unwrap().unwrap().len(), 2);
    assert_eq!(client.ids(), [1, 2]);
}

#[tokio::test]
async fn a_hub_that_does_not_answer_is_named() {
    let fake = Fake::start().await;
    let options = Options::default().connect_timeout(Duration::from_secs(3));
    let error = Client::connect(&fake.file(b"a wrong key"), options).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error.kind(), ErrorKind::NoAnswer { .. }), "{text}");
    assert!(text.starts_with("no answer from the hub at tcp://127.0.0.1:"), "{text}");
    assert!(text.ends_with("within 3s: is the controller running, and the key the right one?"));
}

#[tokio::test]
async fn nobody_waits_when_the_controller_is_gone() {
    let (mut fake, client) = connected().await;
    let result = client.engine(0).unwrap().run(Call::new("a.b"));
    fake.next(Channel::Mux).await;
    drop(fake);
    let error = result.await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectionLost { .. }), "{error}");
    let error = client.engine(0).unwrap().execute("1").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectionLost { .. }), "{error}");
    let error = client.wait_for_engines(9, LONG).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectionLost { .. }), "{error}");
}

#[tokio::test]
async fn an_array_goes_out_in_blocks_and_comes_back_as_one() {
    let (mut fake, client) = connected().await;
    let all = client.all().unwrap();
    let array: Arc<Vec<i64>> = Arc::new((0..1001).collect());
    let scattered = all.scatter_arc("x", &array);
    let requests = [fake.next(Channel::Mux).await, fake.next(Channel::Mux).await];
    for (request, rows) in requests.iter().zip([0..501, 501..1001]) {
        let [_function, _table, _header, block] = request.buffers.as_slice() else {
            panic!("{request:?}")
        };
        let expected = rows.flat_map(i64::to_le_bytes).collect::<Vec<u8>>();
        assert_eq!(block[..], expected[..]);
        fake.reply(request, "apply_reply", &ok());
    }
    scattered.await.unwrap();

    let gathered = all.gather::<Vec<i64>, _>("x");
    let requests = [fake.next(Channel::Mux).await, fake.next(Channel::Mux).await];
    // The last one first.
    for (request, rows) in requests.iter().zip([&array[..501], &array[501..]]).rev() {
        let buffers = serialize_object(rows).unwrap();
        let buffers = buffers.iter().map(|b| Bytes::copy_from_slice(b.as_slice().unwrap()));
        fake.reply_with(request, "apply_reply", &ok(), buffers.collect());
    }
    assert_eq!(gathered.await.unwrap(), *array);
}

#[tokio::test]
async fn dropped_results_are_forgotten() {
    let (mut fake, client) = connected().await;
    let all = client.all().unwrap();
    let mut results = all.run(Call::new("a.b"));
    assert_eq!(client.waiting(), 2);
    let request = fake.next(Channel::Mux).await;
    fake.reply(&request, "apply_reply", &ok());
    let first = results.next().await.unwrap();
    assert_eq!((first.index, first.engine), (0, Some(0)));
    first.result.unwrap();
    drop(results);
    assert_eq!(client.waiting(), 0);
}

#[tokio::test]
async fn a_request_can_be_aborted() {
    let (mut fake, client) = connected().await;
    let result = client.engine(1).unwrap().run(Call::new("a.b"));
    let request = fake.next(Channel::Mux).await;
    let aborting = async { result.abort().await };
    let answering = async {
        let abort = fake.next(Channel::Control).await;
        assert_eq!(abort.route.as_deref(), Some("second"));
        assert_eq!(abort.header["msg_type"], "abort_request");
        assert_eq!(abort.content["msg_ids"], json!([request.header["msg_id"]]));
        fake.reply(&abort, "abort_reply", &ok());
        fake.reply(&request, "apply_reply", &json!({"status": "aborted"}));
    };
    let (aborted, ()) = tokio::join!(aborting, answering);
    aborted.unwrap();
    let error = result.await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Aborted), "{error}");
}

#[tokio::test]
async fn nothing_runs_after_close() {
    let (fake, client) = connected().await;
    let result = client.engine(0).unwrap().run(Call::new("a.b"));
    client.close().await;
    assert!(matches!(result.await.unwrap_err().kind(), ErrorKind::Closed));
    let error = client.engine(0).unwrap().execute("1").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Closed));
    drop(fake);
    no_task_is_left().await;
}

#[tokio::test]
async fn nothing_runs_after_the_last_handle_is_dropped() {
    let (fake, client) = connected().await;
    let view = client.all().unwrap();
    let result = client.engine(0).unwrap().run(Call::new("a.b"));
    drop(client);
    drop(view);
    let waiting = time::timeout(SHORT, result).await;
    assert!(waiting.is_err(), "a result keeps the connection");
    drop(fake);
    no_task_is_left().await;
}

#[tokio::test]
async fn a_connection_that_is_given_up_leaves_nothing() {
    let fake = Fake::start().await;
    let file = fake.file(KEY);
    assert!(time::timeout(SHORT, Client::connect(&file, options())).await.is_err());
    drop(fake);
    no_task_is_left().await;
}

async fn no_task_is_left() {
    let end = time::Instant::now() + LONG;
    loop {
        let tasks = Handle::current().metrics().num_alive_tasks();
        if tasks == 0 {
            return;
        }
        assert!(time::Instant::now() < end, "{tasks} tasks are left");
        time::sleep(Duration::from_millis(5)).await;
    }
}
