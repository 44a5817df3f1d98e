//! Classes of Python's library, and those that nobody knows.

use canning_core::Result;
use canning_python::view::{Class, Item, Items, Opaque, View};
use serde_json::{Value, json};

use super::{
    objects,
    value::{Description, set},
};

/// The functions among the builtins; the others are classes.
const FUNCTIONS: &str = " abs aiter all anext any ascii bin breakpoint callable chr compile delattr \
    dir divmod eval exec format getattr globals hasattr hash hex id input isinstance issubclass \
    iter len locals max min next oct open ord pow print repr round setattr sorted sum vars \
    __build_class__ __import__ ";

/// Names what only an engine can put together.
pub(crate) fn canned(view: &View<'_>) -> Result<Option<String>> {
    let opaque = match view {
        View::Reference(_) => return Ok(Some("reference".into())),
        View::Function(function) => {
            let closed = match attribute(function, "closure")? {
                Some(closure) => !matches!(closure.view()?, View::None),
                None => false,
            };
            let what = if closed { "function_with_closure" } else { "function_plain" };
            return Ok(Some(what.into()));
        }
        View::Opaque(opaque) => opaque,
        _ => return Ok(None),
    };
    let class = opaque.class()?.filter(|class| class.module() == "ipyparallel.serialize.canning");
    let name = class.and_then(|class| class.name().strip_prefix("Canned"));
    Ok(name.map(str::to_lowercase))
}

fn attribute<'o>(opaque: &Opaque<'o>, name: &str) -> Result<Option<Item<'o>>> {
    let Some(state) = opaque.state() else { return Ok(None) };
    let View::Dict(entries) = state.view()? else { return Ok(None) };
    for (key, value) in entries.iter() {
        if matches!(key.view()?, View::Str(found) if found == name) {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Describes a class or a function by its name.
pub(crate) fn global(class: Class<'_>) -> Value {
    match (builtin(class), is_function(class)) {
        (Some(_), true) => json!({
            "type": "other",
            "class": "builtins.builtin_function_or_method",
            "repr": global_repr(class),
        }),
        (Some(_), false) => {
            json!({"type": "other", "class": "builtins.type", "repr": global_repr(class)})
        }
        (None, _) => json!({"type": "global", "name": class.to_string()}),
    }
}

/// Prints a class or a function, as far as its name tells which.
pub(crate) fn global_repr(class: Class<'_>) -> String {
    match (builtin(class), is_function(class)) {
        (Some(name), true) => format!("<built-in function {name}>"),
        (Some(name), false) => format!("<class '{name}'>"),
        (None, _) => format!("<{class}>"),
    }
}

fn builtin(class: Class<'_>) -> Option<&str> {
    matches!(class.module(), "builtins" | "__builtin__").then_some(class.name())
}

fn is_function(class: Class<'_>) -> bool {
    FUNCTIONS.contains(&format!(" {} ", class.name()))
}

/// The class of an object of Python's library, and how it prints.
pub(crate) fn repr<'o>(
    description: &mut Description<'o>,
    opaque: &Opaque<'o>,
) -> Result<Option<(String, String)>> {
    let Some(class) = opaque.class()? else { return Ok(None) };
    let class = class.to_string();
    let args = opaque.args();
    let printed = match class.as_str() {
        "decimal.Decimal" => all(description, args)?.map(|args| format!("Decimal({args})")),
        "fractions.Fraction" => all(description, args)?.map(|args| format!("Fraction({args})")),
        "datetime.date" => bytes::<4>(args)?.map(|[high, low, month, day]| {
            format!("datetime.date({}, {month}, {day})", year(high, low))
        }),
        "datetime.time" => time(description, args)?,
        "datetime.datetime" => datetime(description, args)?,
        "datetime.timedelta" => timedelta(args)?,
        "datetime.timezone" => timezone(description, args)?,
        _ => None,
    };
    let is_whole = opaque.state().is_none()
        && opaque.kwargs().is_empty()
        && opaque.items().is_empty()
        && opaque.entries().is_empty();
    Ok(printed.filter(|_| is_whole).map(|printed| (class, printed)))
}

fn all<'o>(description: &mut Description<'o>, args: Items<'o>) -> Result<Option<String>> {
    let printed: Vec<_> =
        args.iter().map(|arg| objects::repr(description, arg)).collect::<Result<_>>()?;
    Ok(Some(printed.join(", ")))
}

