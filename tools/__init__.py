"""The commands of the Makefile. Set-up runs on a bare Python, so it imports nothing but the standard library."""
