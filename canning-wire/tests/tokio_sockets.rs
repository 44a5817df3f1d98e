//! Messages over tokio's sockets: long ones, many small ones, a slow reader, a peer that is gone.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use canning_core::{Canned, CannedObject};
use canning_wire::{
    CanOptions, ErrorKind, Limits, Message, Object, can, can_arc,
    tokio::{MessageReader, MessageWriter},
    write_message,
};
use futures_util::{SinkExt, StreamExt, TryStreamExt, stream};
use support::{
    counting::{Count, Counting, count},
    options,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::{TcpListener, TcpStream, UnixStream},
    time::timeout,
};

#[global_allocator]
static COUNTING: Counting = Counting;

#[derive(Clone, Debug, PartialEq, Canned)]
struct Frame {
    step: u32,
    positions: Vec<[f64; 3]>,
    kinds: Vec<u8>,
}

impl Frame {
    fn of(step: u32, len: u16) -> Self {
        let positions = (0..len).map(|item| [f64::from(item); 3]).collect();
        Self { step, positions, kinds: (0..=255).cycle().take(70_000).collect() }
    }
}

async fn tcp_pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = TcpStream::connect(listener.local_addr().unwrap());
    let (here, there) = tokio::join!(here, listener.accept());
    (here.unwrap(), there.unwrap().0)
}

/// Frames go there and back; each end reads and writes at the same time.
async fn echoes<S>(here: S, there: S)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let echo = tokio::spawn(async move {
        let (reader, writer) = tokio::io::split(there);
        let reader = MessageReader::new(reader, Limits::default());
        reader.forward(MessageWriter::new(writer)).await
    });
    let (reader, writer) = tokio::io::split(here);
    let sender = tokio::spawn(async move {
        let mut writer = MessageWriter::new(writer);
        for step in 0..20 {
            let frame = Frame::of(step, 20_000);
            let sent = writer.write_message(&can(&frame).unwrap().into()).await.unwrap();
            assert_eq!((sent.buffered, sent.gathered), (0, 0));
            let frame = Arc::new(Frame::of(step, 100));
            writer.feed(can_arc(&frame).unwrap().into()).await.unwrap();
        }
        writer.shutdown().await
    });
    let mut reader = MessageReader::new(reader, Limits::default());
    for step in 0..20 {
        for len in [20_000, 100] {
            let message = reader.read_message().await.unwrap().unwrap();
            let [mut object] = message.into_array().unwrap();
            assert!(object.take::<Frame, _>().unwrap() == Frame::of(step, len));
            assert_eq!(object.copied().out_of_band, 0);
        }
    }
    assert!(reader.read_message().await.unwrap().is_none());
    sender.await.unwrap().unwrap();
    echo.await.unwrap().unwrap();
}

#[tokio::test]
async fn frames_echo_over_a_unix_socket() {
    let (here, there) = UnixStream::pair().unwrap();
    echoes(here, there).await;
}

#[tokio::test]
async fn frames_echo_over_tcp() {
    let (here, there) = tcp_pair().await;
    echoes(here, there).await;
}

#[tokio::test]
async fn five_thousand_buffers_arrive() {
    let (here, there) = UnixStream::pair().unwrap();
    let buffers = Arc::new(vec![vec![7_u8; 30]; 5000]);
    let object = CanOptions::new().inline_threshold(0).can_arc(&buffers).unwrap();
    let sender = tokio::spawn(async move {
        let mut writer = MessageWriter::new(here);
        writer.send(Message::from_iter([object.clone()])).await.unwrap();
        writer.write_message(&object.into()).await.unwrap();
    });
    let mut reader = MessageReader::new(there, Limits::default());
    for _ in 0..2 {
        let [object] = reader.read_message().await.unwrap().unwrap().into_array().unwrap();
        assert_eq!(object.buffers().len(), 5000);
        assert_eq!(object.get_object::<Vec<Vec<u8>>, _>().unwrap(), *buffers);
    }
    sender.await.unwrap();
    assert!(reader.read_message().await.unwrap().is_none());
}

