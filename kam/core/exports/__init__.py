"""Large exports: lists that a worker writes into a private file."""
