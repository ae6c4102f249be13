"""What is learned from data: one folder a model, one command each."""