#[tokio::test]
async fn many_small_messages_go_through_stream_and_sink() {
    let (here, there) = UnixStream::pair().unwrap();
    let sender = tokio::spawn(async move {
        let message = |number| Ok(Message::from(can_arc(&Arc::new(number))?));
        let mut numbers = stream::iter(0..10_000_u32).map(message);
        let mut sink = MessageWriter::new(here);
        sink.send_all(&mut numbers).await.unwrap();
        sink.close().await.unwrap();
        sink.sent()
    });
    let reader = MessageReader::new(there, Limits::default());
    let number = |message: Message<'_>| message.objects()[0].get::<u32, _>().unwrap();
    let read: Vec<u32> = reader.map_ok(number).try_collect().await.unwrap();
    assert!(read.into_iter().eq(0..10_000));
    let sent = sender.await.unwrap();
    // One that finds the buffer full goes out with it.
    assert!(sent.buffered > sent.bytes / 100 * 99, "{sent:?}");
}

#[tokio::test]
async fn sender_waits_for_a_slow_reader_with_one_message_in_hand() {
    let (here, there) = UnixStream::pair().unwrap();
    let frame = Arc::new(Frame::of(0, 20_000));
    let alive = Arc::downgrade(&frame);
    let len = can(&*frame).unwrap().len_in_bytes();
    drop(frame);
    let sender = tokio::spawn(async move {
        let mut sink = MessageWriter::new(here);
        let mut alive = Vec::new();
        for step in 0..50 {
            let frame = Arc::new(Frame::of(step, 20_000));
            alive.push(Arc::downgrade(&frame));
            sink.feed(can_arc(&frame).unwrap().into()).await.unwrap();
            drop(frame);
            assert!(sink.unwritten() < len + 1000);
            assert!(alive.iter().filter(|frame| frame.strong_count() > 0).count() <= 1);
        }
        sink.close().await.unwrap();
    });
    assert!(alive.upgrade().is_none());
    let mut reader = MessageReader::new(there, Limits::default());
    for step in 0..50 {
        if step < 5 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            assert!(!sender.is_finished());
        }
        let [object] = reader.read_message().await.unwrap().unwrap().into_array().unwrap();
        assert_eq!(object.get_object::<Frame, _>().unwrap().step, step);
    }
    sender.await.unwrap();
}

#[tokio::test]
async fn one_message_goes_to_many_from_the_same_memory() {
    let frame = Arc::new(Frame::of(3, 20_000));
    let message = Arc::new(Message::from(can_arc(&frame).unwrap()));
    let buffer = message.objects()[0].buffers()[0].as_slice().unwrap();
    let address = frame.positions.as_ptr().addr();
    assert_eq!(buffer.as_ptr().addr(), address);
    let tasks = (0..4).map(|_| {
        let (here, there) = UnixStream::pair().unwrap();
        let message = Arc::clone(&message);
        let sender = tokio::spawn(async move {
            let mut writer = MessageWriter::new(here);
            for _ in 0..2 {
                let sent = writer.write_message(&message).await.unwrap();
                assert_eq!((sent.buffered, sent.gathered), (0, 0));
            }
            let owned = Message::clone(&message);
            let buffer = owned.objects()[0].buffers()[0].as_slice().unwrap();
            assert_eq!(buffer.as_ptr().addr(), address);
            writer.send(owned).await.unwrap();
            assert_eq!(writer.sent().buffered, 0);
        });
        let receiver = tokio::spawn(async move {
            let reader = MessageReader::new(there, Limits::default());
            reader.try_collect::<Vec<_>>().await.unwrap()
        });
        (sender, receiver)
    });
    for (sender, receiver) in tasks.collect::<Vec<_>>() {
        sender.await.unwrap();
        let received = receiver.await.unwrap();
        assert_eq!(received.len(), 3);
        for message in received {
            assert!(message.objects()[0].get::<Frame, _>().unwrap() == *frame);
        }
    }
}