/// The first argument, if it is as many bytes.
fn bytes<const N: usize>(args: Items<'_>) -> Result<Option<[u8; N]>> {
    let Some(state) = args.get(0) else { return Ok(None) };
    match state.view()? {
        View::Bytes(memory) => Ok((*memory.to_bytes()?).try_into().ok()),
        _ => Ok(None),
    }
}

fn year(high: u8, low: u8) -> u16 {
    u16::from_be_bytes([high, low])
}

/// What follows the minutes: seconds and microseconds where they are needed, the zone, the fold.
fn rest<'o>(
    description: &mut Description<'o>,
    args: Items<'o>,
    second: u8,
    micros: [u8; 3],
    fold: bool,
) -> Result<String> {
    let [high, middle, low] = micros;
    let mut printed = match (second, u32::from_be_bytes([0, high, middle, low])) {
        (0, 0) => String::new(),
        (second, 0) => format!(", {second}"),
        (second, micros) => format!(", {second}, {micros}"),
    };
    if let Some(zone) = args.get(1) {
        printed += &format!(", tzinfo={}", objects::repr(description, zone)?);
    }
    if fold {
        printed += ", fold=1";
    }
    Ok(printed)
}

fn time<'o>(description: &mut Description<'o>, args: Items<'o>) -> Result<Option<String>> {
    let Some([hour, minute, second, micros @ ..]) = bytes::<6>(args)? else { return Ok(None) };
    let rest = rest(description, args, second, micros, hour & 0x80 != 0)?;
    Ok(Some(format!("datetime.time({}, {minute}{rest})", hour & 0x7f)))
}

fn datetime<'o>(description: &mut Description<'o>, args: Items<'o>) -> Result<Option<String>> {
    let Some([high, low, month, day, hour, minute, second, micros @ ..]) = bytes::<10>(args)?
    else {
        return Ok(None);
    };
    let rest = rest(description, args, second, micros, month & 0x80 != 0)?;
    let (year, month) = (year(high, low), month & 0x7f);
    Ok(Some(format!("datetime.datetime({year}, {month}, {day}, {hour}, {minute}{rest})")))
}

fn timedelta(args: Items<'_>) -> Result<Option<String>> {
    let mut printed = Vec::new();
    for (arg, name) in args.iter().zip(["days", "seconds", "microseconds"]) {
        match arg.view()? {
            View::Int(0) => {}
            View::Int(value) => printed.push(format!("{name}={value}")),
            _ => return Ok(None),
        }
    }
    let printed = if printed.is_empty() { "0".into() } else { printed.join(", ") };
    Ok(Some(format!("datetime.timedelta({printed})")))
}

fn timezone<'o>(description: &mut Description<'o>, args: Items<'o>) -> Result<Option<String>> {
    Ok(all(description, args)?.map(|args| match args.as_str() {
        "datetime.timedelta(0)" => "datetime.timezone.utc".into(),
        args => format!("datetime.timezone({args})"),
    }))
}

/// Describes an object by what it would be made of.
pub(crate) fn opaque<'o>(
    description: &mut Description<'o>,
    item: Item<'o>,
    opaque: &Opaque<'o>,
) -> Result<Value> {
    description.within(item, |description| {
        let class = match opaque.class()? {
            Some(class) => Value::from(class.to_string()),
            None => description.of(opaque.callable())?,
        };
        let mut told = json!({"type": "instance"});
        set(&mut told, "class", class);
        set(&mut told, "args", description.all(opaque.args())?);
        if !opaque.kwargs().is_empty() {
            set(&mut told, "kwargs", description.pairs(opaque.kwargs())?);
        }
        if let Some(state) = opaque.state() {
            set(&mut told, "state", description.of(state)?);
        }
        if !opaque.items().is_empty() {
            set(&mut told, "items", description.all(opaque.items())?);
        }
        if !opaque.entries().is_empty() {
            set(&mut told, "entries", description.pairs(opaque.entries())?);
        }
        Ok(told)
    })
}
