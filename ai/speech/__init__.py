"""The local ear: audio to words on this machine, in a process of its own."""
