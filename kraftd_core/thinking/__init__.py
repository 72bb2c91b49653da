"""The agent, how sure it is, and what its statements rest on."""
