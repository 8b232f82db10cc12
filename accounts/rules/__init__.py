"""Rules of the client dossier: plain values in and out."""
