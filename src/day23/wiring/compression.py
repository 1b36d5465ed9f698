"""Compressing JSONL files, joined for the command line."""

from day23.infrastructure.exports.compressed_jsonl import CompressedFile, compress_file

__all__ = ["CompressedFile", "compress_file"]
