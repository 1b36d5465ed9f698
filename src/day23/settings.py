"""Every environment variable the toolkit reads, once."""

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings from the environment; names are those of the Operations Guide, in capitals.

    Addresses left unset are taken from the running stack's own records, so that the scripts work
    without sourcing `.env.infra`.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    stack_root: Path = Field(default=Path(".day23"), validation_alias=AliasChoices("DAY23_STACK_ROOT"))
    cache_dir: Path = Field(
        default_factory=lambda: Path.home() / ".cache" / "day23",
        validation_alias=AliasChoices("DAY23_CACHE_DIR"),
    )
    docker_host: str = "unix:///var/run/docker.sock"
    trace_id: str | None = Field(
        default=None, pattern="^[0-9a-f]{32}$", validation_alias=AliasChoices("DAY23_TRACE_ID")
    )
    mongodb_url: str | None = None
    test_mongodb_url: str | None = None
    db_name: str = "butler"
    mongo_timeout_ms: int = Field(default=10_000, gt=0)
    llm_url: str | None = None
    llm_model: str | None = None
    llm_api_key: SecretStr | None = None
    prometheus_url: str | None = None
    loki_url: str | None = None
    telegram_preview_url: str = Field(default="https://t.me", pattern="^https?://")
    telegram_preview_seconds: float = Field(default=1.0, ge=0)
    benchmark_dataset_dir: Path = Path("data/benchmarks")
    benchmark_max_concurrency: int = Field(default=4, gt=0)
    beside_api_key: SecretStr | None = None
    judge_url: str | None = None
    judge_model: str | None = None
    judge_api_key: SecretStr | None = None
    benchmark_judge_timeout_seconds: float = Field(default=180.0, gt=0)
    enable_quality_evaluation: bool = True
    enable_async_long_summarization: bool = True
    log_level: str = "INFO"
    metrics_enabled: bool = Field(default=True, validation_alias=AliasChoices("DAY23_METRICS_ENABLED"))
