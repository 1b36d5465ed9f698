"""The Butler sidecar: gauges of the stored dataset, and the receiver of Alertmanager's notifications."""
