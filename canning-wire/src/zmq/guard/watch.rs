//! The connections that a guard lets in, and what it refused.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ::tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time,
};

use super::{GuardOptions, Refusal, heads::Heads, relay::relay, room::Room};

/// What the connections of a guard have in common.
#[derive(Debug)]
pub(super) struct Watch {
    options: GuardOptions,
    free: Arc<Semaphore>,
    refused: Mutex<(u64, Option<Refusal>)>,
}

impl Watch {
    pub(super) fn new(options: GuardOptions) -> Self {
        let free = Semaphore::new(options.connections.min(Semaphore::MAX_PERMITS));
        Self { options, free: Arc::new(free), refused: Mutex::default() }
    }

    /// How many connections were refused, and why the last.
    pub(super) fn refused(&self) -> MutexGuard<'_, (u64, Option<Refusal>)> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets strangers in who connect, until it is dropped.
    pub(super) async fn let_in(self: Arc<Self>, strangers: TcpListener, room: Arc<Room>) {
        let mut connections = JoinSet::new();
        loop {
            let Some((stranger, _)) = accepted(strangers.accept().await).await else { continue };
            let Some(place) = self.place() else { continue };
            let (watch, room) = (Arc::clone(&self), Arc::clone(&room));
            connections.spawn(async move {
                let socket = UnixStream::connect(room.path()).await?;
                watch.relay(stranger, socket, place).await
            });
            while connections.try_join_next().is_some() {}
        }
    }

    /// Connects the socket to a stranger whenever it asks for that, until it is dropped.
    pub(super) async fn let_out(self: Arc<Self>, socket: UnixListener, stranger: (String, u16)) {
        let mut connections = JoinSet::new();
        loop {
            let Some((socket, _)) = accepted(socket.accept().await).await else { continue };
            let Some(place) = self.place() else { continue };
            let (watch, (host, port)) = (Arc::clone(&self), stranger.clone());
            connections.spawn(async move {
                let stranger = TcpStream::connect((host.as_str(), port)).await?;
                watch.relay(stranger, socket, place).await
            });
            while connections.try_join_next().is_some() {}
        }
    }

    fn place(&self) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.free).try_acquire_owned().ok();
        if place.is_none() {
            self.refuse(Refusal::Crowd { limit: self.options.connections });
        }
        place
    }

    async fn relay<S>(
        &self,
        stranger: TcpStream,
        socket: S,
        _place: OwnedSemaphorePermit,
    ) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite,
    {
        stranger.set_nodelay(true)?;
        let GuardOptions { limits, patience, .. } = &self.options;
        let relayed = relay(stranger, socket, Heads::new(limits), *patience).await;
        relayed.unwrap_or_else(|refusal| self.refuse(refusal));
        Ok(())
    }

    fn refuse(&self, refusal: Refusal) {
        let (count, last) = &mut *self.refused();
        *count += 1;
        *last = Some(refusal);
    }
}

/// A connection; `None` after a pause where the system has none to give, such as for want of
/// descriptors.
async fn accepted<T>(accepted: io::Result<T>) -> Option<T> {
    if accepted.is_err() {
        time::sleep(PAUSE).await;
    }
    accepted.ok()
}

const PAUSE: Duration = Duration::from_millis(20);
