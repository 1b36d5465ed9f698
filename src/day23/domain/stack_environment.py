"""What `.env.infra` tells people about one stack."""

from dataclasses import dataclass
from pathlib import Path

ADMINISTRATOR = "admin"
"""The MongoDB user of the Operations Guide's commands."""


@dataclass(frozen=True, slots=True)
class StackEnvironment:
    """Where the stack of a checkout is to be found.

    Attributes:
        mongodb: `host:port`, as are `llm_api` and `prometheus`.
        llm_model: The model that the LLM API serves.
        database: Database of the dataset.
        dataset_dir: Folder of exports.
        repository: The checkout; folders below it are given relative to it, where commands are run.
    """

    mongodb: str
    llm_api: str
    prometheus: str
    llm_model: str
    database: str
    dataset_dir: Path
    repository: Path

    def variables(self, mongodb_password: str, grafana_password: str) -> dict[str, str]:
        """Return the variables in the order in which the file lists them."""
        url = f"mongodb://{ADMINISTRATOR}:{mongodb_password}@{self.mongodb}/{self.database}?authSource=admin"
        return {
            "MONGO_USER": ADMINISTRATOR,
            "MONGO_PASSWORD": mongodb_password,
            "GRAFANA_PASSWORD": grafana_password,
            "MONGODB_URL": url,
            "TEST_MONGODB_URL": url,
            "LLM_URL": f"http://{self.llm_api}",
            "LLM_MODEL": self.llm_model,
            "PROMETHEUS_URL": f"http://{self.prometheus}",
            "BENCHMARK_DATASET_DIR": str(self._dataset_dir()),
        }

    def _dataset_dir(self) -> Path:
        if self.dataset_dir.is_relative_to(self.repository):
            return self.dataset_dir.relative_to(self.repository)
        return self.dataset_dir
