"""Dashboards as Grafana's JSON: written with Grafana's own SDK, read back for whoever has no Grafana."""
