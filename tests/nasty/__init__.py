"""What nobody sends by accident: no address may fail over it."""
