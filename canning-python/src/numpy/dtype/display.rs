//! Dtypes as NumPy writes them.

use std::fmt::{self, Display, Write};

use super::{Dtype, DtypeField, DtypeKind, Parts};

impl Dtype {
    /// NumPy's `dtype.str`: that of a struct is `|V13`, whatever its fields are.
    pub fn code(&self) -> impl Display + '_ {
        Code(self)
    }

    /// Whether NumPy's `descr` can say where the fields are: one after the other, perhaps with
    /// padding between them.
    fn is_in_order(&self) -> bool {
        let mut end = 0;
        self.fields().iter().all(|field| {
            let follows = field.offset >= end;
            end = field.offset.saturating_add(field.dtype.item_size);
            follows
        })
    }

    fn fmt_descr(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut end = 0;
        f.write_char('[')?;
        for (index, field) in self.fields().iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            if field.offset > end {
                write!(f, "('', '|V{}'), ", field.offset - end)?;
            }
            end = field.offset.saturating_add(field.dtype.item_size);
            field.fmt_descr(f)?;
        }
        if self.item_size > end {
            let comma = if self.fields().is_empty() { "" } else { ", " };
            write!(f, "{comma}('', '|V{}')", self.item_size - end)?;
        }
        f.write_char(']')
    }

    fn fmt_dict(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.fields();
        f.write_str("{'names': [")?;
        join(f, fields, |f, field| Quoted(&field.name).fmt(f))?;
        f.write_str("], 'formats': [")?;
        join(f, fields, |f, field| match field.dtype.parts {
            Parts::Struct(_) | Parts::Subarray(_) => field.dtype.fmt(f),
            _ => write!(f, "'{}'", field.dtype),
        })?;
        f.write_str("], 'offsets': [")?;
        join(f, fields, |f, field| field.offset.fmt(f))?;
        if fields.iter().any(|field| field.title.is_some()) {
            f.write_str("], 'titles': [")?;
            join(f, fields, |f, field| match &field.title {
                Some(title) => Quoted(title).fmt(f),
                None => f.write_str("None"),
            })?;
        }
        write!(f, "], 'itemsize': {}}}", self.item_size)
    }
}

impl Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.parts {
            Parts::Struct(_) if self.is_in_order() => self.fmt_descr(f),
            Parts::Struct(_) => self.fmt_dict(f),
            Parts::Subarray(subarray) => {
                f.write_char('(')?;
                subarray.base.fmt_quoted(f)?;
                write!(f, ", {})", Shape(&subarray.shape))
            }
            Parts::None | Parts::Time(_) => Code(self).fmt(f),
        }
    }
}

impl Dtype {
    fn fmt_quoted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts {
            Parts::Struct(_) | Parts::Subarray(_) => Display::fmt(self, f),
            _ => write!(f, "'{self}'"),
        }
    }
}

impl DtypeField {
    fn fmt_descr(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.title {
            Some(title) => write!(f, "(({}, {}), ", Quoted(title), Quoted(&self.name))?,
            None => write!(f, "({}, ", Quoted(&self.name))?,
        }
        match self.dtype.subarray() {
            Some((base, shape)) => {
                base.fmt_quoted(f)?;
                write!(f, ", {})", Shape(shape))
            }
            None => {
                self.dtype.fmt_quoted(f)?;
                f.write_char(')')
            }
        }
    }
}

struct Code<'d>(&'d Dtype);

impl Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Dtype { kind, order, item_size, parts } = self.0;
        write!(f, "{}{}", order.sign(), kind.letter())?;
        match (kind, parts) {
            (_, Parts::Time(unit)) => write!(f, "{item_size}{unit}"),
            (DtypeKind::Text, _) => write!(f, "{}", item_size / 4),
            (DtypeKind::Object, _) => Ok(()),
            _ => write!(f, "{item_size}"),
        }
    }
}

/// As Python writes a tuple of integers.
struct Shape<'s>(&'s [usize]);

impl Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('(')?;
        join(f, self.0, |f, len| len.fmt(f))?;
        f.write_str(if self.0.len() == 1 { ",)" } else { ")" })
    }
}

/// Text as a literal of Python.
struct Quoted<'t>(&'t str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.0.contains('\'') && !self.0.contains('"') { '"' } else { '\'' };
        f.write_char(quote)?;
        for char in self.0.chars() {
            match char {
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                char if char == quote => write!(f, "\\{char}")?,
                char if char.is_control() => match u32::from(char) {
                    code @ ..0x100 => write!(f, "\\x{code:02x}")?,
                    code => write!(f, "\\u{code:04x}")?,
                },
                char => f.write_char(char)?,
            }
        }
        f.write_char(quote)
    }
}

fn join<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    mut write: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write(f, item)?;
    }
    Ok(())
}
