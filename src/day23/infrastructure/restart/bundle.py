"""The evidence folder of a validation: what was asked, and the hash of every file."""

import gzip
import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from day23.infrastructure.files import write_atomically

MANIFEST = "manifest.json"


def questions(folder: Path) -> tuple[str, ...]:
    """Return every question of the raw answers once: its path, and the query where it has one."""
    found = set()
    for path in folder.glob("raw/*/*.json.gz"):
        with gzip.open(path, "rb") as answer:
            url = urlsplit(str(json.loads(answer.readline())["question"]))
        query = parse_qs(url.query).get("query", [""])[0]
        found.add(f"{url.path}  {query}".strip())
    return tuple(sorted(found))


def write_manifest(folder: Path, **facts: object) -> Path:
    """Write the SHA-256 of every file of the folder and some facts about the run; the last file written."""
    hashes = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    manifest = folder / MANIFEST
    write_atomically(manifest, json.dumps({**facts, "files": hashes}, indent=1) + "\n")
    return manifest
