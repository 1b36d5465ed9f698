"""The reviewers' page of the Russian spot check."""
