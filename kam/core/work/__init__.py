"""Long work: a worker does it, a page shows how far it is, and a message tells when it has ended."""
