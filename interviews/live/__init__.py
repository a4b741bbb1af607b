"""The live room: the socket over the same services as pages and REST."""
