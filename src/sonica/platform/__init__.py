"""Settings, files and errors: what every other part stands on, and nothing of Sonica's own work."""
