"""A turn, from an answer to the next question: stored, claimed, run, stored again, and caught up on."""
