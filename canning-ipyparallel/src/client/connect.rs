//! Connecting to a controller, and asking its hub.

use std::sync::Arc;

use serde_json::json;
use tokio::time;

use super::{
    core::{Core, Target},
    engines::Engines,
    options::Options,
    pending::Reply,
};
use crate::{
    connection::{Channel, ConnectionFile},
    error::{ErrorKind, Result},
    socket::{self, Transport},
    zmtp,
};

impl Core {
    /// Connects all sockets. The hub must answer before those for work are connected.
    pub(super) async fn connect(file: &ConnectionFile, options: Options) -> Result<Arc<Self>> {
        let core = Self::new(options, file.key(), file.endpoint(Channel::Registration));
        let transport = core.transport();

        // First, so that no engine is missed which comes after the list of them.
        let notification = file.endpoint(Channel::Notification);
        socket::connect_subscriber(&notification, &transport, core.notifications()).await?;
        // As early, so that the subscription has taken effect when something is run.
        let iopub = file.endpoint(Channel::Iopub);
        socket::connect_subscriber(&iopub, &transport, core.outputs()).await?;
        let hub = socket::connect_dealer(&core.hub, &transport, core.answers()).await?;
        core.opened_hub(hub);
        core.refresh().await?;

        let mut work = Vec::new();
        for channel in [Channel::Mux, Channel::Task, Channel::Control] {
            let endpoint = file.endpoint(channel);
            work.push(socket::connect_dealer(&endpoint, &transport, core.answers()).await?);
        }
        let [mux, task, control] =
            work.try_into().map_err(|_| ErrorKind::ConnectionLost { reason: None })?;
        core.opened(mux, task, control)?;
        Ok(core)
    }

    /// How its sockets are.
    fn transport(self: &Arc<Self>) -> Transport<'_> {
        let options = zmtp::Options {
            connect_timeout: self.options.connect_timeout,
            limits: self.options.message_limits,
            placing: self.placing(),
        };
        Transport { options, tasks: &self.tasks }
    }

    /// Asks the hub for the engines.
    pub(super) async fn refresh(&self) -> Result<()> {
        loop {
            let before = *self.changes.borrow();
            let reply = self.ask_hub("connection_request", "connection_reply").await?;
            let engines = Engines::from_reply(&reply.content);
            let engines = engines.ok_or(ErrorKind::Protocol("no list of engines"))?;
            // Notifications come over another connection. One that came in the meantime may be
            // of later than the list.
            let is_latest = self.with_engines(|known| {
                let is_latest = *self.changes.borrow() == before;
                if is_latest {
                    known.replace(engines);
                }
                is_latest
            });
            if is_latest {
                return Ok(());
            }
        }
    }

    async fn ask_hub(&self, kind: &'static str, expected: &'static str) -> Result<Reply> {
        let after = self.options.connect_timeout;
        let (id, waiting) = self.send(Target::Hub, kind, expected, json!({}), Vec::new())?;
        match time::timeout(after, waiting).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(_)) => Err(ErrorKind::ConnectionLost { reason: None }.into()),
            Err(_) => {
                self.forget(&id);
                Err(ErrorKind::NoAnswer { endpoint: self.hub.clone(), after }.into())
            }
        }
    }
}
