"""The MCP server: what a benchmark engineer asks an assistant about the stack, as tools."""
