"""The sentence encoder's files; see NOTICE for where they come from."""
