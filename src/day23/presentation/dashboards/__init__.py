"""Dashboards as pictures and one page, for hosts where no Grafana runs."""
