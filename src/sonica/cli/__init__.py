"""The command `sonica`: one file a command, one for how answers look, one for how failures look."""
