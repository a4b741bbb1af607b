"""Servers on this machine that speak the providers' real wire protocols, with every fault on demand."""
