"""The name of a registry image, taken apart."""

from dataclasses import dataclass

from day23.domain.errors import ToolkitError

_DOCKER_HUB = "docker.io"
_DOCKER_HUB_API = "registry-1.docker.io"
_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class ImageName:
    """Where a registry keeps an image.

    Attributes:
        registry: Host, with its port where it has one, that answers the registry API.
        repository: Path inside the registry.
        tag: What the registry may move to another image at any time.
    """

    registry: str
    repository: str
    tag: str

    @property
    def manifest_url(self) -> str:
        """Address of the image's manifest; loopback registries speak plain HTTP, as Docker has it."""
        scheme = "http" if self.registry.partition(":")[0] in _LOOPBACK else "https"
        return f"{scheme}://{self.registry}/v2/{self.repository}/manifests/{self.tag}"


def image_name(text: str) -> ImageName:
    """Return the parts of a name that names its registry and tag.

    Raises:
        ToolkitError: It lacks one of them.

    Example:
        >>> image_name("docker.io/library/mongo:6.0.27")
        ImageName(registry='registry-1.docker.io', repository='library/mongo', tag='6.0.27')
    """
    registry, _, rest = text.partition("/")
    repository, _, tag = rest.partition(":")
    if not ("." in registry or ":" in registry or registry == "localhost") or not repository or not tag:
        raise ToolkitError(
            f"{text!r} is not registry/repository:tag",
            where="config/images.lock.yml",
            next_step="name registry and tag, such as docker.io/library/mongo:6.0.27",
        )
    return ImageName(_DOCKER_HUB_API if registry == _DOCKER_HUB else registry, repository, tag)
