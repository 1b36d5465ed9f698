"""What Prometheus' file discovery is told about a service."""

import json

from day23.domain.resolved_service import ResolvedService
from day23.domain.service_spec import ServiceSpec


def scrape_target(spec: ServiceSpec, service: ResolvedService) -> str | None:
    """Return the text of the service's target file, or None when it has no metrics.

    Source of the format: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
    """
    if spec.metrics is None:
        return None
    labels = {"job": spec.metrics.job, "__metrics_path__": spec.metrics.path}
    if spec.metrics.scrape_interval is not None:
        labels["__scrape_interval__"] = spec.metrics.scrape_interval
    group = {"targets": [service.peers[spec.metrics.port]], "labels": labels}
    return json.dumps([group], indent=1, sort_keys=True) + "\n"
