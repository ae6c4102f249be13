"""What becomes of accuracy, time and memory as the catalogue grows: real songs among made ones."""
