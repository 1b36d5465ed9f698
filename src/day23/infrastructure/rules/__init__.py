"""Alert and recording rules as files: read with their line numbers, judged by the servers' own tools."""
