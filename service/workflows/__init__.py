"""One use case per file, each one visible transaction: claim, load, ask the core, carry out, commit."""
