"""The gateway on a laptop: records the program and serves what it registered."""
