"""Pure rules: services, plans, dataset, quality, telemetry policy, verdicts."""
