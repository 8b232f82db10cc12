"""Who gets which answer where: every address × every role × every kind of client."""
