"""How fast Sonica is on one core, and how many bytes a second of music takes."""
