//! A message of one value, on its way out.

use canning_core::Can;

use crate::{
    can::CanOptions, error::Result, frame::Outbox, header::Scratch, message::Message,
    object::Object, sent::Sent,
};

/// What became of a value.
pub(crate) enum OneValue<'v> {
    /// It is small, and was copied.
    Copied(Sent),
    /// It is to be written.
    Canned(Message<'v>),
}

impl<'v> OneValue<'v> {
    /// Cans a value straight into the buffer, if it is small and there is room.
    #[inline]
    pub(crate) fn new<T: Can<V> + ?Sized, V>(
        value: &'v T,
        scratch: &mut Scratch,
        out: &mut Outbox,
    ) -> Result<Self> {
        out.check()?;
        let mut encoder = CanOptions::new().encoder(scratch);
        value.can(&mut encoder)?;
        if encoder.is_header_only() {
            let mut sent = None;
            encoder.finish_into(|len| {
                let (place, taken) = out.begin_header(len)?;
                sent = Some((taken, len));
                Some(place)
            })?;
            if let Some((sent, len)) = sent {
                out.end_header(len);
                return Ok(Self::Copied(sent));
            }
        }
        Ok(Self::Canned(Object::from_encoder(encoder)?.into()))
    }
}
