"""Pages of the client dossier."""
