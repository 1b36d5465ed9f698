"""MongoDB's failures in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from day23.domain.errors import ToolkitError


@contextmanager
def told_plainly(collection: str) -> Iterator[None]:
    """Turn errors of the driver into errors that people read; `collection` says where."""
    try:
        yield
    except BulkWriteError as error:
        reasons = error.details["writeErrors"] + error.details["writeConcernErrors"]
        raise ToolkitError(
            f"MongoDB refused a document: {reasons[0].get('errmsg', 'no reason given'):.200}",
            where=collection,
        ) from None
    except OperationFailure as error:
        reason = (error.details or {}).get("errmsg", "no reason given")
        raise ToolkitError(f"MongoDB refused the operation: {reason:.200}", where=collection) from None
    except PyMongoError as error:
        raise ToolkitError(
            "MongoDB does not answer", where=str(error).split(",")[0][:120], next_step="invoke day23.up"
        ) from None