#[tokio::test]
async fn peer_that_is_gone_in_the_middle_is_told_on_both_ends() {
    // The writer dies: what it leaves is truncated.
    let (mut here, there) = UnixStream::pair().unwrap();
    let mut bytes = Vec::new();
    let objects: [Object<'_>; 2] = [can(&1).unwrap(), can("more").unwrap()];
    write_message(&mut bytes, &objects.into_iter().collect()).unwrap();
    here.write_all(&bytes[..bytes.len() - 1]).await.unwrap();
    drop(here);
    let mut reader = MessageReader::new(there, Limits::default());
    let error = reader.read_message().await.unwrap_err();
    let read = bytes.len() as u64 - 1;
    assert!(matches!(*error.kind(), ErrorKind::Truncated { read: found } if found == read));
    assert_eq!(error.whole_objects(), 1);

    // The reader dies: the writer has an error, borrowed or owned.
    let frame = Arc::new(Frame::of(0, 60_000));
    let (here, there) = UnixStream::pair().unwrap();
    let mut writer = MessageWriter::new(here);
    let message = can(&*frame).unwrap().into();
    let write = writer.write_message(&message);
    assert!(timeout(Duration::from_millis(20), write).await.is_err(), "nobody reads");
    drop(there);
    let error = writer.flush().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::CutOff { .. }), "{error}");

    let (here, there) = UnixStream::pair().unwrap();
    let mut writer = MessageWriter::new(here);
    let send = writer.send(can_arc(&frame).unwrap().into());
    assert!(timeout(Duration::from_millis(20), send).await.is_err(), "nobody reads");
    drop(there);
    for _ in 0..2 {
        let error = io::Error::from(writer.flush().await.unwrap_err());
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{error}");
    }
}

#[tokio::test]
async fn send_that_timed_out_is_resumed_when_the_reader_is_back() {
    let (here, there) = UnixStream::pair().unwrap();
    let frame = Arc::new(Frame::of(9, 60_000));
    let mut writer = MessageWriter::new(here);
    let send = writer.send(can_arc(&frame).unwrap().into());
    assert!(timeout(Duration::from_millis(20), send).await.is_err(), "nobody reads");
    assert!(writer.unwritten() > 0);
    let mut reader = MessageReader::new(there, Limits::default());
    // The reader is cut short, too.
    let read = timeout(Duration::from_millis(20), reader.read_message());
    assert!(read.await.is_err(), "nobody writes");
    let (flushed, read) = tokio::join!(writer.flush(), reader.read_message());
    flushed.unwrap();
    let [object] = read.unwrap().unwrap().into_array().unwrap();
    assert!(object.get_object::<Frame, _>().unwrap() == *frame);
}

#[tokio::test]
async fn long_transfer_lets_other_tasks_run() {
    let (here, there) = UnixStream::pair().unwrap();
    let numbers = Arc::new(vec![0_u8; 32 << 20]);
    let transfer = tokio::spawn(async move {
        let (mut writer, mut reader) =
            (MessageWriter::new(here), MessageReader::new(there, Limits::default()));
        let send = writer.send(can_arc(&numbers).unwrap().into());
        let (sent, read) = tokio::join!(send, reader.read_message());
        sent.unwrap();
        read.unwrap().unwrap()
    });
    let mut turns = 0;
    while !transfer.is_finished() {
        tokio::task::yield_now().await;
        turns += 1;
    }
    transfer.await.unwrap();
    assert!(turns > 3, "{turns} turns");
}

/// Takes the arrays out of a message, and gives all memory back.
macro_rules! recycle {
    ($reader:expr, $message:expr) => {
        let mut message: Message<'static> = $message.unwrap().unwrap();
        $reader.recycle(message.objects_mut()[0].take::<Frame, _>().unwrap());
        $reader.recycle_message(message);
    };
}

