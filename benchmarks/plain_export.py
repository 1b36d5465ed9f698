"""The exporter everybody writes first: `find()` and `json_util.dumps`, no validation, no checksum."""

import sys
from pathlib import Path

from bson.json_util import RELAXED_JSON_OPTIONS, dumps
from pymongo import MongoClient


def main(url: str, database: str, output: str) -> None:
    """Write every digest, newest first, as one line of relaxed Extended JSON."""
    options = {"json_options": RELAXED_JSON_OPTIONS, "ensure_ascii": False, "separators": (",", ":")}
    with MongoClient(url, tz_aware=True) as client, Path(output).open("w", encoding="utf-8") as stream:
        for document in client[database].digests.find(sort=[("created_at", -1), ("_id", 1)]):
            stream.write(dumps(document, **options))
            stream.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
