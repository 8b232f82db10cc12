"""An app with one job that takes as long as a test wants, for workers in processes of their own."""