#[test]
fn steady_stream_allocates_as_little_as_over_a_blocking_one() {
    let frame = Frame::of(1, 20_000);
    let message = can(&frame).unwrap().into();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let over_socket = async |times: usize| {
        let (here, there) = UnixStream::pair().unwrap();
        let mut writer = MessageWriter::new(here);
        let mut reader = MessageReader::new(there, Limits::default());
        for _ in 0..times {
            let write = writer.write_message(&message);
            let (sent, read) = tokio::join!(write, reader.read_message());
            sent.unwrap();
            recycle!(reader, read);
        }
    };
    let mut stream = Vec::new();
    for _ in 0..50 {
        write_message(&mut stream, &message).unwrap();
    }
    let blocking = |times: usize| {
        let mut reader = canning_wire::MessageReader::new(stream.as_slice(), Limits::default());
        for _ in 0..times {
            recycle!(reader, reader.read_message());
        }
    };
    let later = |few: Count, many: Count| many.allocations - few.allocations;
    let cost = |times| count(|| runtime.block_on(over_socket(times))).1;
    let blocking_cost = |times| count(|| blocking(times)).1;
    // The runtime may allocate now and then.
    assert!(later(cost(5), cost(50)) < later(blocking_cost(5), blocking_cost(50)) + 5);
}

#[tokio::test]
async fn values_are_asked_for_and_answered() {
    let (here, there) = UnixStream::pair().unwrap();
    let server = tokio::spawn(async move {
        let (incoming, outgoing) = there.into_split();
        let mut reader = MessageReader::new(incoming, Limits::default());
        let mut writer = MessageWriter::new(outgoing);
        while let Some((number, array)) = reader.read_value::<(u32, Vec<f64>), _>().await.unwrap() {
            let answer = f64::from(number) + array.iter().sum::<f64>();
            writer.write_value(&answer).await.unwrap();
            writer.flush().await.unwrap();
            reader.recycle(array);
        }
    });
    let (incoming, outgoing) = here.into_split();
    let mut reader = MessageReader::new(incoming, Limits::default());
    let mut writer = MessageWriter::new(outgoing);
    for number in 0..100_u32 {
        writer.write_value(&(number, vec![1.0; number as usize * 100])).await.unwrap();
        writer.flush().await.unwrap();
        let answer: Option<f64> = reader.read_value().await.unwrap();
        assert_eq!(answer, Some(f64::from(number) * 101.0));
    }
    writer.shutdown().await.unwrap();
    server.await.unwrap();
    assert_eq!(reader.read_value::<f64, _>().await.unwrap(), None);
}

#[cfg(feature = "socket")]
#[tokio::test]
async fn a_blocking_connection_is_greeted() {
    use canning_wire::{
        handshake::Hello,
        socket::{Connection, Options},
        tokio::greet,
    };

    let (here, there) = std::os::unix::net::UnixStream::pair().unwrap();
    let blocking = std::thread::spawn(move || {
        let mut connection = Connection::over(there, &Options::default()).unwrap();
        connection.write_value("well met").unwrap();
        connection.finish().unwrap();
    });
    here.set_nonblocking(true).unwrap();
    let mut here = UnixStream::from_std(here).unwrap();
    greet(&mut here, Hello::default()).await.unwrap();
    let mut reader = MessageReader::new(here, Limits::default());
    assert_eq!(reader.read_value::<String, _>().await.unwrap(), Some("well met".to_owned()));
    blocking.join().unwrap();
}

#[tokio::test]
async fn who_does_not_greet_is_told_so() {
    use canning_wire::{handshake::Hello, tokio::greet};

    let refused = |said: Vec<u8>| async move {
        let (mut here, mut there) = tokio::io::duplex(1024);
        tokio::io::AsyncWriteExt::write_all(&mut there, &said).await.unwrap();
        drop(there);
        greet(&mut here, Hello::default()).await.unwrap_err().to_string()
    };
    let mut bare = Vec::new();
    canning_wire::write_message(&mut bare, &canning_wire::can("bare").unwrap().into()).unwrap();
    assert_eq!(
        refused(bare).await,
        "the peer speaks something else: it sends messages without a handshake"
    );
    let hello = Hello::default().encode();
    assert!(refused(hello[..15].to_vec()).await.contains("15"));
    let mut reader = MessageReader::new(&hello[..], Limits::default());
    let error = reader.read_message().await.unwrap_err();
    assert_eq!(error.to_string(), "expected the start of a message, found a handshake");
}

