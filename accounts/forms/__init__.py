"""Forms of the client dossier: they read what was typed; the services judge it."""
