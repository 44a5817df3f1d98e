//! Singular values of the blocks of a matrix, by NumPy on the engines of a cluster.
//!
//! `CANNING_CLUSTER` names the connection file of a controller; otherwise it is that of IPython's
//! default profile. `cargo xtask python` runs this with a cluster that it starts.
#![expect(clippy::indexing_slicing, reason = "all lengths are known")]

use std::{env, error::Error, sync::Arc, time::Duration};

use canning_ipyparallel::{Call, Client, ConnectionFile, Options};

const ROWS: usize = 1 << 12;
const COLUMNS: usize = 16;
const ENGINES: usize = 4;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = match env::var_os("CANNING_CLUSTER") {
        Some(path) => ConnectionFile::read(path)?,
        None => ConnectionFile::of_profile("default")?,
    };
    let options = Options::default().timeout(Duration::from_secs(120));
    let client = Client::connect(&file, options).await?;
    client.wait_for_engines(ENGINES, Duration::from_secs(120)).await?;
    let engines = client.direct(client.ids().into_iter().take(ENGINES))?;

    // The engines get blocks of the rows, straight from this memory.
    let matrix = Arc::new(matrix());
    let scattered = engines.scatter_arc("block", &matrix);
    scattered.progress(|p| println!("scattered {} of {} blocks", p.done, p.total)).await?;

    // Each computes the singular value decomposition of its block, and keeps it.
    engines
        .execute("import numpy; u, s, vt = numpy.linalg.svd(block, full_matrices=False)")
        .await?;
    let values: Vec<Vec<f64>> = engines.pull("s").await?;
    let right: Vec<Vec<[f64; COLUMNS]>> = engines.pull("vt").await?;

    // One array again, of the blocks of rows of all engines.
    let left: Vec<[f64; COLUMNS]> = engines
        .gather("u")
        .progress(|p| println!("gathered {} of {} blocks", p.done, p.total))
        .await?;
    assert_eq!(left.len(), ROWS);

    // Multiplied, they are the matrix.
    let blocks = left.chunks(ROWS / ENGINES).zip(matrix.chunks(ROWS / ENGINES));
    let mut worst = 0.0_f64;
    for ((left, block), (values, right)) in blocks.zip(values.iter().zip(&right)) {
        assert!(values.is_sorted_by(|a, b| a >= b), "{values:?}");
        for (left, row) in left.iter().zip(block) {
            for (column, expected) in row.iter().enumerate() {
                let terms = left.iter().zip(values).zip(right);
                let found: f64 = terms.map(|((u, s), vt)| u * s * vt[column]).sum();
                worst = worst.max((found - expected).abs());
            }
        }
        println!("singular values from {:.3} to {:.3}", values[0], values[COLUMNS - 1]);
    }
    println!("u s vt is the matrix, but for {worst:e}");
    assert!(worst < 1e-9);

    // The same by a call of the function with an argument: its result is a named tuple.
    let block = &matrix[..ROWS / ENGINES];
    let norm: f64 = client.balanced().apply(Call::new("numpy.linalg.norm").arg(block)).await?;
    let sum: f64 = values[0].iter().map(|s| s * s).sum();
    assert!((norm * norm - sum).abs() < 1e-6 * sum, "{norm} {sum}");

    client.close().await;
    Ok(())
}

/// Some matrix, always the same.
fn matrix() -> Vec<[f64; COLUMNS]> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 24)
    };
    std::iter::repeat_with(|| std::array::from_fn(|_| next())).take(ROWS).collect()
}