#[tokio::test]
async fn unwritten_counts_each_byte_until_it_is_written() {
    let short = || can_arc(&Arc::new(7)).unwrap().into();
    let long: Message<'static> = can_arc(&Arc::new(vec![1.0_f64; 20_000])).unwrap().into();
    let len = |message: &Message<'_>| write_message(&mut Vec::new(), message).unwrap().bytes;
    let (short_len, long_len) = (len(&short()), len(&long));

    let mut writer = MessageWriter::new(Vec::new());
    writer.write_message(&short()).await.unwrap();
    assert_eq!(writer.unwritten(), short_len);
    writer.queue(long).unwrap();
    assert_eq!(writer.unwritten(), short_len + long_len);
    writer.ready().await.unwrap();
    assert_eq!(writer.unwritten(), 0, "the long one was waited for");
    assert_eq!(writer.get_ref().len() as u64, short_len + long_len);

    writer.feed(short()).await.unwrap();
    writer.ready().await.unwrap();
    assert_eq!(writer.unwritten(), short_len, "a short one may wait");
    SinkExt::flush(&mut writer).await.unwrap();
    assert_eq!(writer.unwritten(), 0);
    assert_eq!(writer.get_ref().len() as u64, 2 * short_len + long_len);
}

#[tokio::test]
async fn frames_are_written_as_asked_for() {
    let numbers = vec![0.5_f64; 5000];
    let message = Message::from(can(&numbers).unwrap());
    for options in options::all() {
        let mut expected = Vec::new();
        options.write_message(&mut expected, &message).unwrap();
        let mut writer = MessageWriter::new(Vec::new());
        writer.set_frames(options);
        writer.write_message(&message).await.unwrap();
        writer.flush().await.unwrap();
        assert!(*writer.get_ref() == expected, "{options:?}");
    }
}

#[tokio::test]
async fn what_was_read_ahead_is_counted_and_can_be_looked_at() {
    let numbers = vec![7_u8; 3000];
    let mut stream = Vec::new();
    write_message(&mut stream, &can("first").unwrap().into()).unwrap();
    let second = stream.len();
    write_message(&mut stream, &can(&numbers).unwrap().into()).unwrap();
    let mut reader = MessageReader::new(stream.as_slice(), Limits::default());
    reader.read_message().await.unwrap().unwrap();
    assert_eq!((reader.staged_bytes(), reader.ahead_bytes()), (0, &stream[second..]));
    let [object] = reader.read_message().await.unwrap().unwrap().into_array().unwrap();
    assert_eq!(object.get_object::<Vec<u8>, _>().unwrap(), numbers);
    assert_eq!((reader.staged_bytes(), reader.ahead_bytes()), (3000, &[][..]));
}

#[tokio::test]
async fn an_error_of_the_stream_is_told_unless_the_peer_may_have_said_why() {
    use canning_wire::{
        handshake::{HandshakeError, Hello},
        tokio::greet,
    };

    /// Takes nothing, and has nothing to read.
    struct Refuses(io::ErrorKind);

    impl AsyncRead for Refuses {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Refuses {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &[u8],
        ) -> Poll<io::Result<usize>> {
            Poll::Ready(Err(self.0.into()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::TimedOut] {
        let error = greet(&mut Refuses(kind), Hello::default()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Io(error) if error.kind() == kind), "{error}");
    }
    for kind in [io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionReset] {
        let error = greet(&mut Refuses(kind), Hello::default()).await.unwrap_err();
        let ended = HandshakeError::Ended { read: 0 };
        assert!(matches!(error.kind(), ErrorKind::Handshake(said) if *said == ended), "{error}");
    }
}
