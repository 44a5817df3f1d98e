//! Prints the walk-through: `cargo run -p canning-demo --example tour`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    canning_demo::tour::run(&mut std::io::stdout().lock())
}
