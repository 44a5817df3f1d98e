//! Frames of a traceback, as IPython formats it.

/// Leaves those frames out in which ipyparallel calls what it was asked to; nothing is left where
/// there are no others. A traceback that ends within ipyparallel stays as it is: it may be about
/// that.
pub(crate) fn without_own(traceback: &str) -> String {
    // Frames end with an empty line; the title stands right before the first.
    let blocks = traceback.split("\n\n");
    let mut kept = Vec::new();
    let (mut last, mut has_others, mut has_own) = (Frame::None, false, false);
    for block in blocks {
        let frame = match Frame::of(block) {
            // ipyparallel calls functions by a line of code, which is in no file.
            Frame::Code if matches!(last, Frame::Own | Frame::OwnCode) => Frame::OwnCode,
            frame => frame,
        };
        match frame {
            Frame::Own | Frame::OwnCode => {
                has_own = true;
                kept.extend(title(block));
            }
            Frame::Other | Frame::Code => {
                has_others = true;
                kept.push(block);
            }
            Frame::None => kept.push(block),
        }
        if frame != Frame::None {
            last = frame;
        }
    }
    match (has_own, has_others, last) {
        (false, ..) | (_, _, Frame::Own) => traceback.to_owned(),
        (true, false, _) => String::new(),
        (true, true, _) => kept.join("\n\n"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// ipyparallel's.
    Own,
    /// A line of code in no file.
    Code,
    /// A line of code by which ipyparallel calls.
    OwnCode,
    Other,
    /// Something else, as the error itself.
    None,
}

impl Frame {
    fn of(block: &str) -> Self {
        let mut heads = block.lines().filter_map(|line| line.strip_prefix("File "));
        let is_cell = block.lines().any(|line| line.starts_with("Cell "));
        match heads.next() {
            Some(head) if OWN.iter().any(|file| has_file(head, file)) => Self::Own,
            Some(head) if head.starts_with("<string>:") => Self::Code,
            Some(_) => Self::Other,
            None if is_cell => Self::Other,
            None => Self::None,
        }
    }
}

/// What stands before the frame of a block.
fn title(block: &str) -> Option<&str> {
    let end = block.find("\nFile ")?;
    block.get(..end)
}

fn has_file(head: &str, file: &str) -> bool {
    let end = head.find(".py:").unwrap_or(head.len());
    let path = head.get(..end).unwrap_or_default().replace('\\', "/");
    path.ends_with(file)
}

/// The files from which ipyparallel calls.
const OWN: [&str; 2] = ["/ipyparallel/engine/kernel", "/ipyparallel/util"];

#[cfg(test)]
mod tests {
    use super::*;

    const TITLE: &str = "-----\nNameError      Traceback (most recent call last)";
    const KERNEL: &str =
        "File /lib/ipyparallel/engine/kernel.py:157, in do_apply(self)\n--> 157 exec";
    const CODE: &str = "File <string>:1\n----> 1 'Could not get source'";
    const PULL: &str = "File C:\\lib\\ipyparallel\\util.py:327, in _pull(keys)\n--> 327 eval";
    const USER: &str = "File /home/a/code.py:29, in f()\n---> 29 x";
    const CELL: &str = "Cell In[4], line 2, in g()\n----> 2 y";
    const TEXT: &str = "NameError: name 'x' is not defined";

    fn traceback(frames: &[&str]) -> String {
        format!("{TITLE}\n{}\n\n{TEXT}", frames.join("\n\n"))
    }

    #[test]
    fn frames_of_the_caller_are_left_out() {
        let shown = without_own(&traceback(&[KERNEL, CODE, USER, CODE, CELL]));
        assert_eq!(shown, [TITLE, USER, CODE, CELL, TEXT].join("\n\n"));
        assert_eq!(without_own(&traceback(&[KERNEL, CODE, PULL, CODE])), "", "an expression");
    }

    #[test]
    fn what_is_not_known_stays() {
        for text in [
            traceback(&[USER]),
            traceback(&[CELL, CODE]),
            traceback(&[KERNEL]),
            traceback(&[KERNEL, CODE, USER, PULL]),
            traceback(&["File /home/kernel.py:1\n1"]),
            "one text".to_owned(),
            String::new(),
        ] {
            assert_eq!(without_own(&text), text);
        }
    }
}
